import type { Finding } from "./findings.ts";

/** Position is a place in a document, line and column from 1; columns count characters. */
export type Position = { readonly line: number; readonly column: number };

/** Suggestion is what may be written in place of the last word characters before the cursor. */
export type Suggestion = {
  readonly label: string;
  readonly kind: string;
  /** detail is a signature or a type, doc a sentence about it. */
  readonly detail?: string;
  readonly doc?: string;
  readonly word: number;
};

/** Knowledge is what the engine knows of a document; the page that shows the editor hands it in. Any of it may fail, and then says nothing. */
export type Knowledge = {
  readonly complete: (document: string, at: Position) => Promise<readonly Suggestion[]>;
  /** explain tells of the word at a place as Markdown; "" when nothing is known of it. */
  readonly explain: (document: string, at: Position) => Promise<string>;
  readonly check: (document: string) => Promise<readonly Finding[]>;
};
