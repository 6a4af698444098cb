import { allows, ArmError } from "@atelier/arm";
import { useQuery } from "@tanstack/react-query";
import { list } from "./queries.ts";

/** Can answers whether the caller may do an action at a scope: undefined while it is not known. */
export type Can = (action: string) => boolean | undefined;

/** useCan asks for the caller's permissions at a scope once a minute and answers from them. */
export function useCan(scope: string | undefined): Can {
  const { data, error } = useQuery({
    ...list("permissions", scope ?? ""),
    enabled: scope !== undefined,
    staleTime: 60_000,
  });
  // A scope that does not even tell the caller's permissions grants nothing. When they could not be had for another
  // reason, the server decides by itself: what is asked of it will be answered or refused.
  if (error) return () => !(error instanceof ArmError && (error.status === 403 || error.status === 404));
  return (action) => data && allows(data, action);
}
