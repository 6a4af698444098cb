import { child, faultsOf } from "@atelier/arm";
import type { KindName } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { nameFault } from "../../shell/resource-name.ts";
import { sourceNamed, type Source } from "./sources.ts";

/** Draft is what the form has been told so far. */
export type Draft = {
  readonly source: string;
  readonly by: "link" | "text";
  readonly link: string;
  readonly text: string;
  readonly displayName: string;
  readonly name: string;
  readonly path: string;
  readonly serviceUrl: string;
};

export const emptyDraft: Draft = { source: "openapi", by: "link", link: "", text: "", displayName: "", name: "", path: "", serviceUrl: "" };

/** Faults are sentences by field. */
export type Faults = Partial<Record<keyof Draft, string>>;

/** Write is one resource to be put; writes are done in their order. */
export type Write = { readonly kind: KindName; readonly id: string; readonly body: unknown };

/** documented tells whether a source is made from a document. */
export function documented(source: Source): boolean {
  return source.link !== undefined;
}

/** faultsIn checks what can be known without the server. */
export function faultsIn(draft: Draft, taken: readonly string[]): Faults {
  const faults: Faults = {};
  const name = nameFault(draft.name, /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/, 256, taken);
  if (name !== undefined) faults.name = name;
  if (!documented(sourceNamed(draft.source))) return faults;
  if (draft.by === "link" && !/^https?:\/\/./i.test(draft.link.trim())) {
    faults.link = say(msg("new-api.link.missing", "Give the address of the document, beginning with https:// or http://"));
  }
  if (draft.by === "text" && draft.text.trim() === "") faults.text = say(msg("new-api.text.missing", "Paste the document"));
  return faults;
}

/** plan says which resources a draft becomes in a workspace. What the form leaves empty the document says. */
export function plan(draft: Draft, workspace: string): Write[] {
  const source = sourceNamed(draft.source);
  const id = child(workspace, "apis", draft.name);
  const said = { displayName: draft.displayName.trim(), serviceUrl: draft.serviceUrl.trim() };
  const properties: Record<string, unknown> = { type: source.type, path: draft.path.trim() };
  for (const [name, value] of Object.entries(said)) if (value !== "") properties[name] = value;
  const format = draft.by === "link" ? source.link : source.text;
  if (documented(source) && format !== undefined) {
    properties["format"] = format;
    properties["value"] = draft.by === "link" ? draft.link.trim() : draft.text;
  }
  const api: Write = { kind: "apis", id, body: { properties } };
  if (draft.by === "link" || source.schema === undefined) return [api];
  const schema = { contentType: source.schema, document: { value: draft.text } };
  return [api, { kind: "schemas", id: child(id, "schemas", source.name), body: { properties: schema } }];
}

/** refusedIn puts what the server refused at the fields of the form; rest is what belongs to none. */
export function refusedIn(error: unknown, draft: Draft): { readonly faults: Faults; readonly rest: readonly string[] } {
  const fields: Record<string, keyof Draft> = {
    value: draft.by, "document.value": draft.by, document: draft.by, format: "source", type: "source", apiType: "source",
    displayName: "displayName", path: "path", serviceUrl: "serviceUrl", name: "name", apiId: "name",
  };
  const faults: Faults = {};
  const rest: string[] = [];
  for (const { target, message } of faultsOf(error)) {
    const field = fields[target.replace(/^properties\./, "")];
    // The label says already which field it is.
    const words = message.startsWith(`${target}: `) ? capital(message.slice(target.length + 2)) : message;
    if (field === undefined) rest.push(message);
    else faults[field] = faults[field] === undefined ? words : `${faults[field]} ${words}`;
  }
  return { faults, rest };
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
