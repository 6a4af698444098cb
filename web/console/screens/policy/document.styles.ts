import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  finding: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalXS} 0`,
  },
  list: { display: "grid", margin: 0, padding: 0, listStyleType: "none" },
  found: { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
  words: { display: "grid", flex: "1 1 280px", minWidth: 0, overflowWrap: "anywhere" },
  where: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
});
