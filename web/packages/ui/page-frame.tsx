import { Text, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  page: { display: "grid", gap: tokens.spacingVerticalXXL, minWidth: 0, alignContent: "start" },
  head: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "center" },
  titles: { display: "grid", gap: tokens.spacingVerticalXXS, flexGrow: 1, minWidth: 0 },
  title: {
    margin: 0,
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
    overflowWrap: "anywhere",
    outlineStyle: "none",
  },
  lead: { color: tokens.colorNeutralForeground3, overflowWrap: "anywhere" },
});

/** PageFrame is one screen's content: title, what it is about, its actions. Its heading takes the focus when it appears. */
export function PageFrame(props: {
  title: string;
  /** within names what the page belongs to; it follows the title in the window's title. */
  within: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={styles.page}>
      <title>{`${props.title} · ${props.within}`}</title>
      <div className={styles.head}>
        <div className={styles.titles}>
          <h1 tabIndex={-1} ref={takeFocus} className={styles.title}>
            {props.title}
          </h1>
          {props.lead !== undefined && <Text className={styles.lead}>{props.lead}</Text>}
        </div>
        {props.actions}
      </div>
      {props.children}
    </div>
  );
}

// Called when the heading appears, so a change of page is announced and the keyboard starts at its top.
function takeFocus(heading: HTMLElement | null): void {
  heading?.focus({ preventScroll: true });
}
