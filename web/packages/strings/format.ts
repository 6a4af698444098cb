/** Values fill the places of a message. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * format fills {name} and {count, plural, one {# row} other {# rows}} (the subset of ICU that we use). A place
 * without a value stays as written, so that a mistake is seen rather than hidden.
 */
export function format(text: string, values: Values, locale: string): string {
  let out = "";
  for (let at = 0; at < text.length; ) {
    if (text[at] !== "{") {
      out += text[at++];
      continue;
    }
    const end = closing(text, at);
    out += place(text.slice(at + 1, end), values, locale);
    at = end + 1;
  }
  return out;
}

function place(inner: string, values: Values, locale: string): string {
  const [name = "", kind, ...rest] = inner.split(",");
  const value = values[name.trim()];
  if (value === undefined) return `{${inner}}`;
  if (kind?.trim() === "plural") return plural(rest.join(","), Number(value), values, locale);
  return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
}

function plural(cases: string, count: number, values: Values, locale: string): string {
  const wanted = [`=${count}`, new Intl.PluralRules(locale).select(count), "other"];
  const found = new Map<string, string>();
  for (let at = cases.indexOf("{"), from = 0; at >= 0; at = cases.indexOf("{", from)) {
    const end = closing(cases, at);
    found.set(cases.slice(from, at).trim(), cases.slice(at + 1, end));
    from = end + 1;
  }
  const chosen = wanted.map((key) => found.get(key)).find((text) => text !== undefined) ?? "";
  return format(chosen.replaceAll("#", new Intl.NumberFormat(locale).format(count)), values, locale);
}

// closing is the index of the brace that closes the one at the given index, or the end of the text.
function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    if (text[i] === "}" && --depth === 0) return i;
  }
  return text.length;
}
