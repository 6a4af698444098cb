// Resource ids: /subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}/….
// Type words compare without regard to case, names keep the case in which the server stored them.

/** Id is a parsed resource id: a scope, then pairs of type word and name below one provider namespace. */
export type Id = {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly namespace: string;
  readonly types: readonly string[];
  readonly names: readonly string[];
};

/** parseId reads a resource id; undefined when the text is not one. */
export function parseId(text: string): Id | undefined {
  const [, subscriptions, subscription, groups, resourceGroup, providers, namespace, ...rest] = text.split("/");
  const fixed = [subscriptions, groups, providers].map((word) => word?.toLowerCase()).join("/");
  if (fixed !== "subscriptions/resourcegroups/providers") return undefined;
  if (!subscription || !resourceGroup || !namespace) return undefined;
  if (rest.length === 0 || rest.length % 2 === 1 || rest.some((part) => part === "")) return undefined;
  return {
    subscription,
    resourceGroup,
    namespace,
    types: rest.filter((_, i) => i % 2 === 0),
    names: rest.filter((_, i) => i % 2 === 1),
  };
}

/** typeOf is the full type path of an id, such as Microsoft.ApiManagement/service/workspaces; "" when it is no id. */
export function typeOf(id: string): string {
  const parsed = parseId(id);
  return parsed ? [parsed.namespace, ...parsed.types].join("/") : "";
}

/** nameOf is the last segment of an id. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** parentOf is the resource that holds this one; undefined at the top of the provider. */
export function parentOf(id: string): string | undefined {
  const parsed = parseId(id);
  if (!parsed || parsed.types.length < 2) return undefined;
  return id.split("/").slice(0, -2).join("/");
}

/** child is the id of a resource of the given type word below a parent. */
export function child(parent: string, type: string, name: string): string {
  return `${parent}/${type}/${name}`;
}

/** childType is the type path of a collection below a parent, from which its actions are named. */
export function childType(parent: string, type: string): string {
  return `${typeOf(parent)}/${type}`;
}

/** sameId compares two ids as the server does: without regard to case. */
export function sameId(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}
