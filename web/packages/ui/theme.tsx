import { FluentProvider, makeStyles, mergeClasses, tokens, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useDark } from "./theme-choice.ts";

const useStyles = makeStyles({
  // Not on the provider itself: what floats (menus, tooltips) carries the provider's classes too.
  root: { minHeight: "100vh", backgroundColor: tokens.colorNeutralBackground2, fontVariantNumeric: "tabular-nums" },
  // What the browser draws itself (scroll bars, controls of the platform) follows the theme, not the system.
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
});

/** Themed gives everything below it the reader's theme. */
export function Themed({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const dark = useDark();
  return (
    <FluentProvider theme={dark ? webDarkTheme : webLightTheme}>
      <div className={mergeClasses(styles.root, dark ? styles.dark : styles.light)}>{children}</div>
    </FluentProvider>
  );
}
