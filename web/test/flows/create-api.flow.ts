import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, rows, seen, signIn } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

const orders = JSON.stringify({
  openapi: "3.0.1",
  info: { title: "Orders", version: "1" },
  servers: [{ url: "https://orders.example" }],
  paths: { "/orders": { get: { operationId: "list-orders", summary: "List orders", responses: { 200: { description: "OK" } } } } },
});

test("an API is made from the text of a document, once what the server refused at its fields is right", async () => {
  const { page, look, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/workspaces/payments`);
  await signIn(page, at.sample.payments.person);
  await page.getByRole("link", { name: "Create API" }).click();
  await heading(page, "Create API");
  await look("new-api");
  await page.getByRole("button", { name: "Create API" }).click();
  await seen(page, "Use letters, digits and hyphens");
  await seen(page, "Give the address of the document");

  await page.getByRole("radio", { name: /As text/ }).check();
  await page.getByLabel("Text of the document").fill("openapi: [");
  await page.getByLabel("Name", { exact: true }).fill("orders");
  await page.getByLabel("URL suffix").fill("payments");
  await page.getByRole("button", { name: "Create API" }).click();
  await page.getByRole("alert").first().waitFor();
  const fault = page.getByLabel("Text of the document");
  expect(await fault.getAttribute("aria-invalid")).toBe("true");
  await expect.poll(() => fault.evaluate((field) => field === document.activeElement)).toBe(true);
  await look("new-api-refused");

  await fault.fill(orders);
  await page.getByRole("button", { name: "Create API" }).click();
  await seen(page, /has the path 'payments'/);
  expect(await page.getByLabel("URL suffix").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("URL suffix").fill("orders");
  await page.getByRole("button", { name: "Create API" }).click();
  await heading(page, "Orders");
  expect(await rows(page, "Operations")).toEqual(["List orders | GET | /orders"]);
  await page.getByRole("definition").filter({ hasText: /^HTTP$/ }).waitFor();
  await close();
});

test("a GraphQL API shows the schema that it was made from, and the list tells the types apart", async () => {
  const { page, look, close } = await sit(browser, at.management, "dark");
  await page.goto(`${at.management}/console${at.service}/workspaces/payments/new-api`);
  await signIn(page, at.sample.payments.person);
  await heading(page, "Create API");
  await page.getByLabel("Based on").selectOption({ label: "GraphQL schema" });
  await seen(page, "Type GraphQL.");
  await page.getByRole("radio", { name: /As text/ }).check();
  await page.getByLabel("Text of the document").fill("type Query { order(id: ID!): Orderr }");
  await page.getByLabel("Display name").fill("Order graph");
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("order-graph");
  await look("new-api-graphql");
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await look("new-api-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Create API" }).click();
  await page.getByRole("alert").filter({ hasText: "Orderr" }).waitFor();
  expect(await page.getByLabel("Text of the document").getAttribute("aria-invalid")).toBe("true");
  await page.getByLabel("Text of the document").fill("type Query { order(id: ID!): Order }\ntype Order { id: ID! }");
  await page.getByRole("button", { name: "Create API" }).click();
  await heading(page, "Order graph");
  await seen(page, "type Order { id: ID! }");
  await look("graphql-api");

  await page.goto(`${at.management}/console${at.service}/workspaces/payments/new-api`);
  await page.getByLabel("Based on").selectOption({ label: "WebSocket backend" });
  await page.getByLabel("Display name").fill("Ticks");
  await page.getByLabel("Web service URL").fill("https://ticks.example");
  await page.getByRole("button", { name: "Create API" }).click();
  await seen(page, /begins with ws:\/\/ or wss:\/\//);
  await page.getByLabel("Web service URL").fill("wss://ticks.example");
  await page.getByRole("button", { name: "Create API" }).click();
  await heading(page, "Ticks");
  await page.goto(`${at.management}/console${at.service}/workspaces/payments`);
  expect(await rows(page, "APIs")).toEqual(expect.arrayContaining(["Order graph | /order-graph | GraphQL", "Ticks | /ticks | WebSocket"]));
  await look("workspace-types");
  await close();
});

test("who may not write APIs is told which action is missing", async () => {
  const { page, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/workspaces/catalog/new-api`);
  await signIn(page, at.sample.payments.person);
  await seen(page, /Needs Microsoft\.ApiManagement\/service\/workspaces\/apis\/write/);
  await close();
});
