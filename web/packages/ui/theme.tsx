import { FluentProvider, makeStyles, tokens, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useDark } from "./theme-choice.ts";

const useStyles = makeStyles({
  // Not on the provider itself: what floats (menus, tooltips) carries the provider's classes too.
  root: { minHeight: "100vh", backgroundColor: tokens.colorNeutralBackground2, fontVariantNumeric: "tabular-nums" },
});

/** Themed gives everything below it the reader's theme. */
export function Themed({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return (
    <FluentProvider theme={useDark() ? webDarkTheme : webLightTheme}>
      <div className={styles.root}>{children}</div>
    </FluentProvider>
  );
}
