import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, watch } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Installation is a started product with its sample organisation, in a data folder of its own. */
export type Installation = {
  readonly management: string;
  readonly portal: string;
  readonly admin: { readonly username: string; readonly password: string; readonly subscriptionId: string };
  readonly sample: Sample;
  /** service is the id of the sample organisation's service. */
  readonly service: string;
  /** rest calls the management API as the administrator's program: the second client of a flow. */
  readonly rest: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
  readonly stop: () => Promise<void>;
};

type Person = { readonly username: string; readonly password: string };

type Sample = {
  readonly payments: { readonly group: string; readonly person: Person };
  readonly catalog: { readonly group: string; readonly person: Person };
  readonly consumer: { readonly email: string; readonly password: string };
};

const binary = process.env["ATELIER_BINARY"] ?? fileURLToPath(new URL("../../../bin/atelier", import.meta.url));
const addresses = ["management", "portal", "gateway", "gateway-tls", "sample"];

/** install starts the binary on an empty folder and waits until it has written its addresses. */
export async function install(): Promise<Installation> {
  const data = await mkdtemp(join(tmpdir(), "atelier-flow-"));
  const ports = addresses.flatMap((name) => [`--${name}-address`, "127.0.0.1:0"]);
  const child = spawn(binary, ["dev", "--data", data, ...ports], { stdio: ["ignore", "pipe", "pipe"] });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => log.push(String(chunk)));
  await written(join(data, "endpoints.json"), data, child, log);
  await written(join(data, "sample.json"), data, child, log);
  const read = async (name: string) => JSON.parse(await readFile(join(data, name), "utf8")) as never;
  const endpoints: { management: string; portal: string } = await read("endpoints.json");
  const admin: Installation["admin"] & { tenantId: string; clientId: string; clientSecret: string } = await read("admin.json");
  const ca = await readFile(join(data, "ca.pem"), "utf8");
  return {
    ...endpoints,
    admin,
    sample: await read("sample.json"),
    service: `/subscriptions/${admin.subscriptionId}/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso`,
    rest: restOf(endpoints.management, admin, ca),
    stop: () => stop(child, data),
  };
}

async function written(file: string, folder: string, child: ChildProcess, log: string[]): Promise<void> {
  const ended = new AbortController();
  child.once("exit", () => ended.abort());
  // Watching begins before the look, so that nothing is missed between the two.
  const changes = watch(folder, { signal: ended.signal });
  if (existsSync(file)) return;
  try {
    for await (const _ of changes) if (existsSync(file)) return;
  } catch {
    throw new Error(`${binary} ended before it was ready:\n${log.join("")}`);
  }
}

async function stop(child: ChildProcess, data: string): Promise<void> {
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await ended;
  await rm(data, { recursive: true });
}

function restOf(origin: string, admin: { tenantId: string; clientId: string; clientSecret: string }, ca: string): Installation["rest"] {
  async function token(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: admin.clientId,
      client_secret: admin.clientSecret,
      scope: `${origin}/.default`,
    });
    const answer = await send(`${origin}/${admin.tenantId}/oauth2/v2.0/token`, "POST", ca, { "Content-Type": "application/x-www-form-urlencoded" }, String(form));
    return (answer.body as { access_token: string }).access_token;
  }
  return async (method, path, body) => {
    const headers = { Authorization: `Bearer ${await token()}`, "Content-Type": "application/json" };
    return send(origin + path, method, ca, headers, body === undefined ? "" : JSON.stringify(body));
  };
}

function send(url: string, method: string, ca: string, headers: Record<string, string>, body: string): Promise<{ status: number; body: unknown }> {
  return new Promise((done, fail) => {
    const outgoing = request(url, { method, ca, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => done({ status: answer.statusCode ?? 0, body: text === "" ? undefined : JSON.parse(text) }));
    });
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}
