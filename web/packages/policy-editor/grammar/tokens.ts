import { startMode, step, type Kind } from "./scan.ts";

/** Token is a piece of a document with its place, line and column 1-based. */
export type Token = { readonly kind: Kind; readonly text: string; readonly line: number; readonly column: number };

/** tokens reads a whole document. */
export function tokens(document: string): Token[] {
  const mode = startMode();
  const out: Token[] = [];
  document.split(/\r?\n/).forEach((line, row) => {
    // An ordinary string cannot go on over a line's end, so an unclosed one does not swallow the rest.
    if (mode.inside === "string" || mode.inside === "char") mode.inside = "";
    for (let at = 0; at < line.length; ) {
      const { length, kind } = step(line, at, mode);
      out.push({ kind, text: line.slice(at, at + length), line: row + 1, column: at + 1 });
      at += length;
    }
  });
  return out;
}
