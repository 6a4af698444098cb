import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, rows, seen, signIn } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

test("a workspace with a gateway of its own is made from one form, by keyboard, and opened", async () => {
  const { page, look, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/workspaces`);
  await signIn(page, at.admin);
  await heading(page, "Workspaces");
  expect(await rows(page, "Workspaces")).toHaveLength(2);
  await page.getByRole("link", { name: "+ Add" }).press("Enter");
  await heading(page, "Create workspace");

  await page.getByRole("button", { name: "Next" }).press("Enter");
  await seen(page, "Give the workspace a display name");
  await look("create-basics-faults");
  await page.getByLabel("Display name").fill("Refunds & Claims");
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("refunds-claims");
  await page.keyboard.press("Enter");

  await page.getByRole("radio", { name: /A new workspace gateway/ }).check();
  await page.getByLabel("Gateway name").fill("edge-1");
  await look("create-gateway");
  await page.keyboard.press("Enter");
  await look("create-review");
  await page.getByRole("button", { name: "Create workspace" }).press("Enter");

  await heading(page, "Refunds & Claims");
  await seen(page, "edge-1");
  expect((await rows(page, "Gateways"))[0]).toMatch(/^edge-1 \| edge-1.*\.localhost/);
  await look("workspace-new");
  await close();
});

test("a name that is taken is refused before anything is sent", async () => {
  const { page, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/new-workspace`);
  await signIn(page, at.admin);
  await page.getByLabel("Display name").fill("Payments");
  await page.getByRole("button", { name: "Next" }).click();
  await seen(page, "The name payments is taken");
  await close();
});
