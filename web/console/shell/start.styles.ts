import { makeStyles, tokens } from "@fluentui/react-components";

export const useStyles = makeStyles({
  door: { maxWidth: "480px", margin: "0 auto", padding: `96px ${tokens.spacingHorizontalXXL}` },
});
