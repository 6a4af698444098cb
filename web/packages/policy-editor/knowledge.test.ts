import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState, Text } from "@codemirror/state";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createChecks, quiet, type Checked } from "./check/checks.ts";
import { result, worthAsking } from "./complete/completions.ts";
import { blocksOf, plain } from "./explain/markdown.ts";
import type { Finding } from "./findings.ts";
import type { Position, Suggestion } from "./knowledge.ts";
import { offsetOf, positionAt, unitsOf } from "./position.ts";

/** asked completes at ¦ with the given suggestions, and notes where the engine was asked. */
async function asked(marked: string, suggestions: readonly Suggestion[], explicit = true) {
  const pos = marked.indexOf("¦");
  const places: Position[] = [];
  const context = new CompletionContext(EditorState.create({ doc: marked.replace("¦", "") }), pos, explicit);
  const found = await result(context, async (_, at) => {
    places.push(at);
    return suggestions;
  });
  return { found, places, pos };
}

describe("suggestions", () => {
  test("replace the word that the engine names, and are asked for where the cursor is", async () => {
    const { found, places, pos } = await asked("<policies>\n  <inbound>\n    <set-b¦", [{ label: "set-body", kind: "element", word: 5 }]);
    expect(places).toEqual([{ line: 3, column: 11 }]);
    expect(found?.from).toBe(pos - 5);
    expect(found?.options.map((each) => each.label)).toEqual(["set-body"]);
  });

  test("are narrowed by what is typed on, and asked anew when less of the word is left", async () => {
    const { found } = await asked("<set-b¦", [{ label: "set-body", kind: "element", word: 5 }]);
    const stays = found?.validFor as (text: string) => boolean;
    expect([stays("set-bo"), stays("SET-BODY"), stays("set-"), stays("set-b x")]).toEqual([true, true, false, false]);
  });

  test("are none when the engine knows none or does not answer", async () => {
    expect((await asked("plain ¦", [])).found).toBeNull();
    const context = new CompletionContext(EditorState.create({ doc: "<" }), 1, true);
    expect(await result(context, () => Promise.reject(new Error("away")))).toBeNull();
  });

  test.each([
    ["<", true],
    ["<set-", true],
    ["<set-header ", true],
    [`<set-header name="a" `, true],
    [`<set-header exists-action="`, true],
    ["@(context.", true],
    ["</", true],
    ["<base /> ", false],
    ["    ", false],
    ["<value>}", false],
  ])("behind %j the engine is asked: %s", (before, want) => expect(worthAsking(before)).toBe(want));

  test("are not asked for unbidden where nothing has begun", async () => {
    const { places } = await asked("<base /> ¦", [{ label: "x", kind: "element", word: 0 }], false);
    expect(places).toEqual([]);
  });
});

describe("positions count characters, offsets count UTF-16 units", () => {
  const doc = Text.of(["<a>", "😀é<b/>"]);
  test.each([
    [0, { line: 1, column: 1 }],
    [6, { line: 2, column: 2 }],
    [7, { line: 2, column: 3 }],
  ])("offset %i is %j", (offset, position) => {
    expect(positionAt(doc, offset)).toEqual(position);
    expect(offsetOf(doc, position)).toBe(offset);
  });
  test("a position outside is moved to the nearest place", () => {
    expect(offsetOf(doc, { line: 9, column: 99 })).toBe(doc.length);
    expect(offsetOf(doc, { line: 0, column: 0 })).toBe(0);
  });
  test("a word is measured from its end", () => expect([unitsOf("a😀b", 2), unitsOf("ab", 0)]).toEqual([3, 0]));
});

describe("an explanation", () => {
  test.each([
    ["paragraphs, strong and code", "**set-body**\n\nReplaces the `body`.", "paragraph[strong:set-body] paragraph[text:Replaces the  code:body text:.]"],
    ["a list", "Takes:\n\n- `name` (string) A name\n- `b`", "paragraph[text:Takes:] item[code:name text: (string) A name] item[code:b]"],
    ["fenced code is left alone", "```csharp\nstring[] **x**\n```\n\nA text.", "code[text:string[] **x**] paragraph[text:A text.]"],
    ["what looks like HTML stays text", "<img src=x> **a", "paragraph[text:<img src=x> **a]"],
    ["an open fence ends with the text", "```\na", "code[text:a]"],
  ])("is read as %s", (_, markdown, want) => {
    const said = blocksOf(markdown).map(({ as, pieces }) => `${as}[${pieces.map((piece) => `${piece.as}:${piece.text}`).join(" ")}]`);
    expect(said.join(" ")).toBe(want);
  });
  test("is read aloud without its marks", () => expect(plain("**a**\n\n- `b` c")).toBe("a\nb c"));
});

describe("checks while typing", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const fault: Finding = { line: 1, column: 1, message: "no", severity: "error" };

  test("wait until it is quiet, and ask once", async () => {
    const check = vi.fn(async (_: string) => [fault]);
    const told: Checked[] = [];
    const checks = createChecks(check, (checked) => void told.push(checked));
    checks.changed("a");
    await vi.advanceTimersByTimeAsync(quiet - 1);
    checks.changed("ab");
    await vi.advanceTimersByTimeAsync(quiet);
    expect(check.mock.calls).toEqual([["ab"]]);
    expect(told).toEqual([{ text: "ab", findings: [fault] }]);
  });

  test("drop answers about a text that is gone", async () => {
    const answers = new Map<string, (findings: Finding[]) => void>();
    const told: Checked[] = [];
    const checks = createChecks((text) => new Promise((done) => void answers.set(text, done)), (checked) => void told.push(checked));
    for (const text of ["old", "new"]) {
      checks.changed(text);
      await vi.advanceTimersByTimeAsync(quiet);
    }
    answers.get("new")?.([]);
    answers.get("old")?.([fault]);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([{ text: "new", findings: [] }]);
  });

  test("say so when the engine could not be asked, and nothing once stopped", async () => {
    const told: Checked[] = [];
    const checks = createChecks(() => Promise.reject(new Error("away")), (checked) => void told.push(checked));
    checks.changed("a", 0);
    await vi.advanceTimersByTimeAsync(0);
    checks.changed("b");
    checks.stop();
    await vi.advanceTimersByTimeAsync(quiet);
    expect(told).toEqual([{ text: "a", findings: undefined }]);
  });
});
