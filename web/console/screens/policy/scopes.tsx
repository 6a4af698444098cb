import { nameOf, parentOf, typeOf } from "@atelier/arm";
import { useCan } from "@atelier/data";
import { msg, say } from "@atelier/strings";
import { Tabs, type Tab } from "@atelier/ui";
import { hrefOf, type Place } from "../../shell/place.ts";
import { whyNot } from "../../shell/why-not.ts";

const words: Record<string, string> = {
  service: say(msg("policy.scope.service", "Service")),
  workspaces: say(msg("policy.scope.workspace", "Workspace")),
  apis: say(msg("policy.scope.api", "API")),
  operations: say(msg("policy.scope.operation", "Operation")),
  products: say(msg("policy.scope.product", "Product")),
};

/** Scopes leads to the policies that act on the same call, outermost first, and to what they come to; what may not be read is locked. */
export function Scopes({ place, effective }: { place: Place; effective: boolean }) {
  const scopes = chain(place.id);
  // At most four scopes lie above each other: service, workspace, API, operation. Unused places ask nothing.
  const may = [useCan(scopes[0]), useCan(scopes[1]), useCan(scopes[2]), useCan(scopes[3])];
  const tabs = scopes.map((scope, i): Tab => {
    const reason = may[i] && whyNot(may[i], `${typeOf(scope)}/policies/read`);
    const kind = words[typeOf(scope).split("/").at(-1) ?? ""] ?? "";
    return {
      label: say(msg("policy.scope", "{kind} {name}"), { kind, name: nameOf(scope) }),
      current: scope === place.id && !effective,
      ...(reason ? { whyNot: reason } : { href: hrefOf(scope, "policy") }),
    };
  });
  if (place.kind === "operations") {
    tabs.push({ label: say(msg("policy.effective", "Effective policy")), current: effective, href: `${hrefOf(place.id, "policy")}?tab=effective` });
  }
  return <Tabs label={say(msg("policy.scopes", "Scopes"))} tabs={tabs} />;
}

function chain(id: string): string[] {
  const above = parentOf(id);
  return above ? [...chain(above), id] : [id];
}
