import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  editor: { display: "grid", gap: tokens.spacingVerticalXS, minWidth: 0 },
  hint: { color: tokens.colorNeutralForeground3 },
  host: {
    height: "clamp(320px, calc(100vh - 400px), 900px)",
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    overflow: "hidden",
    ":focus-within": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
});
