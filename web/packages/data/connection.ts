import { ArmError, type Client } from "@atelier/arm";
import { QueryClient } from "@tanstack/react-query";
import type { Question } from "./queries.ts";
import type { Write } from "./write.ts";

/** createQueries makes the cache of server state: every question and every write goes through the one client. */
export function createQueries(client: Client): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        queryFn: ({ queryKey }) => ask(client, queryKey as Question),
        // The client repeats what is worth repeating; a refusal does not become an answer by asking again.
        retry: false,
        staleTime: 10_000,
        refetchOnWindowFocus: false,
      },
      mutations: { mutationFn: (write) => perform(client, write as Write) },
    },
  });
  // What was refused once shows that the known permissions are out of date.
  queries.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "error" || !refused(event.action.error)) return;
    void queries.invalidateQueries({ predicate: (query) => isPermissions(query.queryKey) && query !== event.query });
  });
  return queries;
}

function ask(client: Client, [verb, path, query, body]: Question): Promise<unknown> {
  if (verb === "ask") return client.act(path, query, body);
  return verb === "one" ? client.get(path, query) : client.list(path, query);
}

function perform(client: Client, write: Write): Promise<unknown> {
  if (write.verb === "remove") return client.remove(write.path, write.query);
  return client.put(write.path, write.query, write.body, write.ifMatch);
}

function refused(error: unknown): boolean {
  return error instanceof ArmError && error.status === 403;
}

function isPermissions(key: readonly unknown[]): boolean {
  return String(key[1]).endsWith("/providers/Microsoft.Authorization/permissions");
}
