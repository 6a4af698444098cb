import { beforeEach, expect, test, vi } from "vitest";
import { leaveForSignIn, redeem, takeReturn } from "./sign-in.ts";

const config = { tenantId: "t", clientId: "atelier-console", authority: "https://host/t", subscriptionId: "s" };

let stored: Map<string, string>;
let left: string[];

beforeEach(() => {
  stored = new Map();
  left = [];
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal("location", { origin: "https://host", assign: (url: string) => left.push(url) });
});

async function leave(): Promise<URLSearchParams> {
  await leaveForSignIn(config, "/console/x?q=1");
  return new URL(left.at(-1) ?? "").searchParams;
}

test("the sign-in page is asked for a code that only this tab can redeem", async () => {
  const query = await leave();
  expect(Object.fromEntries(query)).toMatchObject({
    client_id: "atelier-console",
    response_type: "code",
    redirect_uri: "https://host/console/",
    scope: "https://host/.default",
    code_challenge_method: "S256",
  });
  const returned = takeReturn(new URLSearchParams({ code: "c", state: query.get("state") ?? "" }));
  if (!returned || "refusal" in returned) throw new Error("the code was not taken");
  expect(returned.target).toBe("/console/x?q=1");
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(returned.verifier));
  expect(query.get("code_challenge")).toBe(Buffer.from(sum).toString("base64url"));
});

test("what the page keeps meanwhile is no token, and is gone after the return", async () => {
  const query = await leave();
  expect(stored.size).toBe(1);
  takeReturn(new URLSearchParams({ code: "c", state: query.get("state") ?? "" }));
  expect(stored.size).toBe(0);
});

test.each([
  ["a code that this tab did not ask for", { code: "c", state: "other" }, "this sign-in was not started in this tab"],
  ["a code without a state", { code: "c" }, "this sign-in was not started in this tab"],
  ["a refusal in words", { error: "access_denied", error_description: "The account is disabled." }, "The account is disabled."],
])("%s is not redeemed", async (_, query, refusal) => {
  await leave();
  expect(takeReturn(new URLSearchParams(query))).toEqual({ refusal });
});

test("an address without a code is no return", () => expect(takeReturn(new URLSearchParams("q=1"))).toBeUndefined());

test("two sign-ins share neither state nor challenge", async () => {
  const [first, second] = [await leave(), await leave()];
  expect(first.get("state")).not.toBe(second.get("state"));
  expect(first.get("code_challenge")).not.toBe(second.get("code_challenge"));
});

test("a refused code gives no token", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ error: "invalid_grant" }, { status: 400 }));
  expect(await redeem(config, "c", "v")).toBeUndefined();
});
