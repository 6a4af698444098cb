// Subscriptions of a GraphQL API with the official client of graphql-transport-ws: an event that a mutation publishes, a query and a mistake over the same connection.
import assert from "node:assert/strict";
import test from "node:test";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { endpoints, group, makeService, party, serve } from "./server.mjs";

const service = "js-graphql";
const schema = `type Query { user(id: Int!): User } type Mutation { createUser(id: Int!, name: String!): User } type Subscription { onUserCreated: User! }
type User { id: Int! name: String! }`;
const document = (url, more = "") =>
  `<http-data-source><http-request><set-method>GET</set-method><set-url>@("${url}/" + context.GraphQL.Arguments["id"])</set-url></http-request>${more}</http-data-source>`;

/** first is the first value of a stream of results. */
const first = async (stream) => {
  for await (const value of stream) return value;
};

test("a client subscribes to what mutations publish", async (t) => {
  const { apim } = party();
  await makeService(party(), service);
  const backend = await serve(t, (req, res) => res.setHeader("content-type", "application/json").end(`{"id":${req.url.slice(1)},"name":"Ann"}`));
  await apim.api.beginCreateOrUpdateAndWait(group, service, "users", { path: "users", displayName: "Users", apiType: "graphql", protocols: ["http", "https"], subscriptionRequired: false });
  await apim.apiSchema.beginCreateOrUpdateAndWait(group, service, "users", "graphql", { contentType: "application/vnd.ms-azure-apim.graphql.schema", value: schema });
  for (const [name, path, more] of [
    ["user", "Query/user"],
    ["create", "Mutation/createUser", '<http-response><publish-event><targets><graphql-subscription id="onUserCreated"/></targets></publish-event></http-response>'],
  ]) {
    await apim.graphQLApiResolver.createOrUpdate(group, service, "users", name, { displayName: name, path });
    await apim.graphQLApiResolverPolicy.createOrUpdate(group, service, "users", name, "policy", { format: "rawxml", value: document(backend, more) });
  }

  class Socket extends WebSocket {
    constructor(address, protocols) { super(address, protocols, { headers: { host: `${service}.localhost` } }); }
  }
  const client = createClient({ url: endpoints.gateway.replace("http", "ws") + "/users", webSocketImpl: Socket, lazy: false, retryAttempts: 0, keepAlive: 1000 });
  t.after(() => client.dispose());

  assert.deepEqual(await first(client.iterate({ query: "query q($id: Int!) { user(id: $id) { name } }", variables: { id: 7 } })), { data: { user: { name: "Ann" } } });
  const events = client.iterate({ query: "subscription { onUserCreated { id } }" });
  const told = events.next();
  await apim.api.beginCreateOrUpdateAndWait(group, service, "other", { path: "other", displayName: "Other", protocols: ["https"] }); // nobody else's change ends the connection
  const made = await first(client.iterate({ query: 'mutation { createUser(id: 8, name: "Ann") { name } }' }));
  assert.deepEqual(made, { data: { createUser: { name: "Ann" } } });
  assert.deepEqual((await told).value, { data: { onUserCreated: { id: 8 } } });
  await events.return();
  await assert.rejects(first(client.iterate({ query: "{ nothing }" })), (e) => /Cannot query field "nothing"/.test(e[0].message));
});
