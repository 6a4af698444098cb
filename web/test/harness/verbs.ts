import type { Page } from "playwright-core";
import { expect } from "vitest";

/** signIn fills in the server's sign-in page for principals. */
export async function signIn(page: Page, who: { readonly username: string; readonly password: string }): Promise<void> {
  await page.getByLabel(/user ?name/i).fill(who.username);
  await page.getByLabel(/password/i).fill(who.password);
  await page.getByRole("button", { name: /sign in/i }).click();
}

/** heading waits until the page with this title is shown. */
export async function heading(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** rows are the texts of a table's rows, cells joined by a bar. */
export async function rows(page: Page, table: string): Promise<string[]> {
  const found = page.getByRole("table", { name: table }).getByRole("row");
  await found.nth(1).waitFor();
  const texts = await found.evaluateAll((each) => each.map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join(" | ")));
  return texts.slice(1);
}

/** type replaces what the policy editor holds. */
export async function typePolicy(page: Page, text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: "Policy document" });
  await editor.press("Control+a");
  await page.keyboard.insertText(text);
}

/** seen waits for a text and fails with it in the message. */
export async function seen(page: Page, text: string | RegExp): Promise<void> {
  const found = page.getByText(text).first();
  await found.waitFor().catch(() => expect.fail(`the page does not say ${String(text)}`));
}
