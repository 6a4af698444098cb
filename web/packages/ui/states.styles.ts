import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  // Nothing is shown for 150 ms, so that a fast answer does not flash.
  loading: {
    display: "grid",
    gap: tokens.spacingVerticalM,
    paddingTop: tokens.spacingVerticalM,
    animationName: { from: { visibility: "hidden" }, to: { visibility: "hidden" } },
    animationDuration: "150ms",
  },
  title: { width: "240px" },
  half: { width: "60%" },
  quiet: {
    display: "grid",
    justifyItems: "start",
    gap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalL} 0`,
    maxWidth: "72ch",
    overflowWrap: "anywhere",
  },
  sentence: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center" },
  icon: { fontSize: "20px", flexShrink: 0, color: tokens.colorNeutralForeground3 },
  meta: { color: tokens.colorNeutralForeground3 },
});
