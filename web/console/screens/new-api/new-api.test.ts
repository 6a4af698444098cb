import { ArmError } from "@atelier/arm";
import { expect, test } from "vitest";
import { emptyDraft, faultsIn, plan, refusedIn, type Draft } from "./draft.ts";
import { sources } from "./sources.ts";

const workspace = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/workspaces/w";
const orders: Draft = { ...emptyDraft, name: "orders", path: "orders", link: "https://example.org/openapi.yaml", text: "openapi: 3.0.0" };

test.each<[string, Draft, readonly string[]]>([
  ["a complete draft", orders, []],
  ["a draft without anything", emptyDraft, ["name", "link"]],
  ["a draft without its text", { ...orders, by: "text", text: " " }, ["text"]],
  ["a name that is taken", { ...orders, name: "Payments" }, ["name"]],
  ["a name with a dot at its end", { ...orders, name: "orders." }, ["name"]],
  ["a WebSocket API, which has no document", { ...orders, source: "websocket", link: "" }, []],
])("%s lacks what it lacks", (_, draft, want) => expect(Object.keys(faultsIn(draft, ["payments"]))).toEqual(want));

test.each<[string, "link" | "text", string]>([
  ["openapi", "link", "http openapi-link"],
  ["openapi", "text", "http openapi"],
  ["wsdl", "text", "soap wsdl"],
  ["wsdl-to-rest", "link", "http wsdl-link"],
  ["wadl", "link", "http wadl-link-json"],
  ["wadl", "text", "http wadl-xml"],
  ["graphql", "link", "graphql graphql-link"],
  ["graphql", "text", "graphql + application/vnd.ms-azure-apim.graphql.schema"],
  ["odata", "text", "odata odata"],
  ["grpc", "link", "grpc grpc-link"],
  ["websocket", "link", "websocket"],
  ["blank", "text", "http"],
])("%s by %s is put as %s", (source, by, want) => {
  const [api, schema] = plan({ ...orders, source, by }, workspace);
  const { type, format, value } = (api?.body as { properties: Record<string, string> }).properties;
  const more = schema && (schema.body as { properties: { contentType: string } }).properties.contentType;
  expect([type, format, more && `+ ${more}`].filter(Boolean).join(" ")).toBe(want);
  expect(value).toBe(format === undefined ? undefined : by === "link" ? orders.link : orders.text);
});

test("every source says what it is about and has a name of its own", () => {
  expect(new Set(sources.map((source) => source.name)).size).toBe(sources.length);
  expect(sources.filter((source) => source.words === "" || source.about === "")).toEqual([]);
});

test("what is left empty is left to the document", () => {
  const [api] = plan({ ...orders, displayName: " ", serviceUrl: "" }, workspace);
  expect(Object.keys((api?.body as { properties: object }).properties)).toEqual(["type", "path", "format", "value"]);
});

test("what the server refuses stands at its field, and the rest above the button", () => {
  const details = [
    { code: "ValidationError", target: "value", message: "value: it is no WSDL." },
    { code: "ValidationError", target: "path", message: "path: another API has it." },
    { code: "ValidationError", target: "serviceUrl", message: "serviceUrl must be an absolute URL." },
    { code: "ValidationError", target: "contact.email", message: "contact.email is wrong." },
  ];
  expect(refusedIn(new ArmError(400, { error: { details } }), { ...orders, by: "text" })).toEqual({
    faults: { text: "It is no WSDL.", path: "Another API has it.", serviceUrl: "serviceUrl must be an absolute URL." },
    rest: ["contact.email is wrong."],
  });
});
