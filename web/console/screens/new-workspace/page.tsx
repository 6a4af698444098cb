import { nameOf } from "@atelier/arm";
import { list, one, useCan } from "@atelier/data";
import type { PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { PageFrame, Stack, Wizard } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { groupOf } from "../../shell/group.ts";
import { hrefOf, type Place } from "../../shell/place.ts";
import { Basics } from "./basics.tsx";
import { emptyDraft, faultsIn, hasFault, type Draft } from "./draft.ts";
import { GatewayChoice } from "./gateway-choice.tsx";
import { plan } from "./plan.ts";
import { Review } from "./review.tsx";

const basics = ["displayName", "name", "description"] as const;
const gatewayFields = ["gateway", "gatewayName", "gatewayId"] as const;

/** Page is the wizard that makes a workspace and, when asked, its gateway. */
export function Page({ place }: PageProps<Place>) {
  const group = groupOf(place.id);
  const may = useCan(place.id);
  const service = useQuery({ ...one("services", place.id), enabled: may("Microsoft.ApiManagement/service/read") === true });
  const workspaces = useQuery(list("workspaces", place.id));
  const gateways = useQuery(list("gateways", group));
  const [draft, setDraft] = useState<Draft>(emptyDraft);

  const faults = faultsIn(draft, namesOf(workspaces.data), namesOf(gateways.data));
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const tasks = plan(draft, place.id, group, service.data?.location ?? "local");
  return (
    <PageFrame title={say(msg("screen.new-workspace", "Create workspace"))} within={nameOf(place.id)}>
      <Stack form>
        <Wizard
          label={say(msg("new-workspace.steps", "Steps"))}
          cancel={hrefOf(place.id, "workspaces")}
          steps={[
            {
              title: say(msg("new-workspace.basics", "Basics")),
              blocked: hasFault(faults, basics),
              show: (tried) => <Basics draft={draft} change={change} faults={tried ? faults : {}} />,
            },
            {
              title: say(msg("new-workspace.gateway", "Gateway")),
              blocked: hasFault(faults, gatewayFields),
              show: (tried) => (
                <GatewayChoice draft={draft} change={change} faults={tried ? faults : {}} gateways={gateways.data ?? []} group={group} />
              ),
            },
            {
              title: say(msg("new-workspace.review", "Review + create")),
              blocked: false,
              show: (_, leave) => <Review leave={leave} key={JSON.stringify(tasks)} draft={draft} tasks={tasks} gateways={gateways.data ?? []} />,
            },
          ]}
        />
      </Stack>
    </PageFrame>
  );
}

function namesOf(rows: readonly { readonly name: string }[] | undefined): string[] {
  return (rows ?? []).map((row) => row.name);
}
