import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { Tag, tags } from "@lezer/highlight";
import { startMode, step, type Kind, type Mode } from "./scan.ts";

const look: Record<Kind, Tag | undefined> = {
  text: undefined,
  name: tags.tagName,
  attribute: tags.attributeName,
  value: tags.attributeValue,
  comment: tags.comment,
  bracket: tags.bracket,
  expression: tags.variableName,
  keyword: tags.keyword,
  string: tags.string,
  number: tags.number,
  operator: tags.operator,
};

/** policyLanguage colours policy documents; it is the scanner of this folder, line by line. */
export const policyLanguage = StreamLanguage.define<Mode>({
  name: "policy",
  startState: startMode,
  copyState: (mode) => ({ ...mode }),
  token(stream, mode) {
    if (stream.sol() && (mode.inside === "string" || mode.inside === "char")) mode.inside = "";
    const { length, kind } = step(stream.string, stream.pos, mode);
    stream.pos += length;
    return look[kind] ? kind : null;
  },
  tokenTable: Object.fromEntries(Object.entries(look).filter((entry): entry is [string, Tag] => entry[1] !== undefined)),
  languageData: { commentTokens: { block: { open: "<!--", close: "-->" } } },
});

// Colours are properties of the page, so that both themes bring their own.
export const policyColours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.tagName, color: "var(--colorPaletteBlueForeground2)" },
    { tag: tags.attributeName, color: "var(--colorPaletteBerryForeground2)" },
    { tag: tags.attributeValue, color: "var(--colorNeutralForeground1)" },
    { tag: tags.comment, color: "var(--colorNeutralForeground3)", fontStyle: "italic" },
    { tag: tags.bracket, color: "var(--colorNeutralForeground3)" },
    { tag: tags.variableName, color: "var(--colorPaletteTealForeground2)" },
    { tag: tags.keyword, color: "var(--colorPalettePurpleForeground2)", fontWeight: "600" },
    { tag: tags.string, color: "var(--colorPaletteGreenForeground3)" },
    { tag: tags.number, color: "var(--colorPaletteDarkOrangeForeground3)" },
  ]),
);
