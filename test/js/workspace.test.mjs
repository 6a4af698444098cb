// A workspace's life by the official JavaScript SDK: made, found, changed under a precondition, filled, published, called, listed, left by its team.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { admin, all, call, command, group, makeService, party, serve } from "./server.mjs";

const service = "js-contoso";
const contributor = "0c34c906-8d99-4cb7-8bb7-33f5b0a1a799";
const refused = (status, code) => (e) => e.statusCode === status && (!code || e.code === code);

test("a workspace's life", async (t) => {
  const platform = party();
  const made = await makeService(platform, service);
  assert.equal(made.provisioningState, "Succeeded");

  const workspace = await platform.apim.workspace.createOrUpdate(group, service, "payments", { displayName: "Payments", description: "Cards and refunds." });
  const id = workspace.id;

  await t.test("is found, with one tag for HEAD and GET", async () => {
    const head = await platform.apim.workspace.getEntityTag(group, service, "payments");
    const got = await platform.apim.workspace.get(group, service, "payments");
    assert.equal(got.displayName, "Payments");
    assert.equal(head.eTag, got.eTag);
    assert.deepEqual((await all(platform.apim.workspace.listByService(group, service))).map((w) => w.name), ["payments"]);
  });

  await t.test("is changed by whoever has read it last", async () => {
    const { eTag } = await platform.apim.workspace.getEntityTag(group, service, "payments");
    const changed = await platform.apim.workspace.update(group, service, "payments", eTag, { description: "Cards." });
    assert.equal(changed.description, "Cards.");
    await assert.rejects(platform.apim.workspace.update(group, service, "payments", eTag, { description: "Refunds." }), refused(412));
  });

  const program = command("principal", "create", "--kind", "serviceprincipal", "--name", "payments-js");
  await platform.authorization.roleAssignments.create(id, randomUUID(), {
    principalId: program.objectId, principalType: "ServicePrincipal",
    roleDefinitionId: `/subscriptions/${admin.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
  });
  const team = party(program.clientId, program.clientSecret);
  const backend = await serve(t, (req, res) => res.end(`${req.method} ${req.url} for ${req.headers["x-consumer"]}`));

  await t.test("is filled by its team", async () => {
    const { apim } = team;
    const api = await apim.workspaceApi.beginCreateOrUpdateAndWait(group, service, "payments", "payments", {
      path: "payments", format: "openapi", value: readFileSync(new URL("../../samples/payments.yaml", import.meta.url), "utf8"), serviceUrl: backend, protocols: ["http", "https"],
    });
    assert.ok((await all(apim.workspaceApiOperation.listByApi(group, service, "payments", "payments"))).length >= 3);

    const xml = '<policies><inbound><base /><set-header name="X-Consumer" exists-action="override"><value>@(context.Subscription.Name)</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>';
    await apim.workspaceApiPolicy.createOrUpdate(group, service, "payments", "payments", "policy", { format: "rawxml", value: xml });
    const policy = await apim.workspaceApiPolicy.get(group, service, "payments", "payments", "policy", { format: "rawxml" });
    assert.equal(policy.value, xml);

    await apim.workspaceProduct.createOrUpdate(group, service, "payments", "starter", { displayName: "Starter", state: "published", subscriptionRequired: true });
    await apim.workspaceProductApiLink.createOrUpdate(group, service, "payments", "starter", "payments", { apiId: api.id });
    const links = await all(apim.workspaceProductApiLink.listByProduct(group, service, "payments", "starter"));
    assert.deepEqual(links.map((l) => l.apiId), [api.id]);
  });

  await t.test("serves who has a key, and the new key only after a change", async () => {
    const keys = team.apim.workspaceSubscription;
    await keys.createOrUpdate(group, service, "payments", "first", { displayName: "first", scope: `${id}/products/starter` });
    const before = await keys.listSecrets(group, service, "payments", "first");
    const host = `${service}.localhost`;
    const answer = await call(host, "/payments/payments", { "Ocp-Apim-Subscription-Key": before.primaryKey });
    assert.equal(answer.status, 200, answer.body);
    assert.match(answer.body, /GET \/payments for first/);
    await keys.regeneratePrimaryKey(group, service, "payments", "first");
    const after = await keys.listSecrets(group, service, "payments", "first");
    assert.notEqual(after.primaryKey, before.primaryKey);
    assert.equal((await call(host, "/payments/payments", { "Ocp-Apim-Subscription-Key": before.primaryKey })).status, 401);
    assert.equal((await call(host, "/payments/payments", { "Ocp-Apim-Subscription-Key": after.primaryKey })).status, 200);
  });

  await t.test("shows a secret only to who asks for it", async () => {
    const values = team.apim.workspaceNamedValue;
    const put = await values.beginCreateOrUpdateAndWait(group, service, "payments", "password", { displayName: "password", value: "s3cret", secret: true });
    assert.equal(put.value, undefined);
    assert.equal((await values.get(group, service, "payments", "password")).value, undefined);
    assert.equal((await values.listValue(group, service, "payments", "password")).value, "s3cret");
  });

  await t.test("is listed page by page and by filter", async () => {
    for (let i = 0; i < 25; i++) await team.apim.workspaceTag.createOrUpdate(group, service, "payments", `tag-${i}`, { displayName: `Tag ${i}` });
    const pages = [];
    for await (const page of team.apim.workspaceTag.listByService(group, service, "payments", { top: 10 }).byPage()) pages.push(page.length);
    assert.deepEqual(pages, [10, 10, 5]);
    const some = await all(team.apim.workspaceTag.listByService(group, service, "payments", { filter: "startswith(name,'tag-1')" }));
    assert.equal(some.length, 11);
  });

  await t.test("is the only one that its team can see", async () => {
    await platform.apim.workspace.createOrUpdate(group, service, "catalog", { displayName: "Catalog" });
    await assert.rejects(team.apim.workspaceApi.get(group, service, "catalog", "nothing"), refused(403, "AuthorizationFailed"));
    await assert.rejects(team.apim.workspace.delete(group, service, "catalog", "*"), refused(403, "AuthorizationFailed"));
    await assert.rejects(team.apim.workspaceTag.createOrUpdate(group, service, "catalog", "t", { displayName: "T" }), refused(403, "AuthorizationFailed"));
  });

  await t.test("ends with all that is in it", async () => {
    await platform.apim.workspace.delete(group, service, "payments", "*");
    await assert.rejects(platform.apim.workspaceApi.get(group, service, "payments", "payments"), refused(404));
    assert.equal((await call(`${service}.localhost`, "/payments/payments")).status, 404);
    await platform.apim.apiManagementService.beginDeleteAndWait(group, service);
    await assert.rejects(platform.apim.apiManagementService.get(group, service), refused(404));
    assert.match((await platform.apim.deletedServices.getByName(service, "local")).serviceId, new RegExp(`/service/${service}$`));
    await platform.apim.deletedServices.beginPurgeAndWait(service, "local");
    await assert.rejects(platform.apim.deletedServices.getByName(service, "local"), refused(404));
  });
});
