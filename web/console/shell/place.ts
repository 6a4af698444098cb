import { parseId } from "@atelier/arm";
import { kindOf, type KindName } from "@atelier/kinds";
import { base } from "./config.ts";

/** Place is what an address names: a resource and a view of it. The home page has neither. */
export type Place = { readonly id: string; readonly kind: KindName | "home"; readonly view: string };

const firstView: Partial<Record<KindName, string>> = { apis: "design", operations: "policy", products: "policy", services: "workspaces" };

/** placeOf reads a path below the console's base: a resource id, then at most one word for the view. */
export function placeOf(path: string): Place | undefined {
  const parts = path.split("/").filter((part) => part !== "").map(decode);
  if (parts.length === 0) return { id: "", kind: "home", view: "" };
  const whole = `/${parts.join("/")}`;
  const resource = parseId(whole) ? whole : `/${parts.slice(0, -1).join("/")}`;
  const parsed = parseId(resource);
  const kind = parsed && kindOf(parsed.types.join("/"));
  if (!kind) return undefined;
  const view = resource === whole ? (firstView[kind] ?? "overview") : (parts.at(-1) ?? "");
  return { id: resource, kind, view };
}

/** hrefOf is the address of a view of a resource. */
export function hrefOf(id: string, view = ""): string {
  const path = id.split("/").map(encodeURIComponent).join("/");
  return base + path + (view ? `/${view}` : "");
}

/** home is the address of the first page. */
export const home = `${base}/`;

/** on makes the condition of a screen: a view of one of some kinds. */
export function on(kinds: readonly Place["kind"][], view: string): (place: Place) => boolean {
  return (place) => kinds.includes(place.kind) && place.view === view;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
