import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { LockClosedRegular } from "@fluentui/react-icons";

/** Tab is one of several views, each with an address. A tab without address is locked, for the reason given. */
export type Tab = { readonly label: string; readonly href?: string | undefined; readonly current: boolean; readonly whyNot?: string };

const useStyles = makeStyles({
  tabs: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalXL,
    margin: 0,
    padding: 0,
    listStyleType: "none",
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
  },
  tab: {
    display: "inline-flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    minHeight: "36px",
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    borderBottom: `${tokens.strokeWidthThick} solid transparent`,
    // Forced colours draw what is transparent, so that every tab would look chosen.
    "@media (forced-colors: active)": { borderBottomColor: "Canvas" },
    ":hover": { color: tokens.colorNeutralForeground1 },
  },
  current: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    borderBottomColor: tokens.colorCompoundBrandStroke,
    "@media (forced-colors: active)": { borderBottomColor: "Highlight" },
  },
  locked: { color: tokens.colorNeutralForeground3 },
});

/** Tabs leads between views of one thing. They are links, so that each can be opened and shared. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const styles = useStyles();
  return (
    <nav aria-label={label}>
      <ul className={styles.tabs}>
        {tabs.map((tab) => (
          <li key={tab.label}>
            {tab.href === undefined ? (
              <span className={mergeClasses(styles.tab, styles.locked)} title={tab.whyNot}>
                <LockClosedRegular aria-hidden />
                {tab.label}
              </span>
            ) : (
              <a
                href={tab.href}
                className={mergeClasses(styles.tab, tab.current && styles.current)}
                aria-current={tab.current ? "page" : undefined}
              >
                {tab.label}
              </a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}
