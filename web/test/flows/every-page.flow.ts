import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit, type Reader } from "../harness/reader.ts";
import { heading, signIn } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

const consolePages: Record<string, (service: string) => string> = {
  services: () => "/console/",
  workspaces: (service) => `/console${service}/workspaces`,
  "service-policy": (service) => `/console${service}/policy`,
  "service-iam": (service) => `/console${service}/iam`,
  "new-workspace": (service) => `/console${service}/new-workspace`,
  workspace: (service) => `/console${service}/workspaces/payments`,
  "workspace-policy": (service) => `/console${service}/workspaces/payments/policy`,
  "workspace-iam": (service) => `/console${service}/workspaces/payments/iam`,
  "add-role-assignment": (service) => `/console${service}/workspaces/payments/add-role-assignment`,
  "new-api": (service) => `/console${service}/workspaces/payments/new-api`,
  operations: (service) => `/console${service}/workspaces/payments/apis/payments`,
  "api-policy": (service) => `/console${service}/workspaces/payments/apis/payments/policy`,
  "effective-policy": (service) => `/console${service}/workspaces/payments/apis/payments/operations/create-payment/policy?tab=effective`,
  "api-iam": (service) => `/console${service}/workspaces/payments/apis/payments/iam`,
  absent: () => "/console/nowhere",
};

const portalPages = ["/", "/products", "/subscriptions", "/sign-in", "/nowhere"];

/** fits fails when the page needs more width than the narrowest window has. */
async function fits({ page }: Reader, name: string): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, `${name} at 320 px`).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1280, height: 800 });
}

describe.each(["light", "dark"] as const)("in %s, every page is accessible, fits a narrow window and starts at its heading:", (scheme) => {
  test("console", async () => {
    const reader = await sit(browser, at.management, scheme);
    await reader.page.goto(`${at.management}/console/`);
    await signIn(reader.page, at.admin);
    await heading(reader.page, "Services");
    for (const [name, path] of Object.entries(consolePages)) {
      await reader.page.goto(at.management + path(at.service));
      await reader.page.getByRole("heading", { level: 1 }).waitFor();
      await reader.look(`page-${name}`);
      expect(await reader.page.evaluate(() => document.activeElement?.tagName), name).toBe("H1");
      expect(await reader.page.title(), name).toMatch(/ · /);
      await fits(reader, name);
    }
    await reader.close();
  }, 240_000);

  test("portal", async () => {
    const reader = await sit(browser, at.portal, scheme);
    for (const path of portalPages) {
      await reader.page.goto(at.portal + path);
      await reader.page.getByRole("heading", { level: 1 }).waitFor();
      await reader.look(`portal${path.replaceAll("/", "-")}`);
      await fits(reader, path);
    }
    await reader.close();
  }, 240_000);
});
