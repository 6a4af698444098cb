import { expect, test } from "vitest";
import { assignments } from "./assign.ts";
import { companionOf } from "./companion.ts";

const service = "/subscriptions/s/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso";
const workspace = `${service}/workspaces/payments`;
const developer = "/providers/Microsoft.Authorization/roleDefinitions/56328988-075d-4c6a-8766-d93edd6725b6";
const owner = "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const maria = { id: "m", kind: "User", name: "Maria", about: "" } as const;
const team = { id: "t", kind: "Group", name: "payments-team", about: "" } as const;

test.each([
  ["the developer role at a workspace has a companion at its service", developer, workspace, service],
  ["at the service it has none", developer, service, undefined],
  ["at an API it has none", developer, `${workspace}/apis/orders`, undefined],
  ["Owner has none", owner, workspace, undefined],
])("%s", (_, role, scope, want) => expect(companionOf(role, scope)?.service).toBe(want));

test("each member gets the role, and its companion when there is one", () => {
  let count = 0;
  const made = assignments(workspace, developer, [maria, team], companionOf(developer, workspace), () => `n${++count}`);
  expect(made.map((each) => each.id.replace("/providers/Microsoft.Authorization/roleAssignments/", " "))).toEqual([
    `${workspace} n1`,
    `${service} n2`,
    `${workspace} n3`,
    `${service} n4`,
  ]);
  expect(made[2]?.body).toEqual({ properties: { roleDefinitionId: developer, principalId: "t", principalType: "Group" } });
});
