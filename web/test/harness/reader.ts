import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium, type Browser, type Page } from "playwright-core";
import { expect } from "vitest";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** launch starts Debian's browser; each flow file has one. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: flags });
}

/** Reader is a person at a page. Whatever the page should not do is noted, and fails the flow when it is closed. */
export type Reader = {
  readonly page: Page;
  /** look checks what is on the page for everybody: accessibility, and a picture when PICTURES names a folder. */
  readonly look: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

// What a browser logs as an error although the page expects it: the answer to a question that may be answered by no.
const expected = [
  /\/oauth2\/v2\.0\/token .*400/, // a cookie of an earlier visit that no longer counts
  /\/policies\/policy\?.* 404/, // a scope without a policy
  /\/policies\/policy\?.* 4(00|12)/, // a policy that was refused
  /\/apis\/[^/?]+(\/schemas\/[^/?]+)?\?.* 400/, // an API, or its schema, that was refused
  /\/api\/session .*40[01]/, // a wrong password
];

/** sit opens a browser context of its own for a reader of the pages at an origin. */
export async function sit(browser: Browser, origin: string, scheme: "light" | "dark" = "light"): Promise<Reader> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    colorScheme: scheme,
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error in the page: ${error.stack ?? error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) faults.push(`request to another origin: ${request.url()}`);
  });
  page.on("console", (message) => {
    const text = `${message.location().url} ${message.text()}`;
    if (message.type() === "error" && !expected.some((pattern) => pattern.test(text))) faults.push(`console: ${text}`);
  });
  return {
    page,
    look: (name) => look(page, name, scheme),
    async close() {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Selectors that are left out, each with its reason.
const exclusions = [
  "[data-tabster-dummy]", // helper nodes of the keyboard library, hidden from assistive technology and passed over by it
];

type Violation = { readonly id: string; readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[] };

async function look(page: Page, name: string, scheme: string): Promise<void> {
  await expect.poll(() => page.locator('[aria-busy="true"]').count(), { timeout: 20_000 }).toBe(0);
  await page.evaluate(axe);
  const violations = await page.evaluate(
    ([tags, selectors]) =>
      (window as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<{ violations: Violation[] }> } }).axe
        .run({ exclude: selectors }, { runOnly: tags })
        .then((result) => result.violations),
    [["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], exclusions] as const,
  );
  const said = violations.map((each) => `${name}: ${each.id}: ${each.nodes.map((node) => `${String(node.target)} ${node.failureSummary ?? ""}`).join("; ")}`);
  const folder = process.env["PICTURES"];
  if (folder) {
    await mkdir(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}-${scheme}.png` });
  }
  expect(said).toEqual([]);
}
