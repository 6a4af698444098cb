import { msg, say } from "@atelier/strings";
import type { ReactNode } from "react";
import { Notice } from "./notice.tsx";
import { problemOf } from "./problem.ts";
import { Failed, Loading } from "./states.tsx";

/** Answer is the part of a query's result that decides what is shown. */
export type Answer<T> = {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
};

/**
 * Data shows an answer: a skeleton until it is there, an explanation when it failed, and otherwise what its child
 * makes of data that is present. When a later refresh fails, the old data stays, with a note.
 */
export function Data<T>(props: { of: Answer<T>; like: "table" | "page" | "text"; children: (data: T) => ReactNode }) {
  const { of, like, children } = props;
  if (of.data === undefined) {
    return of.error ? <Failed error={of.error} retry={of.refetch} /> : <Loading like={like} />;
  }
  return (
    <>
      {of.error !== null && of.error !== undefined && (
        <Notice tone="warning">
          {say(msg("state.stale", "Could not refresh, so this may be out of date: {why}"), { why: problemOf(of.error).message })}
        </Notice>
      )}
      {children(of.data)}
    </>
  );
}
