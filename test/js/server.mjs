// What the tests know of the server that run.mjs started.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { ApiManagementClient } from "@azure/arm-apimanagement";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ClientSecretCredential } from "@azure/identity";

const data = process.env.ATELIER_DATA;
const read = (file) => JSON.parse(readFileSync(join(data, file), "utf8"));

export const endpoints = read("endpoints.json");
export const admin = read("admin.json");
export const group = "js";

/** command runs a command of the binary and reads its JSON. */
export function command(...args) {
  return JSON.parse(execFileSync(process.env.ATELIER_BINARY, [...args, "--data", data, "-o", "json"], { encoding: "utf8" }));
}

/** credential signs in as a program, with nothing but an authority and a secret. */
export function credential(clientId, clientSecret) {
  return new ClientSecretCredential(admin.tenantId, clientId, clientSecret, { authorityHost: endpoints.management, disableInstanceDiscovery: true });
}

/** party is the clients of one program; retries would only hide what a test is about. */
export function party(clientId = admin.clientId, clientSecret = admin.clientSecret) {
  const who = credential(clientId, clientSecret);
  const options = { endpoint: endpoints.management, credentialScopes: [endpoints.management + "/.default"], retryOptions: { maxRetries: 0 } };
  return {
    credential: who,
    apim: new ApiManagementClient(who, admin.subscriptionId, options),
    authorization: new AuthorizationManagementClient(who, admin.subscriptionId, options),
  };
}

/** makeService makes the resource group, which belongs to another package of the SDK, and a service. */
export async function makeService(who, name) {
  const { token } = await who.credential.getToken(endpoints.management + "/.default");
  const made = await fetch(`${endpoints.management}/subscriptions/${admin.subscriptionId}/resourcegroups/${group}?api-version=2021-04-01`, {
    method: "PUT", headers: { authorization: "Bearer " + token, "content-type": "application/json" }, body: JSON.stringify({ location: "local" }),
  });
  if (!made.ok) throw new Error(`resource group: ${made.status} ${await made.text()}`);
  return who.apim.apiManagementService.beginCreateOrUpdateAndWait(group, name, {
    location: "local", sku: { name: "Premium", capacity: 1 }, publisherName: "Contoso", publisherEmail: "api@contoso.example",
  });
}

/** all collects a paged list. */
export async function all(list) {
  const out = [];
  for await (const v of list) out.push(v);
  return out;
}

/** serve answers every request on a free port until the test ends. */
export async function serve(t, answer) {
  const server = http.createServer(answer);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(() => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }));
  return `http://127.0.0.1:${server.address().port}`;
}

/** call sends a request to a gateway by its host name. */
export function call(host, path, headers = {}) {
  const { hostname, port } = new URL(endpoints.gateway);
  return new Promise((done, fail) => {
    http.get({ hostname, port, path, headers: { ...headers, host } }, (res) => {
      let body = "";
      res.setEncoding("utf8").on("data", (d) => (body += d)).on("end", () => done({ status: res.statusCode, body }));
    }).on("error", fail);
  });
}
