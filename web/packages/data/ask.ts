import { kinds } from "@atelier/kinds";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";

/** Ask puts a question that is too long for an address and changes nothing; its answer is not kept. */
export type Ask = <T>(path: string, body: unknown) => Promise<T>;

/** useAsk asks the server what no resource says, such as what may be written at a place of a policy. */
export function useAsk(): Ask {
  const queries = useQueryClient();
  return useMemo(() => {
    const query = { "api-version": kinds.policies.apiVersion };
    return <T>(path: string, body: unknown) => queries.fetchQuery<T>({ queryKey: ["ask", path, query, body], gcTime: 0, staleTime: 0 });
  }, [queries]);
}
