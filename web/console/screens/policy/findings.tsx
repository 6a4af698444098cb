import { faultsOf } from "@atelier/arm";
import type { Finding } from "@atelier/policy-editor";
import { msg, say } from "@atelier/strings";
import { Button, Notice, Section, StateDot } from "@atelier/ui";
import { mergeClasses } from "@fluentui/react-components";
import { useStyles } from "./document.styles.ts";

type Show = (finding: Finding) => void;

/** Findings says in words what is marked in the editor, and leads to each line. */
export function Findings(props: { refused: unknown; unchecked: boolean; findings: readonly Finding[]; show: Show }) {
  const { refused, unchecked, findings, show } = props;
  if (refused) return <Refused refused={refused} findings={findings} show={show} />;
  return (
    <>
      {unchecked && <Notice tone="info">{say(msg("policy.unchecked", "Not checked while you write, because the server does not answer. Saving checks as well."))}</Notice>}
      {findings.length > 0 && <Found findings={findings} show={show} />}
    </>
  );
}

function Refused({ refused, findings, show }: { refused: unknown; findings: readonly Finding[]; show: Show }) {
  const styles = useStyles();
  const placeless = faultsOf(refused).filter((fault) => !findings.some((finding) => finding.message === fault.message));
  return (
    <Notice tone="error" title={say(msg("policy.refused", "Not saved. The policy in force is unchanged, and your draft is kept."))}>
      {placeless.map((fault) => (
        <div key={fault.message}>{fault.message}</div>
      ))}
      {findings.map((finding) => (
        <div key={keyOf(finding)} className={styles.finding}>
          <span>{finding.message}</span>
          <GoTo finding={finding} show={show} />
        </div>
      ))}
    </Notice>
  );
}

// Found is not read out by itself, for it changes while the reader writes; F8 in the editor reads out one after another.
function Found({ findings, show }: { findings: readonly Finding[]; show: Show }) {
  const styles = useStyles();
  return (
    <Section title={say(msg("policy.findings", "Findings ({count})"), { count: findings.length })}>
      <ul className={styles.list}>
        {findings.map((finding) => (
          <li key={keyOf(finding)} className={mergeClasses(styles.finding, styles.found)}>
            {finding.severity === "warning" ? (
              <StateDot tone="warning">{say(msg("policy.warning", "Warning"))}</StateDot>
            ) : (
              <StateDot tone="bad">{say(msg("policy.error", "Error"))}</StateDot>
            )}
            <span className={styles.words}>
              {finding.message}
              <span className={styles.where}>{say(msg("policy.where", "Line {line}, column {column}"), { line: finding.line, column: finding.column })}</span>
            </span>
            <GoTo finding={finding} show={show} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function GoTo({ finding, show }: { finding: Finding; show: Show }) {
  return <Button onClick={() => show(finding)}>{say(msg("policy.go-to", "Go to line {line}"), { line: finding.line })}</Button>;
}

function keyOf(finding: Finding): string {
  return `${finding.line}:${finding.column}:${finding.message}`;
}
