import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, rows, seen, signIn, typePolicy } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

const policy = (inbound: string) => `<policies>
    <inbound>
        <base />
        ${inbound}
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>`;

test("a policy that is wrong is refused at its line, kept as draft, and in force once it is right", async () => {
  const { page, look, close } = await sit(browser, at.management);
  const api = `${at.service}/workspaces/payments/apis/payments`;
  await page.goto(`${at.management}/console${api}`);
  await signIn(page, at.sample.payments.person);
  await page.getByRole("table", { name: "Operations" }).waitFor();
  expect((await rows(page, "Operations")).length).toBeGreaterThan(1);
  await look("operations");
  await page.getByRole("link", { name: "Policy of the API" }).click();
  await heading(page, "Policy");
  await seen(page, "Saved, in force");
  await look("policy");

  await typePolicy(page, policy(`<set-header nam="X-Team" exists-action="override"><value>@(context.User == null ? "none" : "some")</value></set-header>`));
  await page.keyboard.press("Control+s");
  await seen(page, "Not saved. The policy in force is unchanged, and your draft is kept.");
  await seen(page, /'set-header' on line 4, column \d+/);
  await page.getByRole("button", { name: "Go to line 4" }).first().click();
  await look("policy-refused");
  await page.reload();
  await seen(page, "Not saved");

  await typePolicy(page, policy(`<set-header name="X-Team" exists-action="override"><value>@(context.User == null ? "none" : "some")</value></set-header>`));
  await page.getByRole("button", { name: "Save" }).click();
  await seen(page, "Saved, in force");
  const stored = await at.rest("GET", `${api}/policies/policy?api-version=2024-05-01&format=rawxml`);
  expect(JSON.stringify(stored.body)).toContain("X-Team");
  await close();
});

test("a change that somebody else made meanwhile is not overwritten unasked", async () => {
  const { page, look, close } = await sit(browser, at.management, "dark");
  const workspace = `${at.service}/workspaces/catalog`;
  await page.goto(`${at.management}/console${workspace}/policy`);
  await signIn(page, at.admin);
  await seen(page, "Saved, in force");
  const theirs = policy("<!-- theirs -->");
  await at.rest("PUT", `${workspace}/policies/policy?api-version=2024-05-01`, { properties: { format: "rawxml", value: theirs } });
  await typePolicy(page, policy("<!-- mine -->"));
  await page.getByRole("button", { name: "Save" }).click();
  await seen(page, "Someone else changed this policy");
  await look("policy-conflict");
  await page.getByRole("button", { name: "Load theirs" }).click();
  await seen(page, "<!-- theirs -->");
  await close();
});

test("an operation without a policy starts from one that changes nothing, and its scopes are a tab away", async () => {
  const { page, look, close } = await sit(browser, at.management);
  const operations = `${at.service}/workspaces/payments/apis/payments/operations`;
  const list = await at.rest("GET", `${operations}?api-version=2024-05-01`);
  const names = (list.body as { value: { name: string }[] }).value.map((each) => each.name);
  await page.goto(`${at.management}/console${operations}/${names.at(-1)}/policy`);
  await signIn(page, at.sample.payments.person);
  await seen(page, "This scope has no policy yet");
  await look("policy-absent");
  const scopes = await page.getByRole("navigation", { name: "Scopes" }).getByRole("listitem").allTextContents();
  expect(scopes.slice(1)).toEqual(["Workspace payments", "API payments", `Operation ${names.at(-1)}`, "Effective policy"]);
  await page.getByRole("link", { name: "API payments" }).click();
  await seen(page, "Saved, in force");
  await close();
});
