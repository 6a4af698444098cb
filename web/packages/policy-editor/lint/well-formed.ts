import { tokens } from "../grammar/tokens.ts";

/** Problem is a fault of the document itself, at a place, 1-based. */
export type Problem = { readonly line: number; readonly column: number; readonly message: string };

type Open = { name: string; line: number; column: number };

/**
 * wellFormed finds the first place where elements do not close as they were opened. What is allowed inside which
 * element is for the server to say; this answers before a key stroke has been forgotten.
 */
export function wellFormed(document: string): Problem | undefined {
  const open: Open[] = [];
  let pending: { closing: boolean; name?: Open } | undefined;
  for (const token of tokens(document)) {
    if (token.kind === "bracket" && token.text.startsWith("<")) {
      pending = { closing: token.text === "</" };
    } else if (token.kind === "name" && pending && !pending.name) {
      pending.name = { name: token.text, line: token.line, column: token.column };
    } else if (token.kind === "bracket" && token.text.endsWith(">") && pending?.name) {
      const problem = settle(open, pending.name, pending.closing, token.text === "/>");
      if (problem) return problem;
      pending = undefined;
    }
  }
  const left = pending?.name ?? open.at(-1);
  return left && { line: left.line, column: left.column, message: `Element '${left.name}' is not closed` };
}

function settle(open: Open[], element: Open, closing: boolean, empty: boolean): Problem | undefined {
  if (empty) return undefined;
  if (!closing) {
    open.push(element);
    return undefined;
  }
  const last = open.pop();
  if (last?.name === element.name) return undefined;
  const message = last
    ? `</${element.name}> closes nothing here: '${last.name}' of line ${last.line} is still open`
    : `</${element.name}> closes nothing: no element is open`;
  return { line: element.line, column: element.column, message };
}
