import { nameOf } from "@atelier/arm";
import { useCan, useWrite } from "@atelier/data";
import type { RoleDefinition } from "@atelier/kinds";
import { useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Actions, Button, CheckList, Facts, Notice, problemOf, Stack } from "@atelier/ui";
import { useState, type ReactNode } from "react";
import { hrefOf } from "../../shell/place.ts";
import type { Principal } from "../../shell/principals.ts";
import { assignments, type Assignment } from "./assign.ts";
import { companionOf } from "./companion.ts";

const write = "Microsoft.Authorization/roleAssignments/write";

/** Review says in words what will be so, and makes it so. */
export function Review(props: { scope: string; role: RoleDefinition; members: readonly Principal[]; leave: ReactNode }) {
  const { scope, role, members, leave } = props;
  const { put, busy, error } = useWrite();
  const { go } = useAddress();
  const companion = companionOf(role.id, scope);
  const mayCompanion = useCan(companion?.service)(write) === true;
  const [withCompanion, setWithCompanion] = useState(true);
  const [planned] = useState(() => new Map<string, readonly Assignment[]>());
  const [done, setDone] = useState<readonly string[]>([]);

  // The same names are used again when a try is repeated, so that what was assigned is not assigned twice.
  async function assign(): Promise<void> {
    const use = companion && mayCompanion && withCompanion ? companion : undefined;
    const key = String(use !== undefined);
    const all = planned.get(key) ?? assignments(scope, role.id, members, use, () => crypto.randomUUID());
    planned.set(key, all);
    for (const { id, body } of all.filter((each) => !done.includes(each.id))) {
      await put("roleAssignments", id, body);
      setDone((before) => [...before, id]);
    }
    go(hrefOf(scope, "iam"));
  }
  return (
    <Stack>
      <Facts
        of={[
          [say(msg("assign.role", "Role")), role.properties.roleName],
          [say(msg("assign.members", "Members")), members.map((member) => member.name).join(", ")],
          [say(msg("assign.scope", "Scope")), nameOf(scope)],
        ]}
      />
      {companion && (
        <CompanionChoice service={companion.service} may={mayCompanion} on={withCompanion} change={setWithCompanion} />
      )}
      {error !== null && !busy && (
        <Notice tone="error" title={say(msg("assign.failed", "Could not assign the role"))}>
          {problemOf(error).message}
        </Notice>
      )}
      <Actions>
        <Button primary onClick={() => void assign().catch(() => undefined)} whyNot={busy ? say(msg("assign.busy", "Assigning")) : undefined}>
          {say(msg("assign.do", "Assign role"))}
        </Button>
        {!busy && leave}
      </Actions>
    </Stack>
  );
}

function CompanionChoice(props: { service: string; may: boolean; on: boolean; change: (on: boolean) => void }) {
  if (!props.may) {
    return (
      <Notice tone="info">
        {say(
          msg("assign.companion.not", "To use what {service} shares, this role needs its companion there, which an owner of {service} can assign."),
          { service: nameOf(props.service) },
        )}
      </Notice>
    );
  }
  return (
    <CheckList
      label={say(msg("assign.companion", "Companion role"))}
      chosen={props.on ? ["companion"] : []}
      onChange={(chosen) => props.change(chosen.length > 0)}
      options={[
        {
          value: "companion",
          label: say(msg("assign.companion.label", "Also assign the companion role at {service}"), { service: nameOf(props.service) }),
          about: say(msg("assign.companion.about", "Without it, tags and products that the service shares cannot be used.")),
        },
      ]}
    />
  );
}
