import { collectionQuery, kinds, type KindName } from "@atelier/kinds";
import type * as wire from "@atelier/kinds";

/** Wire is the shape in which resources of each kind travel. */
export type Wire = {
  services: wire.Service;
  gateways: wire.Gateway;
  configConnections: wire.ConfigConnection;
  workspaces: wire.Workspace;
  apis: wire.Api;
  operations: wire.Operation;
  policies: wire.Policy;
  effectivePolicies: wire.EffectivePolicy;
  schemas: wire.Schema;
  products: wire.Product;
  subscriptions: wire.Subscription;
  roleDefinitions: wire.RoleDefinition;
  roleAssignments: wire.RoleAssignment;
  permissions: { readonly actions: readonly string[]; readonly notActions: readonly string[] };
};

/** Question is a query key that says by itself what to ask the server; the one query function reads it. */
export type Question = readonly ["one" | "list" | "directory" | "ask", string, Readonly<Record<string, string>>, unknown?];

/** Asked carries the type of the answer beside the key; queryKey alone is what the cache sees. */
export type Asked<T> = { readonly queryKey: Question; readonly select?: (answer: T) => T };

/** one asks for a resource by its id. */
export function one<K extends KindName>(kind: K, id: string, query: Record<string, string> = {}): Asked<Wire[K]> {
  return { queryKey: ["one", id, { "api-version": kinds[kind].apiVersion, ...query }] };
}

/** list asks for all resources of a kind below a parent, optionally narrowed by $filter or by what else the kind understands. */
export function list<K extends KindName>(kind: K, parent: string, filter = "", more: Record<string, string> = {}): Asked<Wire[K][]> {
  const query = { "api-version": kinds[kind].apiVersion, ...(filter ? { $filter: filter } : {}), ...more };
  return { queryKey: ["list", collectionQuery(kind, parent), query] };
}

/** directory asks for all users, groups or programs of the directory. */
export function directory(of: "users" | "groups" | "servicePrincipals"): Asked<wire.DirectoryEntry[]> {
  return { queryKey: ["directory", `/v1.0/${of}`, {}] };
}
