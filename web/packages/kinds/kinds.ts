/** Kind is where resources of one type live and which api-version speaks of them. */
export type Kind = { readonly segment: string; readonly apiVersion: string; readonly provider?: string };

const management = "2024-05-01";
const authorization = "2022-04-01";

// One line a kind. A kind with a provider is reached below any scope through /providers/{provider}.
export const kinds = {
  services: { segment: "service", apiVersion: management, provider: "Microsoft.ApiManagement" },
  gateways: { segment: "gateways", apiVersion: management, provider: "Microsoft.ApiManagement" },
  configConnections: { segment: "configConnections", apiVersion: management },
  workspaces: { segment: "workspaces", apiVersion: management },
  apis: { segment: "apis", apiVersion: management },
  operations: { segment: "operations", apiVersion: management },
  policies: { segment: "policies", apiVersion: management },
  effectivePolicies: { segment: "effectivePolicies", apiVersion: management },
  schemas: { segment: "schemas", apiVersion: management },
  products: { segment: "products", apiVersion: management },
  subscriptions: { segment: "subscriptions", apiVersion: management },
  roleDefinitions: { segment: "roleDefinitions", apiVersion: authorization, provider: "Microsoft.Authorization" },
  roleAssignments: { segment: "roleAssignments", apiVersion: authorization, provider: "Microsoft.Authorization" },
  permissions: { segment: "permissions", apiVersion: authorization, provider: "Microsoft.Authorization" },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;

/** kindOf finds the kind of a full type path by its last word. */
export function kindOf(type: string): KindName | undefined {
  const word = type.slice(type.lastIndexOf("/") + 1).toLowerCase();
  return (Object.keys(kinds) as KindName[]).find((name) => kinds[name].segment.toLowerCase() === word);
}

/** collectionQuery is the path below a parent at which resources of a kind are listed. */
export function collectionQuery(kind: KindName, parent: string): string {
  const declared: Kind = kinds[kind];
  return declared.provider ? `${parent}/providers/${declared.provider}/${declared.segment}` : `${parent}/${declared.segment}`;
}

/** actionOf names the permission for a verb on resources of a kind below a parent of the given type. */
export function actionOf(kind: KindName, parentType: string, verb: "read" | "write" | "delete"): string {
  const declared: Kind = kinds[kind];
  return `${declared.provider ?? parentType}/${declared.segment}/${verb}`;
}
