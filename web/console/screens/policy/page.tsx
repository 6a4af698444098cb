import { child, nameOf } from "@atelier/arm";
import { one } from "@atelier/data";
import { useAddress, type PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Failed, Loading, PageFrame, problemOf } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { Place } from "../../shell/place.ts";
import { Document } from "./document.tsx";
import { Effective } from "./effective.tsx";
import { Scopes } from "./scopes.tsx";

/** Page shows the policies that act on one scope: its own to be edited, those above it a tab away, and for an operation what they come to. */
export function Page({ place }: PageProps<Place>) {
  const { query } = useAddress();
  const scope = nameOf(place.id);
  const effective = place.kind === "operations" && query.get("tab") === "effective";
  const words = effective
    ? {
        title: say(msg("policy.effective", "Effective policy")),
        lead: say(msg("policy.effective.lead", "All that runs for a call of {scope}, in its order, and where it comes from."), { scope }),
      }
    : {
        title: say(msg("screen.policy", "Policy")),
        lead: say(msg("policy.lead", "Runs for every call in {scope}. <base /> runs what the scopes above it say."), { scope }),
      };
  return (
    <PageFrame title={words.title} within={scope} lead={words.lead}>
      <Scopes place={place} effective={effective} />
      {effective ? <Effective operation={place.id} /> : <Own place={place} line={Number(query.get("line")) || 0} />}
    </PageFrame>
  );
}

function Own({ place, line }: { place: Place; line: number }) {
  const id = child(place.id, "policies", "policy");
  const policy = useQuery(one("policies", id, { format: "rawxml" }));
  // A scope without a policy is a scope whose policy has not been written yet.
  const absent = policy.data === undefined && problemOf(policy.error).status === 404;
  if (policy.data || absent) return <Document id={id} saved={policy.data} line={line} reload={() => policy.refetch()} />;
  if (policy.error) return <Failed error={policy.error} retry={() => void policy.refetch()} />;
  return <Loading like="page" />;
}
