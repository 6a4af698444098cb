import { history, defaultKeymap, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { msg, say } from "@atelier/strings";
import { Text } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { checking } from "./check/checking.ts";
import type { Checked } from "./check/checks.ts";
import { completions } from "./complete/completions.ts";
import { useStyles } from "./editor.styles.ts";
import { explanations } from "./explain/explanations.ts";
import { findingMarks, goTo, nextFinding, showFindings, type Finding } from "./findings.ts";
import { policyColours, policyLanguage } from "./grammar/language.ts";
import type { Knowledge } from "./knowledge.ts";
import { editorTheme } from "./theme.ts";

export type { Finding } from "./findings.ts";

/**
 * PolicyEditor edits a policy document. start is the text it begins with; give it a new key to begin with another.
 * It lives in a shadow tree, whose style sheets are adopted rather than written into the page, so that the strict
 * content security policy holds. Escape, then Tab, leaves it by keyboard.
 */
export function PolicyEditor(props: {
  label: string;
  start: string;
  readOnly: boolean;
  findings: readonly Finding[];
  /** at is the finding to show; each new object moves the cursor again. */
  at: Finding | undefined;
  onChange: (text: string) => void;
  /** onSave gets the text as it is at the key stroke, which may be ahead of the last onChange that was rendered. */
  onSave: (text: string) => void;
  /** knowledge completes, explains and checks; the one that is there at first is kept. */
  knowledge: Knowledge;
  /** onChecked gets what the engine found, when it has been quiet for a moment. Marks are shown by findings alone. */
  onChecked: (checked: Checked) => void;
}) {
  const styles = useStyles();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const made = host.current && create(host.current, latest);
    view.current = made ?? undefined;
    return () => made?.destroy();
  }, []);
  useEffect(() => {
    if (view.current) showFindings(view.current, props.findings);
  }, [props.findings]);
  useEffect(() => {
    if (view.current && props.at) goTo(view.current, props.at);
  }, [props.at]);

  return (
    <div className={styles.editor}>
      <div ref={host} className={styles.host} />
      <Text size={200} className={styles.hint}>
        {say(msg("editor.keys", "Ctrl Space suggests, Ctrl I explains the word at the cursor, F8 goes to the next finding, Ctrl S saves. Escape and then Tab leaves the editor."))}
      </Text>
    </div>
  );
}

type Latest = { readonly current: Parameters<typeof PolicyEditor>[0] };

function create(host: HTMLElement, latest: Latest): EditorView {
  const { label, start, readOnly, knowledge } = latest.current;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  return new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: start,
      extensions: [
        readOnly ? [] : completions(knowledge.complete),
        explanations(knowledge.explain),
        checking(knowledge.check, (checked) => latest.current.onChecked(checked)),
        editing(readOnly),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-multiline": "true", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
        Prec.high(keymap.of([{ key: "Mod-s", preventDefault: true, run: (view) => (latest.current.onSave(view.state.doc.toString()), true) }])),
      ],
    }),
  });
}

// typeOver replaces a selection by what is typed. Left to itself the browser keeps the look of the text that goes in
// an inline style, which the content security policy refuses.
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.data === null || event.isComposing) return false;
    if (view.state.readOnly || view.state.selection.main.empty) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

function editing(readOnly: boolean): Extension {
  return [
    policyLanguage,
    policyColours,
    editorTheme,
    findingMarks,
    typeOver,
    lineNumbers(),
    history(),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    indentUnit.of("    "),
    EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    keymap.of([{ key: "F8", run: nextFinding }, ...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
  ];
}
