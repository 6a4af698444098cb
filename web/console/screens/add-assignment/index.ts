import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const addAssignment: Declaration<Place> = {
  name: "add-role-assignment",
  title: msg("screen.add-assignment", "Add role assignment"),
  at: on(["services", "workspaces", "apis"], "add-role-assignment"),
  needs: () => "Microsoft.Authorization/roleAssignments/write",
  load: () => import("./page.tsx"),
};
