import { useCan } from "@atelier/data";
import type { Gateway } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { Choice, Field, SelectField, Stack } from "@atelier/ui";
import { whyNot } from "../../shell/why-not.ts";
import type { Draft, Faults } from "./draft.ts";

/** GatewayChoice asks through which gateway the workspace's APIs are called. */
export function GatewayChoice(props: {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  faults: Faults;
  gateways: readonly Gateway[];
  group: string;
}) {
  const { draft, change, faults, gateways } = props;
  const may = useCan(props.group);
  const noneYet = gateways.length === 0 ? say(msg("new-workspace.existing.none", "There is no workspace gateway yet")) : undefined;
  return (
    <Stack>
      <Choice
        label={say(msg("new-workspace.gateway.label", "Calls go through"))}
        value={draft.gateway}
        onChange={(gateway) => change({ gateway: gateway as Draft["gateway"] })}
        options={[
          {
            value: "managed",
            label: say(msg("new-workspace.managed", "The service's managed gateway")),
            about: say(msg("new-workspace.managed.about", "Shared with the other workspaces. Ready at once.")),
          },
          {
            value: "new",
            label: say(msg("new-workspace.new", "A new workspace gateway")),
            about: say(msg("new-workspace.new.about", "Its own host name and capacity. Ready within seconds.")),
            whyNot: whyNot(may, "Microsoft.ApiManagement/gateways/write"),
          },
          {
            value: "existing",
            label: say(msg("new-workspace.existing", "An existing workspace gateway")),
            about: say(msg("new-workspace.existing.about", "Shared with the workspaces that are connected to it.")),
            whyNot: noneYet,
          },
        ]}
      />
      {draft.gateway === "new" && (
        <Field
          label={say(msg("new-workspace.gateway.name", "Gateway name"))}
          hint={say(msg("new-workspace.gateway.name.hint", "The host name starts with it. It cannot be changed later."))}
          value={draft.gatewayName}
          fault={faults.gatewayName}
          onChange={(gatewayName) => change({ gatewayName })}
        />
      )}
      {draft.gateway === "existing" && (
        <SelectField
          label={say(msg("new-workspace.gateway.pick", "Gateway"))}
          value={draft.gatewayId}
          fault={faults.gatewayId}
          onChange={(gatewayId) => change({ gatewayId })}
          options={[["", say(msg("new-workspace.gateway.choose", "Choose"))], ...gateways.map((gateway) => [gateway.id, gateway.name] as const)]}
        />
      )}
    </Stack>
  );
}
