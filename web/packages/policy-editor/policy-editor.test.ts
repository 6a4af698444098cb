import { describe, expect, test } from "vitest";
import { tokens } from "./grammar/tokens.ts";
import { wellFormed } from "./lint/well-formed.ts";

// Each case: title, document, and the pieces that matter as kind:text.
const cases: [title: string, document: string, want: string][] = [
  ["an element and its attribute", `<set-header name="x">`, `bracket:< name:set-header attribute:name value:" value:x value:" bracket:>`],
  ["quotes inside an expression stay in it", `<when condition="@(a == "b")">`, `attribute:condition value:" bracket:@( expression:a string:b" bracket:) value:" bracket:>`],
  ["angle brackets inside an expression", `<a b="@(1 < 2 && x > 3)" c="d" />`, `bracket:@( number:1 number:2 expression:x number:3 bracket:) value:" attribute:c value:d bracket:/>`],
  ["braces in a statement block nest", `<value>@{ if (true) { return "}"; } return 1; }</value>`, `keyword:if keyword:true keyword:return string:}" bracket:} keyword:return number:1 bracket:} bracket:</ name:value`],
  ["a verbatim string doubles its quotes", `@(@"a""b" + c)`, `string:@" string:a""b" expression:c bracket:)`],
  ["an interpolated string", `@($"x{y}")`, `string:$" string:x{y}" bracket:)`],
  ["a comment holds anything", `<!-- <a b="@( --><c/>`, `comment:<!-- bracket:< name:c bracket:/>`],
  ["an address is not an expression", `<value>me@example.com</value>`, `name:value text:me name:value`],
  ["a named value is plain text", `<value>{{key}}</value>`, `name:value text:{{key}} name:value`],
  ["an unclosed string ends with its line", `@("a\n+ b)`, `string:a expression:b bracket:)`],
];

// pieces keeps, in order, those tokens that are wanted, so that a case names only what it is about.
function pieces(document: string, want: string): string {
  const wanted = want.split(" ");
  const seen: string[] = [];
  for (const token of tokens(document)) {
    const piece = `${token.kind}:${token.text.trim()}`;
    if (piece === wanted[seen.length]) seen.push(piece);
  }
  return seen.join(" ");
}

describe("the scanner", () => {
  test.each(cases)("%s", (_, document, want) => expect(pieces(document, want)).toBe(want));

  test("a string is one piece after its quote", () =>
    expect(tokens(`@("a<b")`).map((t) => `${t.kind}:${t.text}`)).toEqual(["bracket:@(", `string:"`, `string:a<b"`, "bracket:)"]));

  test("loses no character and always moves on", () => {
    for (const [, document] of cases) {
      for (let cut = 0; cut <= document.length; cut++) {
        const part = document.slice(0, cut);
        expect(tokens(part).map((t) => t.text).join("")).toBe(part.replaceAll("\n", ""));
      }
    }
  });
});

describe("a document that does not close", () => {
  test.each([
    ["is well formed", `<policies>\n  <inbound><base /></inbound>\n</policies>`, undefined],
    ["with expressions is well formed", `<a b="@(x < "</a>".Length)"><c/></a>`, undefined],
    ["names what is open", `<policies>\n  <inbound>\n</policies>`, { line: 3, column: 3, message: "</policies> closes nothing here: 'inbound' of line 2 is still open" }],
    ["names what never closes", `<policies>`, { line: 1, column: 2, message: "Element 'policies' is not closed" }],
    ["names a close without an open", `<a/></b>`, { line: 1, column: 7, message: "</b> closes nothing: no element is open" }],
    ["sees an unfinished tag", `<a><b c="d"`, { line: 1, column: 5, message: "Element 'b' is not closed" }],
  ])("%s", (_, document, want) => expect(wellFormed(document)).toEqual(want));
});
