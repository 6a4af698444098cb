import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, seen, signIn } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => {
  [at, browser] = await Promise.all([install(), launch()]);
  await put(`${workspace()}/policyFragments/audit`, { format: "rawxml", value: '<fragment>\n  <set-header name="X-Audit" exists-action="override"><value>on</value></set-header>\n</fragment>' });
  await put(`${operation()}/policies/policy`, { format: "rawxml", value: '<policies>\n<inbound>\n<base />\n<include-fragment fragment-id="audit" />\n</inbound>\n</policies>' });
  await put(`${workspace()}/products/gold`, { displayName: "Gold" });
  await put(`${workspace()}/products/gold/policies/policy`, { format: "rawxml", value: '<policies>\n<inbound>\n<base />\n<rate-limit calls="5" renewal-period="60" />\n</inbound>\n</policies>' });
});
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

const workspace = () => `${at.service}/workspaces/payments`;
const operation = () => `${workspace()}/apis/payments/operations/create-payment`;

async function put(id: string, properties: object): Promise<void> {
  const answer = await at.rest("PUT", `${id}?api-version=2024-05-01`, { properties });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
}

test("what runs for an operation is shown with where it comes from; what may not be read is shown as such", async () => {
  const { page, look, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${operation()}`);
  await signIn(page, at.sample.payments.person);
  await page.getByRole("link", { name: "Effective policy" }).click();
  await heading(page, "Effective policy");
  const inbound = page.getByRole("region", { name: /^Inbound/ });
  await inbound.getByText("Service: a policy runs here that you may not read.").waitFor();
  await inbound.getByText("Fragment audit, line 2").waitFor();
  expect(await inbound.getByRole("listitem").allTextContents()).toEqual([
    expect.stringContaining("you may not read"),
    expect.stringContaining("Workspacepayments, line 4"),
    expect.stringContaining("APIpayments, line 4"),
    expect.stringContaining("Operationcreate-payment"),
  ]);
  await page.getByRole("region", { name: /^On error/ }).getByText("Nothing runs here.").waitFor();
  await look("effective-policy");

  await page.getByLabel("Called through product").selectOption({ label: "Gold" });
  await inbound.getByRole("link", { name: "gold, line 4" }).waitFor();
  await look("effective-policy-product");
  await page.reload();
  await inbound.getByRole("link", { name: "gold, line 4" }).click();
  await heading(page, "Policy");
  await seen(page, "Saved, in force");
  const line = () => page.getByRole("textbox", { name: "Policy document" }).locator(".cm-activeLine").textContent();
  await expect.poll(line).toContain("rate-limit");
  await close();
});

test("whoever may read every scope sees every line, in the dark as well and in a narrow window", async () => {
  const { page, look, close } = await sit(browser, at.management, "dark");
  await page.goto(`${at.management}/console${operation()}/policy?tab=effective`);
  await signIn(page, at.admin);
  await heading(page, "Effective policy");
  await seen(page, "contoso, line 4");
  expect(await page.getByText("you may not read").count()).toBe(0);
  await look("effective-policy-all");
  await page.setViewportSize({ width: 320, height: 900 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await look("effective-policy-narrow");
  await close();
});
