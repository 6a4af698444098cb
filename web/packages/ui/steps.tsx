import { msg, say } from "@atelier/strings";
import { Spinner, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { CheckmarkCircleRegular, CircleRegular, ErrorCircleRegular } from "@fluentui/react-icons";

/** Step is one part of a piece of work and how far it is. */
export type Step = { readonly label: string; readonly state: "waiting" | "running" | "done" | "failed" };

const useStyles = makeStyles({
  list: { display: "grid", gap: tokens.spacingVerticalS, margin: 0, padding: 0, listStyleType: "none" },
  step: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  icon: { fontSize: "20px", flexShrink: 0, color: tokens.colorNeutralForeground3 },
  done: { color: tokens.colorStatusSuccessForeground1 },
  failed: { color: tokens.colorStatusDangerForeground1 },
});

const words = {
  waiting: msg("step.waiting", "{label}: waiting"),
  running: msg("step.running", "{label}: running"),
  done: msg("step.done", "{label}: done"),
  failed: msg("step.failed", "{label}: failed"),
};

/** Steps shows the progress of work that has several parts. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }) {
  const styles = useStyles();
  return (
    <ol className={styles.list} aria-label={label} aria-live="polite">
      {steps.map((step) => (
        <li key={step.label} className={styles.step}>
          <Mark state={step.state} />
          <Text>{say(words[step.state], { label: step.label })}</Text>
        </li>
      ))}
    </ol>
  );
}

function Mark({ state }: { state: Step["state"] }) {
  const styles = useStyles();
  if (state === "running") return <Spinner size="extra-tiny" aria-hidden />;
  if (state === "done") return <CheckmarkCircleRegular className={mergeClasses(styles.icon, styles.done)} aria-hidden />;
  if (state === "failed") return <ErrorCircleRegular className={mergeClasses(styles.icon, styles.failed)} aria-hidden />;
  return <CircleRegular className={styles.icon} aria-hidden />;
}
