import { expect, test } from "vitest";
import { chooseLanguage, format, msg, relativeTime, say } from "./index.ts";

test.each([
  ["plain words stay", "Create workspace", {}, "Create workspace"],
  ["a name is filled in", "Delete {name}?", { name: "orders" }, "Delete orders?"],
  ["a number is grouped", "{n} calls", { n: 12000 }, "12,000 calls"],
  ["one", "{n, plural, one {# API} other {# APIs}}", { n: 1 }, "1 API"],
  ["many", "{n, plural, one {# API} other {# APIs}}", { n: 1200 }, "1,200 APIs"],
  ["an exact case wins", "{n, plural, =0 {none} one {#} other {#}}", { n: 0 }, "none"],
  ["a case may hold places", "{n, plural, one {one in {w}} other {# in {w}}}", { n: 2, w: "payments" }, "2 in payments"],
  ["a missing value is seen", "Hello {name}", {}, "Hello {name}"],
  ])("%s", (_, text, values, want) => expect(format(text, values, "en")).toBe(want));

test("another language speaks its words and falls back to English", () => {
  chooseLanguage("de", { "x.save": "Speichern" });
  expect([say(msg("x.save", "Save")), say(msg("x.other", "Other"))]).toEqual(["Speichern", "Other"]);
  chooseLanguage("en", {});
});

test.each([
  ["2026-01-01T00:00:00Z", "2 hours ago"],
  ["2026-01-01T01:59:50Z", "this minute"],
  ["", ""],
])("the time %j is %j", (time, want) => expect(relativeTime(time, Date.parse("2026-01-01T02:00:00Z"))).toBe(want));
