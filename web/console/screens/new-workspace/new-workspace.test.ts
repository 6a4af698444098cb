import { expect, test } from "vitest";
import { nameFrom } from "../../shell/resource-name.ts";
import { emptyDraft, faultsIn, type Draft } from "./draft.ts";
import { plan } from "./plan.ts";

const group = "/subscriptions/s/resourceGroups/contoso";
const service = `${group}/providers/Microsoft.ApiManagement/service/contoso`;
const payments: Draft = { ...emptyDraft, displayName: "Payments", name: "payments" };

test.each([
  ["Payments", "payments"],
  ["  Zahlungen & Belege ", "zahlungen-belege"],
  ["Überweisung №1", "uberweisung-no1"],
  ["---", ""],
  ["a".repeat(100), "a".repeat(80)],
])("the title %j suggests the name %j", (title, want) => expect(nameFrom(title)).toBe(want));

test.each([
  ["a complete draft", payments, []],
  ["an empty draft", emptyDraft, ["displayName", "name"]],
  ["a name that is taken, whatever its case", { ...payments, name: "Catalog" }, ["name"]],
  ["a name with a space", { ...payments, name: "my team" }, ["name"]],
  ["a name that is too long", { ...payments, name: "a".repeat(81) }, ["name"]],
  ["a new gateway without a name", { ...payments, gateway: "new" as const }, ["gatewayName"]],
  ["a new gateway with a digit first", { ...payments, gateway: "new" as const, gatewayName: "1edge" }, ["gatewayName"]],
  ["an existing gateway that was not chosen", { ...payments, gateway: "existing" as const }, ["gatewayId"]],
])("%s", (_, draft, want) => {
  const faults = faultsIn(draft, ["catalog"], ["edge"]);
  expect(Object.entries(faults).flatMap(([field, fault]) => (fault ? [field] : []))).toEqual(want);
});

test("the managed gateway needs nothing but the workspace", () =>
  expect(plan(payments, service, group, "west").map((task) => task.kind)).toEqual(["workspaces"]));

test("a new gateway is made in the service's resource group, then connected to the workspace", () => {
  const tasks = plan({ ...payments, gateway: "new", gatewayName: "edge-1" }, service, group, "west");
  expect(tasks.map((task) => task.id)).toEqual([
    `${service}/workspaces/payments`,
    `${group}/providers/Microsoft.ApiManagement/gateways/edge-1`,
    `${group}/providers/Microsoft.ApiManagement/gateways/edge-1/configConnections/to-payments`,
  ]);
  expect(tasks[2]?.body).toEqual({ properties: { sourceId: `${service}/workspaces/payments` } });
});

test("a long workspace name gives a connection name within its limit", () => {
  const tasks = plan({ ...payments, name: "a".repeat(80), gateway: "existing", gatewayId: "/g" }, service, group, "west");
  expect(tasks[1]?.id.split("/").at(-1)).toHaveLength(30);
});
