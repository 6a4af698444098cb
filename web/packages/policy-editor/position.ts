import type { Text } from "@codemirror/state";
import type { Position } from "./knowledge.ts";

// The engine counts characters, the editor counts UTF-16 units, of which a rare character has two.

/** positionAt is where an offset of the editor's stands. */
export function positionAt(doc: Text, offset: number): Position {
  const line = doc.lineAt(offset);
  return { line: line.number, column: [...line.text.slice(0, offset - line.from)].length + 1 };
}

/** offsetOf is the editor's offset of a position. The document may have been edited since, so what lies outside is moved to the nearest place. */
export function offsetOf(doc: Text, { line, column }: Position): number {
  const found = lineAt(doc, line);
  return found.from + [...found.text].slice(0, Math.max(column - 1, 0)).join("").length;
}

/** lineAt is a line, the nearest one when there is none of that number. */
export function lineAt(doc: Text, line: number) {
  return doc.line(Math.min(Math.max(line, 1), doc.lines));
}

/** unitsOf is how long the last so many characters of a text are. */
export function unitsOf(text: string, characters: number): number {
  return characters === 0 ? 0 : [...text].slice(-characters).join("").length;
}
