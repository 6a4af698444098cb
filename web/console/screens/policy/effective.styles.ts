import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  runs: { display: "grid", gap: tokens.spacingVerticalM, margin: 0, padding: 0, listStyleType: "none" },
  run: {
    display: "grid",
    gap: tokens.spacingVerticalXS,
    minWidth: 0,
    paddingLeft: tokens.spacingHorizontalM,
    borderLeft: `3px solid ${tokens.colorNeutralStroke1}`,
  },
  workspace: { borderLeftColor: tokens.colorPaletteBlueBorderActive },
  product: { borderLeftColor: tokens.colorPalettePurpleBorderActive },
  api: { borderLeftColor: tokens.colorPaletteTealBorderActive },
  operation: { borderLeftColor: tokens.colorPaletteBerryBorderActive },
  from: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalM, fontSize: tokens.fontSizeBase200, minHeight: "24px" },
  scope: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground3 },
  hidden: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, color: tokens.colorNeutralForeground3 },
  choice: { maxWidth: "320px" },
});
