import { QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

/** Refusal is an error of the portal's data API. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string;

  constructor(status: number, body: unknown) {
    const error = (body as { error?: { code?: string; message?: string; field?: string } } | undefined)?.error;
    super(error?.message ?? `The server answered ${status} without saying why.`);
    this.name = "Refusal";
    this.status = status;
    this.code = error?.code ?? `Http${status}`;
    this.field = error?.field ?? "";
  }
}

/** send makes one call of the data API. */
export async function send<T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> {
  const answer = await fetch(path, {
    method,
    credentials: "same-origin",
    ...(method === "POST" ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) } : {}),
  });
  const text = await answer.text();
  const content: unknown = text === "" ? undefined : JSON.parse(text);
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content as T;
}

/** createQueries makes the cache of what the server said; a query's key is the path that is read. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        queryFn: ({ queryKey }) => send("GET", String(queryKey[0])),
        retry: false,
        staleTime: 10_000,
        refetchOnWindowFocus: false,
      },
    },
  });
}

/** read asks for what a path answers. */
export function read<T>(path: string): { readonly queryKey: readonly [string]; readonly select?: (answer: T) => T } {
  return { queryKey: [path] };
}

/** useSend gives a write after which everything shown is asked again. */
export function useSend<T, B = unknown>(method: "POST" | "DELETE", path: string) {
  const queries = useQueryClient();
  return useMutation<T, Error, B>({
    mutationFn: (body) => send<T>(method, path, body),
    onSuccess: () => queries.invalidateQueries(),
  });
}
