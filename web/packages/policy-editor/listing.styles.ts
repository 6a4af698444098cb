import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  listing: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "13px",
    lineHeight: "20px",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
  number: { color: tokens.colorNeutralForeground3, textAlign: "end", userSelect: "none", minWidth: "3ch", fontVariantNumeric: "tabular-nums" },
  code: { fontFamily: "inherit", fontSize: "inherit" },
  text: {},
  name: { color: tokens.colorPaletteBlueForeground2 },
  attribute: { color: tokens.colorPaletteBerryForeground2 },
  value: {},
  comment: { color: tokens.colorNeutralForeground3, fontStyle: "italic" },
  bracket: { color: tokens.colorNeutralForeground3 },
  expression: { color: tokens.colorPaletteTealForeground2 },
  keyword: { color: tokens.colorPalettePurpleForeground2, fontWeight: tokens.fontWeightSemibold },
  string: { color: tokens.colorPaletteGreenForeground3 },
  numeral: { color: tokens.colorPaletteDarkOrangeForeground3 },
  operator: {},
});
