import { faultsOf } from "@atelier/arm";
import type { Finding } from "@atelier/policy-editor";
import { msg, say } from "@atelier/strings";
import { Button, Notice } from "@atelier/ui";
import { useStyles } from "./document.styles.ts";

/** Findings says in words what is marked in the editor, and leads to each line. */
export function Findings(props: { refused: unknown; findings: readonly Finding[]; show: (finding: Finding) => void }) {
  const { refused, findings, show } = props;
  const styles = useStyles();
  if (!refused && findings.length === 0) return null;
  const said = findings.map((finding) => (
    <div key={`${finding.line}:${finding.column}:${finding.message}`} className={styles.finding}>
      <span>{refused ? finding.message : say(msg("policy.local", "Line {line}, column {column}: {message}"), finding)}</span>
      <Button onClick={() => show(finding)}>{say(msg("policy.go-to", "Go to line {line}"), { line: finding.line })}</Button>
    </div>
  ));
  if (!refused) return <Notice tone="warning">{said}</Notice>;
  const placeless = faultsOf(refused).filter((fault) => !findings.some((finding) => finding.message === fault.message));
  return (
    <Notice tone="error" title={say(msg("policy.refused", "Not saved. The policy in force is unchanged, and your draft is kept."))}>
      {placeless.map((fault) => (
        <div key={fault.message}>{fault.message}</div>
      ))}
      {said}
    </Notice>
  );
}
