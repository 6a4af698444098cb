import { msg, say } from "@atelier/strings";
import { Skeleton, SkeletonItem, Text } from "@fluentui/react-components";
import { BoxRegular, ErrorCircleRegular, LockClosedRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { problemOf } from "./problem.ts";
import { useStyles } from "./states.styles.ts";

/** Loading is a skeleton of what will come: a table's rows, a page, or a few lines. */
export function Loading({ like }: { like: "table" | "page" | "text" }) {
  const styles = useStyles();
  const rows = like === "text" ? 2 : 5;
  return (
    <Skeleton className={styles.loading} aria-label={say(msg("state.loading", "Loading"))}>
      {like === "page" && <SkeletonItem size={32} className={styles.title} />}
      {Array.from({ length: rows }, (_, row) => (
        <SkeletonItem key={row} size={like === "table" ? 24 : 16} className={row % 2 ? styles.half : undefined} />
      ))}
    </Skeleton>
  );
}

/** Nothing says that none was ever made: what it is for, and how to make the first. */
export function Nothing({ words, action }: { words: string; action?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.quiet}>
      <div className={styles.sentence}>
        <BoxRegular className={styles.icon} aria-hidden />
        <Text>{words}</Text>
      </div>
      {action}
    </div>
  );
}

/** NoMatch says that a filter hides all there is. */
export function NoMatch({ words, clear }: { words: string; clear: () => void }) {
  return (
    <div className={useStyles().quiet}>
      <Text>{words}</Text>
      <Button onClick={clear}>{say(msg("state.clear-filters", "Clear filters"))}</Button>
    </div>
  );
}

/** NotAllowed explains a refusal: what is missing, where, and who can help. */
export function NotAllowed({ action, scope }: { action: string; scope: string }) {
  const styles = useStyles();
  return (
    <div className={styles.quiet} role="note">
      <div className={styles.sentence}>
        <LockClosedRegular className={styles.icon} aria-hidden />
        <Text weight="semibold">{say(msg("state.not-allowed", "You do not have access to this"))}</Text>
      </div>
      <Text>{say(msg("state.not-allowed.needs", "Needs {action}. An owner of {scope} can grant it."), { action, scope })}</Text>
    </div>
  );
}

/** Failed says what went wrong, with code and id for whoever helps, and offers to try again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const styles = useStyles();
  const problem = problemOf(error);
  return (
    <div className={styles.quiet} role="alert">
      <div className={styles.sentence}>
        <ErrorCircleRegular className={styles.icon} aria-hidden />
        <Text weight="semibold">{titleOf(problem.status)}</Text>
      </div>
      <Text>{problem.message}</Text>
      {problem.code !== "" && (
        <Text size={200} className={styles.meta}>
          {say(msg("state.failed.code", "Code {code}"), { code: problem.code })}
          {problem.correlationId !== "" && say(msg("state.failed.id", ", id {id}"), { id: problem.correlationId })}
        </Text>
      )}
      <Button onClick={retry}>{say(msg("state.retry", "Try again"))}</Button>
    </div>
  );
}

function titleOf(status: number): string {
  if (status === 403) return say(msg("state.failed.refused", "You do not have access to this"));
  if (status === 404) return say(msg("state.failed.absent", "This does not exist, or no longer"));
  return say(msg("state.failed", "Could not load this"));
}
