import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, seen, signIn } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

test("a deep link survives the sign-in, a reload needs no new one, and signing out ends it", async () => {
  const { page, look, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/workspaces`);
  await signIn(page, at.admin);
  await heading(page, "Workspaces");
  expect(new URL(page.url()).pathname).toBe(`/console${at.service}/workspaces`);
  await look("workspaces");

  await page.reload();
  await heading(page, "Workspaces");

  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await heading(page, "You are signed out");
  await look("signed-out");
  await page.goto(`${at.management}/console/`);
  await seen(page, /signed out|password/i);
  await close();
});

test("the address of the management API leads to the console", async () => {
  const { page, close } = await sit(browser, at.management);
  await page.goto(at.management);
  await signIn(page, at.admin);
  await heading(page, "Services");
  await page.getByRole("link", { name: "contoso" }).click();
  await heading(page, "Workspaces");
  await close();
});

test("what a reader chose as theme stays, whatever the system says", async () => {
  const { page, look, close } = await sit(browser, at.management, "dark");
  await page.goto(`${at.management}/console/`);
  await signIn(page, at.admin);
  await heading(page, "Services");
  await look("services");
  const background = () => page.locator("header").evaluate((bar) => getComputedStyle(bar).backgroundColor);
  const dark = await background();
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect.poll(background).not.toBe(dark);
  const light = await background();
  await page.reload();
  await heading(page, "Services");
  expect(await background()).toBe(light);
  await close();
});
