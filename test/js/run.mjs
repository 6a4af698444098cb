// Starts a server on an empty data folder and free ports, and runs the tests against it: node reads extra certificate authorities only when it starts,
// and the server makes its own.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";

const here = dirname(fileURLToPath(import.meta.url));
const binary = process.env.ATELIER_BINARY ?? join(here, "../../bin/atelier");
const data = mkdtempSync(join(tmpdir(), "atelier-js-"));
const free = "127.0.0.1:0";
const server = spawn(binary, ["serve", "--data", data, "--management-address", free, "--portal-address", free, "--gateway-address", free,
  "--gateway-tls-address", free, "--link-egress-allow", "127.0.0.0/8"], { stdio: ["ignore", "ignore", "pipe"] });
let log = "";
server.stderr.setEncoding("utf8").on("data", (text) => (log += text));
let status = 1;
try {
  const until = Date.now() + 30_000;
  while (!existsSync(join(data, "endpoints.json"))) {
    if (Date.now() > until || server.exitCode !== null) throw new Error("the server did not start");
    await pause(20);
  }
  const tests = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(here).filter((f) => f.endsWith(".test.mjs")).map((f) => join(here, f));
  const run = spawn(process.execPath, ["--test", ...tests], {
    stdio: "inherit", env: { ...process.env, NODE_EXTRA_CA_CERTS: join(data, "ca.pem"), ATELIER_DATA: data, ATELIER_BINARY: binary },
  });
  status = await new Promise((ended) => run.once("exit", (code) => ended(code ?? 1)));
} finally {
  const ended = server.exitCode === null ? new Promise((done) => server.once("exit", done)) : undefined;
  server.kill("SIGTERM");
  await ended;
  if (status !== 0) process.stderr.write(log);
  rmSync(data, { recursive: true, force: true });
}
process.exit(status);
