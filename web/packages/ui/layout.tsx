import { Subtitle2, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Fragment, useId, type ReactNode } from "react";

const useStyles = makeStyles({
  stack: { display: "grid", gap: tokens.spacingVerticalL, minWidth: 0 },
  form: { maxWidth: "760px" },
  section: { display: "grid", gap: tokens.spacingVerticalS, minWidth: 0 },
  head: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM, alignItems: "center", minHeight: "32px" },
  grow: { flexGrow: 1, margin: 0 },
  actions: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    paddingTop: tokens.spacingVerticalL,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
  },
  columns: {
    display: "grid",
    gap: `${tokens.spacingVerticalXXXL} ${tokens.spacingHorizontalXXXL}`,
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 420px), 1fr))",
    alignItems: "start",
  },
  facts: {
    display: "grid",
    gridTemplateColumns: "minmax(120px, max-content) 1fr",
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
    alignItems: "baseline",
    margin: 0,
    overflowWrap: "anywhere",
  },
  term: { color: tokens.colorNeutralForeground3 },
  value: { margin: 0, minWidth: 0 },
});

/** Stack sets things that belong together under each other; form keeps it at the width of a form. */
export function Stack({ form, children }: { form?: boolean; children: ReactNode }) {
  const styles = useStyles();
  return <div className={mergeClasses(styles.stack, form && styles.form)}>{children}</div>;
}

/** Section is a headed part of a page, with its action at the end of the heading's line. */
export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const styles = useStyles();
  const heading = useId();
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <div className={styles.head}>
        <Subtitle2 as="h2" id={heading} className={styles.grow}>
          {title}
        </Subtitle2>
        {action}
      </div>
      {children}
    </section>
  );
}

/** Actions is the foot of a form: what is done with it, the main action first. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={useStyles().actions}>{children}</div>;
}

/** Columns sets parts of equal weight beside each other where there is room. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={useStyles().columns}>{children}</div>;
}

/** Facts is a list of labels and values. */
export function Facts({ of }: { of: readonly (readonly [label: string, value: ReactNode])[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.facts}>
      {of.map(([label, value]) => (
        <Fragment key={label}>
          <dt className={styles.term}>{label}</dt>
          <dd className={styles.value}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
