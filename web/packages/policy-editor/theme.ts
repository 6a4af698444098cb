import { EditorView } from "@codemirror/view";

// suggestions are the list of what may be written, and beside it a sentence about the chosen one.
const suggestions = {
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--fontFamilyMonospace)", maxHeight: "264px", padding: "4px", maxWidth: "min(480px, calc(100vw - 32px))" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { display: "flex", alignItems: "baseline", gap: "8px", padding: "4px 8px", lineHeight: "16px", borderRadius: "4px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--colorNeutralForeground1)",
    backgroundColor: "var(--colorSubtleBackgroundSelected)",
    outline: "1px solid var(--colorStrokeFocus2)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": {
    margin: "0",
    fontStyle: "normal",
    color: "var(--colorNeutralForeground3)",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  ".cm-completionKind": { marginLeft: "auto", color: "var(--colorNeutralForeground3)", fontFamily: "var(--fontFamilyBase)", fontSize: "12px" },
  ".cm-tooltip.cm-completionInfo": { padding: "8px 12px", fontFamily: "var(--fontFamilyBase)", lineHeight: "18px", whiteSpace: "pre-wrap" },
  // In a narrow window there is no room beside the list, and the sentence would lie on it.
  "@media (max-width: 720px)": { ".cm-tooltip.cm-completionInfo": { display: "none" } },
};

// explanation is what a word means.
const explanation = {
  ".cm-explanation": { padding: "8px 12px", maxHeight: "280px", overflowY: "auto", fontFamily: "var(--fontFamilyBase)", lineHeight: "18px", overflowWrap: "anywhere" },
  ".cm-explanation > *": { margin: "0 0 8px" },
  ".cm-explanation > :last-child": { marginBottom: "0" },
  ".cm-explanation ul": { paddingLeft: "16px" },
  ".cm-explanation code, .cm-explanation pre": { fontFamily: "var(--fontFamilyMonospace)", fontSize: "12px", whiteSpace: "pre-wrap" },
};

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
  ".cm-tooltip": { borderRadius: "4px", boxShadow: "var(--shadow8)", maxWidth: "min(560px, calc(100vw - 32px))" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--colorStatusDangerBorderActive)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--colorStatusWarningBorderActive)" },
  ".cm-line.cm-faulty": { backgroundColor: "var(--colorStatusDangerBackground1)" },
  ".cm-line.cm-doubtful": { backgroundColor: "var(--colorStatusWarningBackground1)" },
  ".cm-lintRange": { backgroundImage: "none !important", textDecorationLine: "underline", textDecorationStyle: "wavy", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecorationColor: "var(--colorStatusDangerBorderActive)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--colorStatusWarningBorderActive)" },
  ...suggestions,
  ...explanation,
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--colorNeutralBackground1)" },
  ".cm-button": { color: "inherit", backgroundImage: "none", backgroundColor: "var(--colorNeutralBackground3)" },
});
