import { msg, say } from "@atelier/strings";
import { nameFault } from "../../shell/resource-name.ts";

/** Draft is what the wizard has been told so far. */
export type Draft = {
  readonly displayName: string;
  readonly name: string;
  readonly description: string;
  readonly gateway: "managed" | "new" | "existing";
  readonly gatewayName: string;
  readonly gatewayId: string;
};

export const emptyDraft: Draft = { displayName: "", name: "", description: "", gateway: "managed", gatewayName: "", gatewayId: "" };

/** Faults are sentences by field. */
export type Faults = Partial<Record<keyof Draft, string>>;

/** faultsIn checks the draft against the rules for names and against the names already taken. */
export function faultsIn(draft: Draft, workspaces: readonly string[], gateways: readonly string[]): Faults {
  const faults: Faults = {};
  if (draft.displayName.trim() === "") faults.displayName = say(msg("new-workspace.title.missing", "Give the workspace a display name"));
  faults.name = nameFault(draft.name, /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/, 80, workspaces);
  if (draft.gateway === "new") {
    faults.gatewayName = nameFault(draft.gatewayName, /^[a-zA-Z](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/, 45, gateways);
  }
  if (draft.gateway === "existing" && draft.gatewayId === "") {
    faults.gatewayId = say(msg("new-workspace.gateway.missing", "Choose a gateway"));
  }
  return faults;
}

/** hasFault tells whether any of some fields is at fault. */
export function hasFault(faults: Faults, fields: readonly (keyof Draft)[]): boolean {
  return fields.some((field) => faults[field] !== undefined);
}
