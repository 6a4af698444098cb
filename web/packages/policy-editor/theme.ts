import { EditorView } from "@codemirror/view";

/** editorTheme dresses the editor in the page's own tokens, which reach into its shadow tree as custom properties. */
export const editorTheme = EditorView.theme({
  "&": {
    height: "100%",
    fontSize: "13px",
    color: "var(--colorNeutralForeground1)",
    backgroundColor: "var(--colorNeutralBackground1)",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--fontFamilyMonospace)", lineHeight: "20px" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--colorNeutralForeground1)" },
  ".cm-cursor": { borderLeftColor: "var(--colorNeutralForeground1)" },
  ".cm-gutters": {
    color: "var(--colorNeutralForeground3)",
    backgroundColor: "var(--colorNeutralBackground2)",
    border: "none",
    borderRight: "1px solid var(--colorNeutralStroke2)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--colorSubtleBackgroundHover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--colorNeutralBackground1Selected) !important",
  },
  ".cm-tooltip, .cm-panels": {
    color: "var(--colorNeutralForeground1)",
    backgroundColor: "var(--colorNeutralBackground1)",
    border: "1px solid var(--colorNeutralStroke1)",
  },
  ".cm-tooltip": { borderRadius: "4px", boxShadow: "var(--shadow8)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--colorStatusDangerBorderActive)" },
  ".cm-line.cm-faulty": { backgroundColor: "var(--colorStatusDangerBackground1)" },
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--colorNeutralBackground1)" },
  ".cm-button": { color: "inherit", backgroundImage: "none", backgroundColor: "var(--colorNeutralBackground3)" },
});
