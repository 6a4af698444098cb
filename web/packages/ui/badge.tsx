import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleRegular, CircleHintRegular, ErrorCircleRegular, LockClosedRegular, WarningRegular } from "@fluentui/react-icons";

/** Tone is what a state means for the reader. */
export type Tone = "good" | "quiet" | "warning" | "bad";

const useStyles = makeStyles({
  state: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  good: { color: tokens.colorStatusSuccessForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  method: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: "nowrap",
  },
  safe: { color: tokens.colorPaletteBlueForeground2 },
  create: { color: tokens.colorStatusSuccessForeground1 },
  change: { color: tokens.colorStatusWarningForeground3 },
  remove: { color: tokens.colorStatusDangerForeground1 },
});

const icons = {
  good: CheckmarkCircleRegular,
  quiet: CircleHintRegular,
  warning: WarningRegular,
  bad: ErrorCircleRegular,
};

/** StateDot is a state as icon and word. */
export function StateDot({ tone, children }: { tone: Tone; children: string }) {
  const styles = useStyles();
  const Icon = icons[tone];
  return (
    <span className={styles.state}>
      <Icon className={styles[tone]} aria-hidden />
      {children}
    </span>
  );
}

/** LockMark stands before words that say why something is not shown. */
export function LockMark() {
  return <LockClosedRegular aria-hidden />;
}

const methodLook = new Map([
  ["GET", "safe"],
  ["HEAD", "safe"],
  ["POST", "create"],
  ["PUT", "change"],
  ["PATCH", "change"],
  ["DELETE", "remove"],
] as const satisfies [string, string][]);

/** MethodName is an HTTP method. */
export function MethodName({ children }: { children: string }) {
  const styles = useStyles();
  const look = methodLook.get(children as "GET");
  return <span className={mergeClasses(styles.method, look && styles[look])}>{children}</span>;
}
