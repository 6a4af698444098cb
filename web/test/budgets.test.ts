import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import budgets from "../budgets.json" with { type: "json" };

// Runs after npm run build: sizes are those of the files that are embedded.
type Chunk = { file: string; css?: string[]; imports?: string[]; isEntry?: boolean };
type Manifest = Record<string, Chunk>;

const dist = new URL("../dist/", import.meta.url);

function manifestOf(application: string): Manifest {
  return JSON.parse(readFileSync(new URL(`${application}/manifest.json`, dist), "utf8")) as Manifest;
}

/** firstLoad is every file that the entry and some pages need before they run. */
function firstLoad(manifest: Manifest, pages: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`the manifest has no ${name}`);
    if (files.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    chunk.imports?.forEach(visit);
  };
  Object.keys(manifest).filter((name) => manifest[name]?.isEntry).forEach(visit);
  pages.forEach(visit);
  return files;
}

function kib(application: string, file: string): number {
  return statSync(new URL(`${application}/${file}.br`, dist)).size / 1024;
}

for (const application of ["console", "portal"] as const) {
  describe(application, () => {
    test.each(Object.entries(budgets[application]))("%s stays within its budget", (name, { limit, pages }) => {
      const files = [...firstLoad(manifestOf(application), pages)];
      const size = files.reduce((sum, file) => sum + kib(application, file), 0);
      console.log(`${application} ${name}: ${size.toFixed(1)} of ${limit} KiB in ${files.length} files`);
      expect(size).toBeLessThanOrEqual(limit);
    });
    test("no single chunk is too big", () => {
      for (const { file } of Object.values(manifestOf(application))) {
        expect(existsSync(new URL(`${application}/${file}`, dist))).toBe(true);
        if (file.endsWith(".js")) expect(kib(application, file), file).toBeLessThanOrEqual(budgets.chunk.limit);
      }
    });
  });
}
