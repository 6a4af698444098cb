import { forEachDiagnostic, lintGutter, nextDiagnostic, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { StateEffect, StateField, type EditorState, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import { lineAt, offsetOf } from "./position.ts";

/** Finding is what is wrong at a place of the document, 1-based. What is no warning is an error: the document can't be saved with it. */
export type Finding = { readonly line: number; readonly column: number; readonly message: string; readonly severity?: "error" | "warning" };

const showLines = StateEffect.define<readonly Finding[]>();

// faultyLines tints whole lines, so that a fault is seen even when the word at fault is one character wide.
const faultyLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(showLines)) return decorate(transaction.state.doc, effect.value);
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** findingMarks shows findings in the gutter, under the text and on the line. */
export const findingMarks: Extension = [lintGutter(), faultyLines];

/** showFindings replaces what is marked. */
export function showFindings(view: EditorView, findings: readonly Finding[]): void {
  view.dispatch(setDiagnostics(view.state, findings.map((finding) => diagnostic(view.state, finding))));
  view.dispatch({ effects: showLines.of(findings) });
}

/** goTo puts the cursor at a finding and the finding in the middle of the view. */
export function goTo(view: EditorView, finding: Finding): void {
  const at = offsetOf(view.state.doc, finding);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

/** nextFinding goes to the next finding and reads it out. */
export function nextFinding(view: EditorView): boolean {
  if (!nextDiagnostic(view)) return false;
  const said: string[] = [];
  forEachDiagnostic(view.state, (found, from) => {
    if (from === view.state.selection.main.from) said.push(found.message);
  });
  view.dispatch({ effects: EditorView.announce.of(said.join(". ")) });
  return true;
}

function diagnostic(state: EditorState, finding: Finding): Diagnostic {
  const from = offsetOf(state.doc, finding);
  const line = lineAt(state.doc, finding.line);
  // The engine points at the start of a tag, a name or a value: what is marked is that, or at least one character.
  const length = /^<?\/?[\w:.-]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 1;
  const to = Math.max(Math.min(from + length, line.to), from);
  return { from, to, severity: finding.severity ?? "error", message: finding.message };
}

const faulty = Decoration.line({ class: "cm-faulty" });
const doubtful = Decoration.line({ class: "cm-doubtful" });

// decorate tints each line once; an error outweighs warnings.
function decorate(doc: Text, findings: readonly Finding[]): DecorationSet {
  const lines = new Map<number, Decoration>();
  for (const finding of findings) {
    const { from } = lineAt(doc, finding.line);
    if (finding.severity !== "warning") lines.set(from, faulty);
    else if (!lines.has(from)) lines.set(from, doubtful);
  }
  return Decoration.set([...lines].sort(([a], [b]) => a - b).map(([at, line]) => line.range(at)));
}
