// The policy language: XML in which attribute values and text may hold C# expressions, @( … ) and @{ … }, written raw,
// with quotes, angle brackets and ampersands of their own. So neither an XML nor a C# grammar can read it alone.

/** Mode is where in a document a scanner stands; it is all that must be remembered from one line to the next. */
export type Mode = {
  place: "text" | "tag" | "value" | "comment" | "cdata";
  /** quote ends the attribute value in hand. */
  quote: string;
  /** open holds the brackets of the expression in hand, innermost last; empty outside an expression. */
  open: string[];
  /** inside is what the expression is in the middle of: a string, a comment, or nothing. */
  inside: "" | "string" | "verbatim" | "char" | "comment";
};

/** Kind is what a piece of text is to the reader. */
export type Kind = "text" | "name" | "attribute" | "value" | "comment" | "bracket" | "expression" | "keyword" | "string" | "number" | "operator";

/** startMode is the mode at the start of a document. */
export function startMode(): Mode {
  return { place: "text", quote: "", open: [], inside: "" };
}

/** step reads one piece of a line from an index: how long it is (at least 1) and what it is. The mode moves on. */
export function step(line: string, at: number, mode: Mode): { length: number; kind: Kind } {
  const rest = line.slice(at);
  if (mode.inside !== "") return insideToken(rest, mode);
  if (mode.open.length > 0) return expression(rest, mode);
  switch (mode.place) {
    case "comment":
      return until(rest, "-->", mode, "comment");
    case "cdata":
      return until(rest, "]]>", mode, "text");
    case "tag":
      return tag(rest, mode);
    case "value":
      return value(rest, mode);
    case "text":
      return text(rest, mode);
  }
}

function text(rest: string, mode: Mode): { length: number; kind: Kind } {
  if (rest.startsWith("<!--")) return enter(mode, "comment", 4, "comment");
  if (rest.startsWith("<![CDATA[")) return enter(mode, "cdata", 9, "bracket");
  const opening = /^<\/?(?=[\w?!-])/.exec(rest);
  if (opening) return enter(mode, "tag", opening[0].length, "bracket");
  if (startsExpression(rest)) return begin(rest, mode);
  return { length: run(rest, /^[^<@]+/), kind: "text" };
}

function tag(rest: string, mode: Mode): { length: number; kind: Kind } {
  const close = /^[/?]?>/.exec(rest);
  if (close) return enter(mode, "text", close[0].length, "bracket");
  if (rest.startsWith('"') || rest.startsWith("'")) {
    mode.quote = rest[0] ?? "";
    return enter(mode, "value", 1, "value");
  }
  const name = /^[\w:.-]+/.exec(rest);
  if (!name) return { length: run(rest, /^\s+/), kind: rest.startsWith("=") ? "operator" : "text" };
  const isAttribute = /^\s*=/.test(rest.slice(name[0].length));
  return { length: name[0].length, kind: isAttribute ? "attribute" : "name" };
}

function value(rest: string, mode: Mode): { length: number; kind: Kind } {
  if (rest.startsWith(mode.quote)) return enter(mode, "tag", 1, "value");
  if (startsExpression(rest)) return begin(rest, mode);
  const stop = rest.slice(1).search(mode.quote === '"' ? /["@]/ : /['@]/);
  return { length: stop < 0 ? rest.length : stop + 1, kind: "value" };
}

function startsExpression(rest: string): boolean {
  return rest.startsWith("@(") || rest.startsWith("@{");
}

function begin(rest: string, mode: Mode): { length: number; kind: Kind } {
  mode.open = [rest[1] ?? ""];
  return { length: 2, kind: "bracket" };
}

const keywords = `
  as bool break byte case catch char const continue decimal default do double else false finally float
  for foreach if in int is long new null object out return string switch throw true try typeof uint ulong
  using var when while
`;
const words = new RegExp(`^(?:${keywords.trim().replace(/\s+/g, "|")})\\b`);
const pairs: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

function expression(rest: string, mode: Mode): { length: number; kind: Kind } {
  const first = rest[0] ?? "";
  if (rest.startsWith("//")) return { length: rest.length, kind: "comment" };
  if (rest.startsWith("/*")) return into(mode, "comment", 2, "comment");
  const verbatim = /^(?:\$@|@\$|@)"/.exec(rest);
  if (verbatim) return into(mode, "verbatim", verbatim[0].length, "string");
  if (first === '"' || rest.startsWith('$"')) return into(mode, "string", first === '"' ? 1 : 2, "string");
  if (first === "'") return into(mode, "char", 1, "string");
  if ("([{".includes(first)) {
    mode.open = [...mode.open, first];
    return { length: 1, kind: "bracket" };
  }
  if (pairs[first] !== undefined) {
    if (mode.open.at(-1) === pairs[first]) mode.open = mode.open.slice(0, -1);
    return { length: 1, kind: "bracket" };
  }
  const number = /^\d[\w.]*/.exec(rest);
  if (number) return { length: number[0].length, kind: "number" };
  const keyword = words.exec(rest);
  if (keyword) return { length: keyword[0].length, kind: "keyword" };
  const name = /^[A-Za-z_]\w*/.exec(rest);
  if (name) return { length: name[0].length, kind: "expression" };
  return { length: run(rest, /^\s+/), kind: /^\s/.test(rest) ? "text" : "operator" };
}

// insideToken reads on in a string or comment of an expression. Ordinary strings and chars end with their line.
function insideToken(rest: string, mode: Mode): { length: number; kind: Kind } {
  const kind = mode.inside === "comment" ? "comment" : "string";
  const end = {
    string: /^(?:[^"\\]|\\.)*(?:"|\\?$)/,
    char: /^(?:[^'\\]|\\.)*(?:'|\\?$)/,
    verbatim: /^(?:[^"]|"")*"(?!")/,
    comment: /^.*?\*\//,
    "": /^/,
  }[mode.inside].exec(rest);
  if (!end) return { length: Math.max(rest.length, 1), kind };
  mode.inside = "";
  return { length: Math.max(end[0].length, 1), kind };
}

function until(rest: string, end: string, mode: Mode, kind: Kind): { length: number; kind: Kind } {
  const found = rest.indexOf(end);
  if (found < 0) return { length: Math.max(rest.length, 1), kind };
  return enter(mode, "text", found + end.length, kind);
}

function enter(mode: Mode, place: Mode["place"], length: number, kind: Kind): { length: number; kind: Kind } {
  mode.place = place;
  return { length, kind };
}

function into(mode: Mode, inside: Mode["inside"], length: number, kind: Kind): { length: number; kind: Kind } {
  mode.inside = inside;
  return { length, kind };
}

function run(rest: string, pattern: RegExp): number {
  return Math.max(pattern.exec(rest)?.[0].length ?? 0, 1);
}
