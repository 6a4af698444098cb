import { directory } from "@atelier/data";
import type { DirectoryEntry } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { useQueries } from "@tanstack/react-query";

/** PrincipalKind is what a principal is, in the words of role assignments. */
export type PrincipalKind = "User" | "Group" | "ServicePrincipal";

/** Principal is someone or something to whom a role can be given. */
export type Principal = { readonly id: string; readonly kind: PrincipalKind; readonly name: string; readonly about: string };

const kinds = [
  ["users", "User"],
  ["groups", "Group"],
  ["servicePrincipals", "ServicePrincipal"],
] as const;

/** usePrincipals is everyone in the directory, in a list and by object id; what could not be read is left out. */
export function usePrincipals() {
  return useQueries({
    queries: kinds.map(([of]) => directory(of)),
    combine: (answers) => {
      const all = answers.flatMap((answer, i) => (answer.data ?? []).map((entry) => principal(entry, kinds[i]?.[1] ?? "User")));
      return {
        all,
        byId: new Map(all.map((each) => [each.id, each])),
        loading: answers.some((answer) => answer.isLoading),
        error: answers.find((answer) => answer.error)?.error ?? null,
      };
    },
  });
}

const words = {
  User: msg("principal.user", "User"),
  Group: msg("principal.group", "Group"),
  ServicePrincipal: msg("principal.program", "Program"),
};

/** wordFor is the kind of a principal in the reader's language. */
export function wordFor(kind: string): string {
  return kind in words ? say(words[kind as PrincipalKind]) : kind;
}

function principal(entry: DirectoryEntry, kind: PrincipalKind): Principal {
  return { id: entry.id, kind, name: entry.displayName, about: entry.userPrincipalName ?? entry.appId ?? "" };
}
