import { expect, test } from "vitest";
import { hrefOf, placeOf } from "./place.ts";

const service = "/subscriptions/s/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso";
const workspace = `${service}/workspaces/payments`;

test.each([
  ["/", { id: "", kind: "home", view: "" }],
  [service, { id: service, kind: "services", view: "workspaces" }],
  [`${service}/workspaces`, { id: service, kind: "services", view: "workspaces" }],
  [workspace, { id: workspace, kind: "workspaces", view: "overview" }],
  [`${workspace}/iam`, { id: workspace, kind: "workspaces", view: "iam" }],
  [`${workspace}/apis/orders%3Brev%3D2`, { id: `${workspace}/apis/orders;rev=2`, kind: "apis", view: "design" }],
  [`${workspace}/apis/orders/operations/get/policy`, { id: `${workspace}/apis/orders/operations/get`, kind: "operations", view: "policy" }],
  ["/nowhere", undefined],
  ["/subscriptions/s/resourceGroups/g/providers/Other/thing/x", undefined],
])("the address %s names its place", (path, want) => expect(placeOf(path)).toEqual(want));

test("an address leads back to the resource it was made from", () => {
  const api = `${workspace}/apis/orders;rev=2`;
  expect(placeOf(hrefOf(api, "policy").slice("/console".length))).toEqual({ id: api, kind: "apis", view: "policy" });
});
