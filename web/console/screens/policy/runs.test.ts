import type { PolicyLine } from "@atelier/kinds";
import { expect, test } from "vitest";
import { runsOf } from "./runs.ts";

const line = (text: string, more: Partial<PolicyLine> = {}): PolicyLine => ({ text, scope: "api", document: "/a/policies/policy", line: 1, ...more });

test("lines of one place are one run; another document, a fragment and what is hidden begin another", () => {
  const runs = runsOf([
    { text: "<!-- hidden -->", scope: "global", line: 0 },
    line("a"),
    line("b", { line: 2 }),
    line("c", { fragment: "audit" }),
    line("d", { line: 4 }),
    { text: "<forward-request />", scope: "global", line: 1 },
  ]);
  const said = runs.map((run) => `${run.scope}${run.hidden ? "?" : ""}${run.fragment ? `/${run.fragment}` : ""}: ${run.lines.map((each) => each.text).join(",")}`);
  expect(said).toEqual(["global?: <!-- hidden -->", "api: a,b", "api/audit: c", "api: d", "global: <forward-request />"]);
});

test("a section without lines has no run", () => expect(runsOf([])).toEqual([]));
