import { nameOf, parentOf } from "@atelier/arm";
import { Listing } from "@atelier/policy-editor";
import { msg, say } from "@atelier/strings";
import { Link, LockMark } from "@atelier/ui";
import { mergeClasses } from "@fluentui/react-components";
import { hrefOf } from "../../shell/place.ts";
import { useStyles } from "./effective.styles.ts";
import type { Run } from "./runs.ts";

const scopes: Record<string, string> = {
  global: say(msg("policy.scope.service", "Service")),
  workspace: say(msg("policy.scope.workspace", "Workspace")),
  product: say(msg("policy.scope.product", "Product")),
  api: say(msg("policy.scope.api", "API")),
  operation: say(msg("policy.scope.operation", "Operation")),
};

/** Runs is what runs in one section: pieces of documents in their order, each under where it comes from. */
export function Runs({ runs }: { runs: readonly Run[] }) {
  const styles = useStyles();
  return (
    <ol className={styles.runs}>
      {runs.map((run, i) => (
        <li key={i} className={mergeClasses(styles.run, styles[run.scope as "api"])}>
          {run.hidden ? <Hidden scope={run.scope} /> : <Shown run={run} />}
        </li>
      ))}
    </ol>
  );
}

function Shown({ run }: { run: Run }) {
  const styles = useStyles();
  const owner = run.document === undefined ? undefined : parentOf(run.document);
  const line = run.lines[0]?.line ?? 1;
  return (
    <>
      <div className={styles.from}>
        <span className={styles.scope}>{scopes[run.scope] ?? run.scope}</span>
        {owner === undefined ? (
          <span className={styles.quiet}>{say(msg("policy.from.default", "what a service without a policy does"))}</span>
        ) : run.fragment === undefined ? (
          <Link href={`${hrefOf(owner, "policy")}?line=${line}`}>{say(msg("policy.from.line", "{name}, line {line}"), { name: nameOf(owner), line })}</Link>
        ) : (
          <>
            <Link href={hrefOf(owner, "policy")}>{nameOf(owner)}</Link>
            <span>{say(msg("policy.from.fragment", "Fragment {name}, line {line}"), { name: run.fragment, line })}</span>
          </>
        )}
      </div>
      <Listing lines={run.lines} />
    </>
  );
}

function Hidden({ scope }: { scope: string }) {
  const styles = useStyles();
  return (
    <div className={styles.hidden}>
      <LockMark />
      <span>{say(msg("policy.hidden", "{scope}: a policy runs here that you may not read."), { scope: scopes[scope] ?? scope })}</span>
    </div>
  );
}
