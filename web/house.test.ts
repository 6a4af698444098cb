import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { catalogue, collect, sources } from "./build/strings.mjs";

// The rooms of the house: what each may import of ours, and from outside. What is not named is not allowed; the
// reason is what the test says when it is tried.
const rooms: Record<string, { ours: string[]; outside: string[]; because: string }> = {
  "packages/arm": { ours: [], outside: [], because: "the protocol is usable without React and without us" },
  "packages/kinds": { ours: ["arm"], outside: [], because: "kinds are data" },
  "packages/strings": { ours: [], outside: [], because: "words know nothing of what they are said about" },
  "packages/ui": { ours: ["strings"], outside: ["react", "@fluentui/*"], because: "looks get everything as properties and never fetch" },
  "packages/screens": { ours: ["ui", "strings"], outside: ["react", "wouter"], because: "the router asks nobody for data" },
  "packages/data": { ours: ["arm", "kinds", "ui", "strings"], outside: ["react", "@tanstack/react-query"], because: "data is where React meets the protocol, and looks like nothing" },
  "packages/policy-editor": { ours: ["ui", "strings"], outside: ["react", "@fluentui/react-components", "@codemirror/*", "@lezer/*"], because: "the language lives alone: no HTTP, no kinds" },
  "packages/try-it": { ours: ["ui", "strings"], outside: ["react"], because: "a sender is handed in" },
  console: { ours: ["arm", "kinds", "strings", "ui", "screens", "data", "policy-editor", "try-it"], outside: ["react", "react-dom/*", "@tanstack/react-query", "@fluentui/react-components"], because: "pages use the packages, not what lies below them" },
  portal: { ours: ["ui", "screens", "strings", "try-it"], outside: ["react", "react-dom/*", "@tanstack/react-query"], because: "the portal knows no workspaces: it speaks its own data API only" },
};

type File = { name: string; room: string; text: string; imports: string[] };
let files: File[];

beforeAll(async () => {
  files = (await sources()).map((name) => {
    const text = readFileSync(new URL(name, import.meta.url), "utf8");
    const room = name.startsWith("packages/") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? "");
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((found) => found[1] ?? "");
    return { name, room, text, imports };
  });
});

/** offenders are the places where a pattern stands outside comments. */
function offenders(pattern: RegExp, among: (file: File) => boolean = () => true): string[] {
  return files.filter(among).flatMap((file) =>
    file.text.split("\n").flatMap((line, i) => {
      const code = line.replace(/(^|\s)\/\/.*$|^\s*\*.*$|^\s*\/\*.*$/, "");
      return pattern.test(code) ? [`${file.name}:${i + 1}: ${line.trim()}`] : [];
    }),
  );
}

describe("rooms", () => {
  test("import what they may", () => {
    const wrong = files.flatMap((file) => {
      const room = rooms[file.room];
      if (!room) return [`${file.name} is in no room`];
      return file.imports.filter((name) => !allowed(file, name, room)).map((name) => `${file.name} imports ${name}: ${room.because}`);
    });
    expect(wrong).toEqual([]);
  });

  test("a screen never imports another screen", () => {
    const screenOf = (path: string) => /screens\/([^/]+)\//.exec(path)?.[1];
    const wrong = files.flatMap((file) => {
      const mine = screenOf(file.name);
      if (!mine) return [];
      return file.imports
        .filter((name) => name.startsWith("../") && !name.startsWith("../../shell/") && name !== "../../api.ts")
        .map((name) => `${file.name} imports ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  test("the portal never says workspace to a reader", async () => {
    const { messages } = await collect();
    const said = offenders(/workspace/i, (file) => file.room === "portal" || file.room === "packages/try-it");
    expect({ said, ids: Object.keys(messages).filter((id) => id.startsWith("portal.") && /workspace/i.test(messages[id] ?? "")) }).toEqual({ said: [], ids: [] });
  });
});

describe("figures", () => {
  test("no file is over 400 lines, and the median file is 20 to 120", () => {
    const lengths = files.map((file) => file.text.split("\n").length - 1).sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(400);
    const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
    expect(median).toBeGreaterThanOrEqual(20);
    expect(median).toBeLessThanOrEqual(120);
  });
  test("effects are a confession: at most one for every 1,000 lines, where the browser is met", () => {
    const lines = files.reduce((sum, file) => sum + file.text.split("\n").length, 0);
    const effects = offenders(/\buseEffect\(/);
    const home = /^packages\/(ui|data|policy-editor)\//;
    expect(effects.filter((place) => !home.test(place))).toEqual([]);
    expect(effects.length).toBeLessThanOrEqual(Math.ceil(lines / 1000));
  });
  test.each([
    ["any", /(?:[:<,|&]\s*|\bas )any\b/],
    ["a cast through unknown", /as unknown as/],
    ["HTML made from text", /dangerouslySetInnerHTML|innerHTML|insertAdjacentHTML/],
    ["an inline style", /\bstyle=/],
    ["a default export", /export default/],
    ["a colour that no theme knows", /#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(/i],
    ["evaluated code", /\beval\(|new Function\(/],
  ])("nowhere: %s", (_, pattern) => expect(offenders(pattern)).toEqual([]));
});

describe("strings", () => {
  test("en.json is what the source says (npm run strings)", async () => {
    const { messages, contradictions } = await collect();
    expect(contradictions).toEqual([]);
    expect(JSON.parse(readFileSync(catalogue, "utf8"))).toEqual(messages);
  });
  test("no text stands in a page outside a message", () =>
    expect(offenders(/>\s*[A-Z][a-z]+[^<>{}();=]*<\/|\b(?:aria-label|title|placeholder|alt)="[^"]*[a-z]/, (file) => file.name.endsWith(".tsx"))).toEqual([]));
  test("a message is called by a literal id", () =>
    expect(offenders(/\bmsg\((?!\s*["'\n]|\s*$|id:)/)).toEqual([]));
});

describe("dependencies", () => {
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as Record<string, Record<string, string | { link?: boolean }>>;
  test("at most 15 direct ones, each at an exact version", () => {
    const direct = read("package.json")["dependencies"] ?? {};
    expect(Object.keys(direct).length).toBeLessThanOrEqual(15);
    expect(Object.entries(direct).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
  });
  test("at most 220 packages in the lockfile", () => {
    const locked = Object.keys(read("package-lock.json")["packages"] ?? {}).filter((name) => name.startsWith("node_modules/") && !name.includes("@atelier/"));
    expect(locked.length).toBeLessThanOrEqual(220);
  });
});

function allowed(file: File, name: string, room: { ours: string[]; outside: string[] }): boolean {
  if (name.startsWith(".")) return posix.join(posix.dirname(file.name), name).startsWith(`${file.room}/`);
  if (name.startsWith("@atelier/")) return room.ours.includes(name.slice("@atelier/".length));
  return room.outside.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
