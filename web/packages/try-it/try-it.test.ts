import { expect, test } from "vitest";
import { curl } from "./curl.ts";
import { compose, missing, startValues, type Operation } from "./request.ts";

const refund: Operation = {
  method: "POST",
  path: "/charges/{id}/refund",
  parameters: [
    { name: "id", in: "path", required: true, type: "string", example: "a/b" },
    { name: "dryRun", in: "query", required: false, type: "boolean" },
    { name: "X-Trace", in: "header", required: false, type: "string" },
  ],
  body: { contentType: "application/json", example: '{"amount":1}' },
};

test("examples are filled in to start with, and nothing is missing", () => {
  expect(startValues(refund)).toEqual({ parameters: { "path:id": "a/b" }, body: '{"amount":1}' });
  expect(missing(refund, startValues(refund))).toEqual([]);
});

test("a required parameter without a value is named", () =>
  expect(missing(refund, { parameters: {}, body: "" })).toEqual(["id"]));

test("values go to their places, encoded, and empty ones stay out", () => {
  const values = { parameters: { "path:id": "a/b", "query:dryRun": "yes & no", "header:X-Trace": "" }, body: "{}" };
  expect(compose(refund, values, [["Ocp-Apim-Subscription-Key", "k"]])).toEqual({
    method: "POST",
    path: "/charges/a%2Fb/refund?dryRun=yes+%26+no",
    headers: [
      ["Ocp-Apim-Subscription-Key", "k"],
      ["Content-Type", "application/json"],
    ],
    body: "{}",
  });
});

test("a GET carries no body", () =>
  expect(compose({ ...refund, method: "GET" }, startValues(refund)).body).toBe(""));

test("the command survives quotes", () => {
  const request = { method: "PUT", path: "/x", headers: [["A", "it's"]] as const, body: "b" };
  expect(curl("http://host", request)).toBe(`curl -X PUT 'http://host/x' \\\n  -H 'A: it'\\''s' \\\n  --data-raw 'b'`);
});
