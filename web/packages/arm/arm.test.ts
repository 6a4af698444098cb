import { describe, expect, test } from "vitest";
import { allows, ArmError, createClient, faultsOf, parentOf, parseId, positionOf, sameId, typeOf } from "./index.ts";

const service = "/subscriptions/s1/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso";

describe("a resource id", () => {
  test.each([
    [service, "Microsoft.ApiManagement/service"],
    [`${service}/workspaces/payments/apis/orders;rev=2`, "Microsoft.ApiManagement/service/workspaces/apis"],
    [service.toLowerCase(), "microsoft.apimanagement/service"],
    ["/subscriptions/s1", ""],
    [`${service}/workspaces`, ""],
    [`${service}//payments`, ""],
    ["hello", ""],
  ])("%s has type %s", (id, want) => expect(typeOf(id)).toBe(want));

  test("knows its parent, and the top has none", () => {
    expect(parentOf(`${service}/workspaces/payments`)).toBe(service);
    expect(parentOf(service)).toBeUndefined();
  });
  test("compares without regard to case", () => expect(sameId(service, service.toUpperCase())).toBe(true));
  test("keeps the case of names", () => expect(parseId(`${service}/apis/Orders`)?.names).toEqual(["contoso", "Orders"]));
});

describe("permissions of a scope", () => {
  const grants = (actions: string[], notActions: string[] = []) => [{ actions, notActions }];
  test.each([
    ["a star covers slashes", grants(["*/read"]), "Microsoft.ApiManagement/service/apis/read", true],
    ["a star inside", grants(["a/*/read"]), "a/b/c/read", true],
    ["a star needs both slashes around it", grants(["service/*/read"]), "service/read", false],
    ["parts do not overlap", grants(["ab*ba"]), "aba", false],
    ["case does not matter", grants(["Microsoft.insights/logs/read"]), "Microsoft.Insights/Logs/Read", true],
    ["whole action only", grants(["apis/read"]), "apis/readers", false],
    ["notActions subtract", grants(["*"], ["Microsoft.Authorization/*/Write"]), "Microsoft.Authorization/roleAssignments/write", false],
    ["nothing grants nothing", [], "x/read", false],
  ])("%s", (_, permissions, action, want) => expect(allows(permissions, action)).toBe(want));
  test("another entry still grants what one entry subtracts", () =>
    expect(allows([...grants(["*"], ["x/write"]), ...grants(["x/write"])], "x/write")).toBe(true));
});

describe("a refusal", () => {
  const message = "Error in element 'set-header' on line 3, column 9: unknown attribute 'nam'.";
  const body = { error: { code: "ValidationError", message: "One or more fields…", details: [{ code: "ValidationError", target: "set-header", message }] } };
  test("names target and place", () => {
    const [fault] = faultsOf(new ArmError(400, body));
    expect(fault?.target).toBe("set-header");
    expect(positionOf(fault?.message ?? "")).toEqual({ line: 3, column: 9 });
  });
  test("without details is its own only fault", () =>
    expect(faultsOf(new ArmError(403, { error: { code: "AuthorizationFailed", message: "no" } }))).toEqual([
      { code: "AuthorizationFailed", target: "", message: "no" },
    ]));
  test("without a body still has a code", () => expect(new ArmError(502, undefined).code).toBe("Http502"));
});

describe("the client", () => {
  const query = { "api-version": "2024-05-01" };
  type Call = { url: string; init: RequestInit };
  function clientOf(...answers: Response[]) {
    const calls: Call[] = [];
    const waits: number[] = [];
    const tokens: boolean[] = [];
    const client = createClient({
      origin: "https://host",
      token: async (fresh) => (tokens.push(fresh), fresh ? "t2" : "t1"),
      fetch: async (url, init) => (calls.push({ url: String(url), init: init ?? {} }), answers.shift() ?? new Response(null, { status: 500 })),
      wait: async (ms) => void waits.push(ms),
    });
    return { client, calls, waits, tokens };
  }

  test("encodes a name once and never sends cookies", async () => {
    const { client, calls } = clientOf(Response.json({ name: "a;rev=2" }));
    await client.get("/x/apis/a;rev=2", query);
    expect(calls[0]?.url).toBe("https://host/x/apis/a%3Brev%3D2?api-version=2024-05-01");
    expect(calls[0]?.init.credentials).toBe("omit");
  });
  test("follows nextLink, to its own origin only", async () => {
    const { client, calls } = clientOf(
      Response.json({ value: [1], nextLink: "https://elsewhere/x?api-version=2024-05-01&$skip=1" }),
      Response.json({ value: [2], nextLink: "" }),
    );
    expect(await client.list("/x", query)).toEqual([1, 2]);
    expect(calls[1]?.url).toBe("https://host/x?api-version=2024-05-01&$skip=1");
  });
  test("renews a refused token once", async () => {
    const { client, tokens } = clientOf(new Response(null, { status: 401 }), Response.json({}));
    await client.get("/x", query);
    expect(tokens).toEqual([false, true]);
  });
  test("waits as long as a throttled read is told to", async () => {
    const { client, waits } = clientOf(new Response(null, { status: 429, headers: { "retry-after": "2" } }), Response.json({}));
    await client.get("/x", query);
    expect(waits).toEqual([2000]);
  });
  test("does not repeat a write", async () => {
    const { client, calls } = clientOf(new Response(null, { status: 503 }));
    await expect(client.put("/x", query, {})).rejects.toMatchObject({ status: 503 });
    expect(calls).toHaveLength(1);
  });
  test("waits for a long operation and reports its failure", async () => {
    const started = () => Response.json({ name: "g" }, { status: 201, headers: { "azure-asyncoperation": "https://host/op", "retry-after-ms": "100" } });
    const good = clientOf(started(), Response.json({ status: "InProgress" }), Response.json({ status: "Succeeded" }));
    expect(await good.client.put("/g", query, {})).toEqual({ name: "g" });
    const bad = clientOf(started(), Response.json({ status: "Failed", error: { code: "NoRoom", message: "full" } }));
    await expect(bad.client.put("/g", query, {})).rejects.toMatchObject({ code: "NoRoom" });
  });
});
