import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import { msg, say } from "@atelier/strings";
import type { Knowledge } from "../knowledge.ts";
import { positionAt } from "../position.ts";
import { card } from "./card.ts";
import { plain } from "./markdown.ts";

/** explanations tells what a word means: under the pointer, and with Ctrl I at the cursor, where it is read out as well. */
export function explanations(explain: Knowledge["explain"]): Extension {
  const ask = (view: EditorView, at: number) => explain(view.state.doc.toString(), positionAt(view.state.doc, at)).catch(() => "");
  return [
    hoverTooltip(async (view, at) => {
      const word = view.state.wordAt(at);
      const markdown = word && (await ask(view, at));
      return markdown ? tooltip(word.from, markdown) : null;
    }, { hideOnChange: true }),
    atCursor,
    keymap.of([
      { key: "Mod-i", preventDefault: true, run: (view) => (void tell(view, ask), true) },
      { key: "Escape", run: (view) => view.state.field(atCursor) !== null && (view.dispatch({ effects: show.of(null) }), true) },
    ]),
  ];
}

const show = StateEffect.define<Tooltip | null>();

// atCursor is the explanation that was asked for by key; it goes when the text or the cursor does.
const atCursor = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, transaction) {
    for (const effect of transaction.effects) if (effect.is(show)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

async function tell(view: EditorView, ask: (view: EditorView, at: number) => Promise<string>): Promise<void> {
  const { doc, selection } = view.state;
  const markdown = await ask(view, selection.main.head);
  if (!view.dom.isConnected || view.state.doc !== doc || !view.state.selection.eq(selection)) return;
  const words = markdown ? plain(markdown) : say(msg("editor.unexplained", "There is nothing to explain here"));
  const shown = tooltip(selection.main.head, markdown || words);
  view.dispatch({ effects: [show.of(shown), EditorView.announce.of(words)] });
}

function tooltip(pos: number, markdown: string): Tooltip {
  return { pos, above: true, create: () => ({ dom: card(markdown) }) };
}
