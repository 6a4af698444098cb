/** Piece is a run of text and how it is set. */
export type Piece = { readonly as: "text" | "strong" | "code"; readonly text: string };

/** Block is a paragraph, an entry of a list, or lines of code. */
export type Block = { readonly as: "paragraph" | "item" | "code"; readonly pieces: readonly Piece[] };

/** blocksOf reads the little Markdown that the engine writes: paragraphs, lists, fenced code, strong and code. Anything else is text. */
export function blocksOf(markdown: string): Block[] {
  const out: Block[] = [];
  let fenced: string[] | undefined;
  let open = false; // the last block goes on with the next line
  for (const line of markdown.split(/\r?\n/)) {
    const last = out.at(-1);
    if (/^```/.test(line)) {
      if (fenced) out.push({ as: "code", pieces: [{ as: "text", text: fenced.join("\n") }] });
      fenced = fenced ? undefined : [];
      open = false;
    } else if (fenced) fenced.push(line);
    else if (line.trim() === "") open = false;
    else if (line.startsWith("- ")) {
      out.push({ as: "item", pieces: piecesOf(line.slice(2)) });
      open = true;
    } else if (open && last) out[out.length - 1] = { as: last.as, pieces: [...last.pieces, { as: "text", text: " " }, ...piecesOf(line.trim())] };
    else {
      out.push({ as: "paragraph", pieces: piecesOf(line) });
      open = true;
    }
  }
  if (fenced) out.push({ as: "code", pieces: [{ as: "text", text: fenced.join("\n") }] });
  return out;
}

/** plain is Markdown as it is read aloud. */
export function plain(markdown: string): string {
  return blocksOf(markdown)
    .map(({ pieces }) => pieces.map((piece) => piece.text).join(""))
    .join("\n");
}

function piecesOf(line: string): Piece[] {
  const marks = /\*\*([^*]+)\*\*|`([^`]+)`/g;
  const out: Piece[] = [];
  let at = 0;
  for (const found of line.matchAll(marks)) {
    if (found.index > at) out.push({ as: "text", text: line.slice(at, found.index) });
    out.push(found[1] === undefined ? { as: "code", text: found[2] ?? "" } : { as: "strong", text: found[1] });
    at = found.index + found[0].length;
  }
  if (at < line.length) out.push({ as: "text", text: line.slice(at) });
  return out;
}
