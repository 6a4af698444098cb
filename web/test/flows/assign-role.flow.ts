import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install, type Installation } from "../harness/installation.ts";
import { launch, sit } from "../harness/reader.ts";
import { heading, rows, seen, signIn } from "../harness/verbs.ts";

let at: Installation;
let browser: Browser;
beforeAll(async () => void ([at, browser] = await Promise.all([install(), launch()])));
afterAll(async () => void (await Promise.all([browser?.close(), at?.stop()])));

test("another team sees a workspace only once a role is assigned to it", async () => {
  const catalog = `${at.management}/console${at.service}/workspaces/catalog`;
  const member = await sit(browser, at.management, "dark");
  await member.page.goto(catalog);
  await signIn(member.page, at.sample.payments.person);
  await seen(member.page, "You do not have access to this");
  await member.look("refused");
  await member.page.goto(`${at.management}/console${at.service}/workspaces`);
  expect((await rows(member.page, "Workspaces")).map((row) => row.split(" | ")[1])).toEqual(["payments"]);

  const owner = await sit(browser, at.management);
  await owner.page.goto(`${catalog}/iam`);
  await signIn(owner.page, at.admin);
  await heading(owner.page, "Access control (IAM)");
  await owner.look("iam");
  await owner.page.getByRole("link", { name: "+ Add role assignment" }).click();
  await heading(owner.page, "Add role assignment");
  await owner.page.getByRole("button", { name: "Next" }).click();
  await seen(owner.page, "Choose a role");
  await owner.page.getByRole("searchbox", { name: "Filter roles" }).fill("workspace reader");
  await owner.page.getByRole("radio", { name: /API Management Workspace Reader/ }).check();
  await owner.look("assign-role");
  await owner.page.getByRole("button", { name: "Next" }).click();
  await owner.page.getByRole("searchbox", { name: /^Search people/ }).fill("payments-team");
  await owner.page.getByRole("checkbox", { name: /payments-team/ }).check();
  await owner.look("assign-members");
  await owner.page.getByRole("button", { name: "Next" }).click();
  await owner.look("assign-review");
  await owner.page.getByRole("button", { name: "Assign role" }).click();
  await heading(owner.page, "Access control (IAM)");
  await expect.poll(() => rows(owner.page, "Role assignments")).toContain("payments-team | Group | API Management Workspace Reader | This resource");
  await owner.close();

  await member.page.goto(catalog);
  await heading(member.page, "Catalog");
  await member.look("workspace");
  await member.page.getByRole("link", { name: "Policy" }).click();
  await seen(member.page, /You can read this policy but not change it/);
  await member.look("policy-read-only");
  await member.close();
});

test("a role that works with what the service shares brings its companion at the service", async () => {
  const { page, close } = await sit(browser, at.management);
  await page.goto(`${at.management}/console${at.service}/workspaces/catalog/add-role-assignment`);
  await signIn(page, at.admin);
  await page.getByRole("radio", { name: /API Management Workspace API Product Manager/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("checkbox", { name: /payments-pipeline/ }).check();
  await page.getByRole("button", { name: "Next" }).click();
  expect(await page.getByRole("checkbox", { name: /Also assign the companion role at contoso/ }).isChecked()).toBe(true);
  await page.getByRole("button", { name: "Assign role" }).click();
  await heading(page, "Access control (IAM)");
  await expect
    .poll(async () => (await rows(page, "Role assignments")).filter((row) => row.startsWith("payments-pipeline")))
    .toEqual([
      "payments-pipeline | Program | API Management Workspace API Product Manager | This resource",
      "payments-pipeline | Program | API Management Service Workspace API Product Manager | Inherited from contoso",
    ]);
  await close();
});
