import { kinds, type KindName } from "@atelier/kinds";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** Write is a change of one resource, as a value. */
export type Write = {
  readonly verb: "put" | "remove";
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
};

/** useWrite gives put, which replaces a resource and lets every list that may show it be asked again. */
export function useWrite() {
  const queries = useQueryClient();
  const { mutateAsync, isPending, error, reset } = useMutation<unknown, Error, Write>({
    onSuccess: () => queries.invalidateQueries(),
  });
  function put(kind: KindName, id: string, body: unknown, ifMatch?: string): Promise<unknown> {
    const query = { "api-version": kinds[kind].apiVersion };
    return mutateAsync({ verb: "put", path: id, query, body, ...(ifMatch ? { ifMatch } : {}) });
  }
  return { put, busy: isPending, error, reset };
}
