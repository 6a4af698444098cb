import { child } from "@atelier/arm";
import type { KindName } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import type { Draft } from "./draft.ts";

/** Task is one resource to be put; tasks are done in their order, each needing those before it. */
export type Task = { readonly label: string; readonly kind: KindName; readonly id: string; readonly body: unknown };

/** plan says which resources a draft becomes, below a service whose gateways live in a resource group. */
export function plan(draft: Draft, service: string, group: string, location: string): Task[] {
  const workspace: Task = {
    label: say(msg("plan.workspace", "Workspace {name}"), { name: draft.name }),
    kind: "workspaces",
    id: child(service, "workspaces", draft.name),
    body: { properties: { displayName: draft.displayName.trim(), description: draft.description.trim() } },
  };
  if (draft.gateway === "managed") return [workspace];
  const created: Task = {
    label: say(msg("plan.gateway", "Gateway {name}"), { name: draft.gatewayName }),
    kind: "gateways",
    id: `${group}/providers/Microsoft.ApiManagement/gateways/${draft.gatewayName}`,
    body: {
      location,
      sku: { name: "WorkspaceGatewayPremium", capacity: 1 },
      properties: { backend: {}, virtualNetworkType: "None" },
    },
  };
  const gateway = draft.gateway === "new" ? created.id : draft.gatewayId;
  const connection: Task = {
    label: say(msg("plan.connection", "Connection of the workspace to the gateway")),
    kind: "configConnections",
    id: child(gateway, "configConnections", connectionName(draft.name)),
    body: { properties: { sourceId: workspace.id } },
  };
  return draft.gateway === "new" ? [workspace, created, connection] : [workspace, connection];
}

// A connection's name is shorter than a workspace's and starts with a letter.
function connectionName(workspace: string): string {
  return `to-${workspace}`.slice(0, 30).replace(/-+$/, "");
}
