import { nameOf, parentOf, typeOf } from "@atelier/arm";

// A workspace role alone cannot reach what the workspace shares with its service: service tags, service products,
// users. Azure has a companion role at the service for each of the two that work with those.
const companions = new Map([
  ["56328988-075d-4c6a-8766-d93edd6725b6", "9565a273-41b9-4368-97d2-aeb0c976a9b3"],
  ["73c2c328-d004-4c5e-938c-35c6f5679a1f", "d59a3e9c-6d52-4a5a-aeed-6bf3cf0e31da"],
]);

/** Companion is the service-scoped role that belongs to a workspace role, and the service. */
export type Companion = { readonly role: string; readonly service: string };

/** companionOf is what belongs to a role that is given at a workspace; undefined for any other role or scope. */
export function companionOf(roleId: string, scope: string): Companion | undefined {
  const role = companions.get(nameOf(roleId).toLowerCase());
  const service = parentOf(scope);
  if (!role || !service || !typeOf(scope).toLowerCase().endsWith("/service/workspaces")) return undefined;
  return { role, service };
}
