import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, seen } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

test("a consumer finds an API, subscribes, copies the key, and calls it", async () => {
  const { page, look, close } = await sit(browser, at.portal);
  await page.goto(at.portal);
  await heading(page, "APIs");
  await look("portal-apis");
  await page.getByRole("link", { name: /payments/i }).click();
  await seen(page, "Try it");
  await look("portal-api-guest");

  await page.getByRole("link", { name: "Products" }).click();
  await page.getByRole("link", { name: /payments starter/i }).click();
  await page.getByRole("link", { name: "Sign in to subscribe" }).click();
  await page.getByLabel("E-mail").fill(at.sample.consumer.email);
  await page.getByLabel("Password").fill("not this one");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").first().waitFor();
  await look("portal-sign-in");
  await page.getByLabel("Password").fill(at.sample.consumer.password);
  await page.getByRole("button", { name: "Sign in" }).click();

  await heading(page, /payments starter/i);
  await page.getByLabel("Name of the subscription").fill("A flow's own");
  await look("portal-product");
  await page.getByRole("button", { name: "Subscribe" }).click();
  await seen(page, "Subscribed");
  await page.getByRole("group", { name: "Primary key" }).getByRole("button", { name: "Copy" }).click();
  const key = await page.evaluate(() => navigator.clipboard.readText());
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  await look("portal-key");

  await page.getByRole("link", { name: "Try it now" }).click();
  await seen(page, "Subscription key");
  await page.getByRole("button", { name: "Send" }).click();
  await seen(page, /^200 /);
  await look("portal-answer");
  await close();
});

test("nothing of the portal says workspace", async () => {
  const { page, close } = await sit(browser, at.portal, "dark");
  const said: string[] = [];
  const reading: Promise<void>[] = [];
  page.on("response", (answer) => {
    if (answer.url().includes("/api/")) reading.push(answer.text().then((text) => void said.push(text)));
  });
  for (const path of ["/", "/products", "/subscriptions", "/elsewhere"]) {
    await page.goto(at.portal + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle"); // a browser forgets answers once it goes elsewhere
    await Promise.all(reading);
    said.push(await page.locator("body").innerText());
  }
  expect(reading.length).toBeGreaterThan(4);
  expect(said.filter((text) => /workspace/i.test(text))).toEqual([]);
  await close();
});
