import { blocksOf, type Block, type Piece } from "./markdown.ts";

/** card sets an explanation as elements; what it says stays text, whatever it looks like. */
export function card(markdown: string): HTMLElement {
  const out = document.createElement("div");
  out.className = "cm-explanation";
  let list: HTMLElement | undefined;
  for (const block of blocksOf(markdown)) {
    if (block.as !== "item") list = undefined;
    else if (!list) list = out.appendChild(document.createElement("ul"));
    (list ?? out).append(element(block));
  }
  return out;
}

const elements = { paragraph: "p", item: "li", code: "pre" } as const;

function element(block: Block): HTMLElement {
  const out = document.createElement(elements[block.as]);
  out.append(...block.pieces.map(node));
  return out;
}

function node({ as, text }: Piece): Node {
  if (as === "text") return document.createTextNode(text);
  const out = document.createElement(as);
  out.textContent = text;
  return out;
}
