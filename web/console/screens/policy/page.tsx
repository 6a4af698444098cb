import { child, nameOf } from "@atelier/arm";
import { one } from "@atelier/data";
import type { PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Failed, Loading, PageFrame, problemOf } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { Place } from "../../shell/place.ts";
import { Document } from "./document.tsx";
import { Scopes } from "./scopes.tsx";

/** Page edits the policy of one scope; the scopes above it are a tab away. */
export function Page({ place }: PageProps<Place>) {
  const id = child(place.id, "policies", "policy");
  const policy = useQuery(one("policies", id, { format: "rawxml" }));
  // A scope without a policy is a scope whose policy has not been written yet.
  const absent = policy.data === undefined && problemOf(policy.error).status === 404;
  return (
    <PageFrame
      title={say(msg("screen.policy", "Policy"))}
      within={nameOf(place.id)}
      lead={say(msg("policy.lead", "Runs for every call in {scope}. <base /> runs what the scopes above it say."), { scope: nameOf(place.id) })}
    >
      <Scopes place={place} />
      {policy.data || absent ? (
        <Document id={id} saved={policy.data} reload={() => policy.refetch()} />
      ) : policy.error ? (
        <Failed error={policy.error} retry={() => void policy.refetch()} />
      ) : (
        <Loading like="page" />
      )}
    </PageFrame>
  );
}
