// Collects every msg("id", "words") of the source into packages/strings/en.json, which translators start from.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));
const text = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`;
const call = new RegExp(String.raw`\bmsg\(\s*${text}\s*,\s*${text}\s*,?\s*\)`, "g");

/** sources are the paths, below web/, of all source files but tests. */
export async function sources() {
  const folders = ["packages", "console", "portal"];
  const found = await Promise.all(folders.map(async (folder) => {
    const names = await readdir(join(web, folder), { recursive: true });
    return names.map((name) => join(folder, name));
  }));
  return found.flat().filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name)).sort();
}

/** collect gives the messages by id and the ids that were given two texts. */
export async function collect() {
  const messages = new Map();
  const contradictions = [];
  for (const name of await sources()) {
    const source = await readFile(join(web, name), "utf8");
    for (const [, id, words] of source.matchAll(call)) {
      const key = unquote(id);
      const value = unquote(words);
      if (messages.has(key) && messages.get(key) !== value) contradictions.push(`${name}: ${key}`);
      messages.set(key, value);
    }
  }
  const sorted = Object.fromEntries([...messages].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { messages: sorted, contradictions };
}

/** catalogue is the file that holds the collected messages. */
export const catalogue = join(web, "packages/strings/en.json");

function unquote(literal) {
  return literal.slice(1, -1).replace(/\\(.)/g, "$1");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { messages, contradictions } = await collect();
  if (contradictions.length > 0) throw new Error(`ids with two texts: ${contradictions.join(", ")}`);
  await writeFile(catalogue, `${JSON.stringify(messages, null, 2)}\n`);
}
