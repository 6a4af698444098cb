import type { Principal } from "../../shell/principals.ts";
import type { Companion } from "./companion.ts";

/** Assignment is one role assignment to be made: its id and body. */
export type Assignment = { readonly id: string; readonly body: unknown };

/** assignments are what giving a role to members amounts to; with a companion, two for each member. */
export function assignments(
  scope: string,
  roleId: string,
  members: readonly Principal[],
  companion: Companion | undefined,
  name: () => string,
): Assignment[] {
  return members.flatMap((member) => {
    const main = assignment(scope, roleId, member, name());
    if (!companion) return [main];
    const role = `/providers/Microsoft.Authorization/roleDefinitions/${companion.role}`;
    return [main, assignment(companion.service, role, member, name())];
  });
}

function assignment(scope: string, roleDefinitionId: string, member: Principal, name: string): Assignment {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    body: { properties: { roleDefinitionId, principalId: member.id, principalType: member.kind } },
  };
}
