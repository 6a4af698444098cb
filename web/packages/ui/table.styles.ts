import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  table: { width: "100%", borderCollapse: "collapse", tableLayout: "auto" },
  head: {
    textAlign: "start",
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    fontWeight: tokens.fontWeightRegular,
    color: tokens.colorNeutralForeground3,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
  },
  row: { ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover } },
  cell: {
    height: "40px",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS} 0`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    verticalAlign: "middle",
    overflowWrap: "anywhere",
    textAlign: "start",
    fontWeight: tokens.fontWeightRegular,
  },
  // The name of a row is not broken within a word while another column can give way.
  name: { overflowWrap: "break-word" },
  end: { textAlign: "end", paddingRight: 0 },
  secondary: { "@media (max-width: 720px)": { display: "none" } },
});
