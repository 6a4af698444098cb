import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { StateEffect, StateField, type EditorState, type Extension, type Text } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";

/** Finding is what is wrong at a place of the document, 1-based. */
export type Finding = { readonly line: number; readonly column: number; readonly message: string };

const showLines = StateEffect.define<readonly number[]>();

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
  view.dispatch({ effects: showLines.of(findings.map((finding) => lineAt(view.state.doc, finding.line).from)) });
}

/** goTo puts the cursor at a finding and the finding in the middle of the view. */
export function goTo(view: EditorView, finding: Finding): void {
  const at = offset(view.state.doc, finding);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

function diagnostic(state: EditorState, finding: Finding): Diagnostic {
  const from = offset(state.doc, finding);
  const word = state.wordAt(from);
  const end = word && word.to > from ? word.to : Math.min(from + 1, lineAt(state.doc, finding.line).to);
  return { from, to: Math.max(end, from), severity: "error", message: finding.message };
}

function decorate(doc: Text, starts: readonly number[]): DecorationSet {
  const line = Decoration.line({ class: "cm-faulty" });
  const sorted = [...new Set(starts)].filter((at) => at <= doc.length).sort((a, b) => a - b);
  return Decoration.set(sorted.map((at) => line.range(at)));
}

// offset and lineAt bring a place of the server's into the document, which may have been edited since.
function offset(doc: Text, { line, column }: Finding): number {
  const found = lineAt(doc, line);
  return Math.min(found.from + Math.max(column - 1, 0), found.to);
}

function lineAt(doc: Text, line: number) {
  return doc.line(Math.min(Math.max(line, 1), doc.lines));
}
