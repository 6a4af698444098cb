import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, seen, signIn, typePolicy } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

const begun = "<policies>\n    <inbound>\n        <base />\n        ";
const ended = "\n    </inbound>\n    <backend><base /></backend>\n    <outbound><base /></outbound>\n    <on-error><base /></on-error>\n</policies>";

test.each(["light", "dark"] as const)("the engine suggests what may be written, explains it, and finds what is wrong, by keyboard alone, in %s", async (scheme) => {
  const { page, look, close } = await sit(browser, at.management, scheme);
  await page.goto(`${at.management}/console${at.service}/workspaces/payments/apis/payments/policy`);
  await signIn(page, at.sample.payments.person);
  await heading(page, "Policy");
  const editor = page.getByRole("textbox", { name: "Policy document" });

  await typePolicy(page, begun);
  await page.keyboard.type("<set-h");
  await page.getByRole("option", { name: /^set-header/ }).waitFor();
  await look("policy-suggestions");
  await page.keyboard.press("Enter");
  await page.keyboard.type(" ex");
  await page.getByRole("option", { name: /^exists-action/ }).waitFor();
  await look("policy-attributes");
  await page.keyboard.press("Enter");
  // An attribute goes on with the values that it takes.
  await page.getByRole("option", { name: /^override/ }).waitFor();
  expect(await page.getByRole("option").allTextContents()).toEqual(expect.arrayContaining([expect.stringMatching(/^append/)]));
  await look("policy-values");
  await page.keyboard.press("Escape");
  await page.keyboard.type("skip");
  await page.keyboard.press("End");
  await page.keyboard.type("><value>@(context.Requ");
  await page.getByRole("option", { name: /^Request/ }).first().waitFor();
  await look("policy-members");
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.keyboard.type("e");
  await page.getByRole("option", { name: /^RequestId|^Request/ }).first().waitFor();
  await look("policy-members-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+i");
  await seen(page, /nothing to explain/i);
  await typePolicy(page, `${begun}<set-header exists-action="skip"><value>1</value></set-header>${ended}`);
  const findings = page.getByRole("region", { name: /^Findings/ });
  await findings.getByText("The required attribute 'name' is missing").waitFor();
  await findings.getByText("Line 4, column 9", { exact: true }).waitFor();
  await findings.getByText("Error", { exact: true }).waitFor();
  await look("policy-findings");
  await editor.press("Control+Home");
  await page.keyboard.press("F8");
  await page.locator("[aria-live]").filter({ hasText: "The required attribute 'name' is missing" }).waitFor({ state: "attached" });
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+i");
  await seen(page, "Adds, replaces or removes a header");
  await look("policy-explained");
  await page.keyboard.press("Escape");
  await page.getByText("Adds, replaces or removes a header").first().waitFor({ state: "detached" });

  await editor.getByText("exists-action", { exact: true }).hover();
  await seen(page, "What to do when the header is there already.");
  await page.mouse.move(0, 0);

  await typePolicy(page, begun + ended);
  await findings.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  expect(await editor.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element)).toBe(false);
  await close();
});

test("a warning is told apart from an error, and does not keep anybody from saving", async () => {
  const { page, look, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/workspaces/catalog/policy`);
  await signIn(page, at.admin);
  await heading(page, "Policy");
  await typePolicy(page, `${begun}<return-response />\n        <set-method>GET</set-method>${ended}`);
  const findings = page.getByRole("region", { name: /^Findings/ });
  await findings.getByText("Warning", { exact: true }).waitFor();
  await look("policy-warning");
  await page.keyboard.press("Control+s");
  await seen(page, "Saved, in force");
  await close();
});
