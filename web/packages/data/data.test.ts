import { ArmError, type Client } from "@atelier/arm";
import { QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { createQueries } from "./connection.ts";
import { directory, list, one } from "./queries.ts";

const scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x";

/** recorder is a client that notes what it was asked and refuses paths that end in a word. */
function recorder(refused = ""): { client: Client; asked: string[] } {
  const asked: string[] = [];
  async function answer(verb: string, path: string, query: Readonly<Record<string, string>>): Promise<never> {
    asked.push(`${verb} ${path.slice(scope.length)}?${new URLSearchParams(query)}`);
    if (refused && path.endsWith(refused)) throw new ArmError(403, { error: { code: "AuthorizationFailed", message: "no" } });
    return [] as never;
  }
  const client: Client = {
    get: (path, query) => answer("get", path, query),
    list: (path, query) => answer("list", path, query),
    put: (path, query) => answer("put", path, query),
    patch: (path, query) => answer("patch", path, query),
    remove: (path, query) => answer("remove", path, query),
    act: (path, query) => answer("act", path, query),
  };
  return { client, asked };
}

test.each([
  ["a resource by its id", one("apis", `${scope}/apis/a`), "get /apis/a?api-version=2024-05-01"],
  ["a policy as it was written", one("policies", `${scope}/policies/policy`, { format: "rawxml" }), "get /policies/policy?api-version=2024-05-01&format=rawxml"],
  ["the children of a kind", list("workspaces", scope), "list /workspaces?api-version=2024-05-01"],
  ["an extension of a scope, filtered", list("roleAssignments", scope, "atScope()"), "list /providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&%24filter=atScope%28%29"],
])("a question asks for %s", async (_, question, want) => {
  const { client, asked } = recorder();
  await createQueries(client).fetchQuery<unknown>({ queryKey: question.queryKey });
  expect(asked).toEqual([want]);
});

test("the directory is asked without an api-version", () =>
  expect(directory("groups").queryKey).toEqual(["directory", "/v1.0/groups", {}]));

test("a refusal is not asked again, and the known permissions are", async () => {
  const { client, asked } = recorder("/apis");
  const queries = createQueries(client);
  const permissions = new QueryObserver(queries, { queryKey: list("permissions", scope).queryKey, staleTime: 60_000 });
  const end = permissions.subscribe(() => undefined);
  await queries.fetchQuery({ queryKey: list("permissions", scope).queryKey });
  await expect(queries.fetchQuery({ queryKey: list("apis", scope).queryKey })).rejects.toMatchObject({ status: 403 });
  await expect.poll(() => asked.filter((line) => line.includes("/permissions")).length).toBe(2);
  expect(asked.filter((line) => line.startsWith("list /apis"))).toHaveLength(1);
  end();
});
