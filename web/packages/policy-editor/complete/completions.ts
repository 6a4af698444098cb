import { autocompletion, startCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { msg, say } from "@atelier/strings";
import type { Knowledge, Suggestion } from "../knowledge.ts";
import { positionAt, unitsOf } from "../position.ts";

/** completions offers what may stand at the cursor, while it is typed and when it is asked for. */
export function completions(complete: Knowledge["complete"]): Extension {
  return autocompletion({
    override: [(context) => result(context, complete)],
    icons: false,
    activateOnTypingDelay: 150,
    addToOptions: [{ render: (option) => kindOf(option.type ?? ""), position: 90 }],
  });
}

/** worthAsking tells whether a text that ends at the cursor may have begun something that can be completed. */
export function worthAsking(before: string): boolean {
  return /[\w<.:"'(/-]$/.test(before) || /<[\w:.-]+\s([^<>]*\s)?$/.test(before);
}

/** result is what the engine suggests, in the editor's form; null when it suggests nothing. */
export async function result(context: CompletionContext, complete: Knowledge["complete"]): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context;
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  if (!explicit && !worthAsking(before)) return null;
  const suggestions = await complete(state.doc.toString(), positionAt(state.doc, pos)).catch(() => []);
  if (suggestions.length === 0) return null;
  const from = pos - unitsOf(before, suggestions[0]?.word ?? 0);
  const begun = state.sliceDoc(from, pos).toLowerCase();
  return {
    from,
    options: suggestions.map(option),
    // The engine gave what goes on from this word. What is typed on narrows it; with less of the word there would be more.
    validFor: (text) => /^[\w:.-]*$/.test(text) && text.toLowerCase().startsWith(begun),
  };
}

function option(suggestion: Suggestion): Completion {
  return {
    label: suggestion.label,
    type: suggestion.kind,
    ...(suggestion.detail ? { detail: suggestion.detail } : {}),
    ...(suggestion.doc ? { info: suggestion.doc } : {}),
    ...(suggestion.kind === "attribute" ? { apply: attribute } : {}),
  };
}

// attribute writes quotes behind the name, goes between them and offers what may stand there, unless a value is there already.
function attribute(view: EditorView, { label }: Completion, from: number, to: number): void {
  const valued = /^\s*=/.test(view.state.sliceDoc(to, view.state.doc.lineAt(to).to));
  const insert = valued ? label : `${label}=""`;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length - (valued ? 0 : 1) },
    userEvent: "input.complete",
  });
  if (!valued) startCompletion(view);
}

const kinds: Record<string, string> = {
  element: say(msg("editor.kind.element", "element")),
  attribute: say(msg("editor.kind.attribute", "attribute")),
  value: say(msg("editor.kind.value", "value")),
  member: say(msg("editor.kind.member", "member")),
  type: say(msg("editor.kind.type", "type")),
};

function kindOf(kind: string): Node {
  const badge = document.createElement("span");
  badge.className = "cm-completionKind";
  badge.textContent = kinds[kind] ?? kind;
  return badge;
}
