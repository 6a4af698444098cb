// GitHub's REST description, more than 1,000 operations, imported by link with the official JavaScript SDK: nothing is lost on the way in.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";
import { all, group, makeService, party, serve } from "./server.mjs";

const service = "js-github";
const methods = new Set(["get", "put", "post", "delete", "patch", "head", "options", "trace"]);

/** operationsOf lists "GET /path?query" of a document, with the names of the query parameters that a call can't do without. */
function operationsOf(doc) {
  const resolved = (p) => (p.$ref ? p.$ref.slice(2).split("/").reduce((at, key) => at[key], doc) : p);
  return Object.entries(doc.paths).flatMap(([path, item]) =>
    Object.keys(item).filter((m) => methods.has(m)).map((m) => {
      const parameters = [...(item.parameters ?? []), ...(item[m].parameters ?? [])].map(resolved);
      return named(m, path, parameters.filter((p) => p.in === "query" && p.required).map((p) => p.name));
    }));
}

const named = (method, path, query) => `${method.toUpperCase()} ${path}?${query.sort().join("&")}`;

/** stored is the same of an operation as the service has it: its template ends in the queries that must be there. */
function stored(o) {
  const [path, query = ""] = o.urlTemplate.split("?");
  return named(o.method, path, query.split("&").filter(Boolean).map((q) => q.split("=")[0]));
}

/** without is what a has and b lacks. */
const without = (a, b) => a.filter((x) => !new Set(b).has(x));

test("GitHub's REST description", async (t) => {
  const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/api.github.com.json");
  const doc = JSON.parse(readFileSync(file, "utf8"));
  const want = operationsOf(doc);
  assert.ok(want.length > 1000, `${want.length} operations`);
  const { apim, credential } = party();
  await makeService({ apim, credential }, service);
  await apim.workspace.createOrUpdate(group, service, "w", { displayName: "W" });
  const text = JSON.stringify(doc);
  const origin = await serve(t, (_, res) => res.setHeader("content-type", "application/json").end(text));

  await t.test("is imported whole", async () => {
    const api = await apim.workspaceApi.beginCreateOrUpdateAndWait(group, service, "w", "github", { path: "github", format: "openapi-link", value: origin + "/api.json" }, { updateIntervalInMs: 100 });
    assert.equal(api.displayName, doc.info.title);
    const operations = await all(apim.workspaceApiOperation.listByApi(group, service, "w", "github"));
    const got = operations.map(stored);
    assert.deepEqual({ lost: without(want, got), added: without(got, want) }, { lost: [], added: [] });
    const one = operations.find((o) => o.method === "GET" && o.urlTemplate === "/repos/{owner}/{repo}/issues/{issue_number}");
    assert.deepEqual(one.templateParameters?.map((p) => p.name).sort(), ["issue_number", "owner", "repo"]);
  });

  await t.test("comes out as it went in", async () => {
    const back = await exported(apim, "github");
    assert.equal(back.info.title, doc.info.title);
    assert.deepEqual({ lost: without(operationsOf(doc), operationsOf(back)), added: without(operationsOf(back), operationsOf(doc)) }, { lost: [], added: [] });
    assert.ok(Object.keys(back.components.schemas).length >= Object.keys(doc.components.schemas).length);
  });

  await t.test("is the same API when what came out goes in again", async () => {
    const text = JSON.stringify(await exported(apim, "github"));
    const origin = await serve(t, (_, res) => res.setHeader("content-type", "application/json").end(text));
    await apim.workspaceApi.beginCreateOrUpdateAndWait(group, service, "w", "again", { path: "again", format: "openapi-link", value: origin + "/api.json" }, { updateIntervalInMs: 100 });
    const operations = await all(apim.workspaceApiOperation.listByApi(group, service, "w", "again"));
    const first = await all(apim.workspaceApiOperation.listByApi(group, service, "w", "github"));
    const told = (list) => list.map((o) => `${o.name} ${o.method} ${o.urlTemplate} ${o.templateParameters?.map((p) => p.name + p.type)} ${o.responses?.map((r) => r.statusCode)}`).sort();
    assert.deepEqual(told(operations).filter((x, i) => x !== told(first)[i]), []);
  });
});

/** exported asks for the document by link, which is fetched without a token. */
async function exported(apim, api) {
  const answer = await apim.workspaceApiExport.get(group, service, "w", api, "openapi+json-link", "true");
  const fetched = await fetch(answer.value.link);
  assert.equal(fetched.status, 200);
  return fetched.json();
}
