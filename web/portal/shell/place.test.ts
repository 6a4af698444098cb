import { expect, test } from "vitest";
import { hrefOf, placeOf } from "./place.ts";

test.each([
  ["/", { page: "apis", id: "" }],
  ["/apis", { page: "apis", id: "" }],
  ["/apis/orders", { page: "api", id: "orders" }],
  ["/products/", { page: "products", id: "" }],
  ["/products/gold", { page: "product", id: "gold" }],
  ["/subscriptions", { page: "subscriptions", id: "" }],
  ["/sign-in", { page: "sign-in", id: "" }],
  ["/apis/a/b/c", { page: "absent", id: "" }],
  ["/elsewhere", { page: "absent", id: "" }],
])("the address %s names its place", (path, want) => expect(placeOf(path)).toEqual(want));

test("an id with a slash survives its address", () =>
  expect(placeOf(hrefOf("apis", "a/b c"))).toEqual({ page: "api", id: "a/b c" }));
