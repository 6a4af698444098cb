import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const iam: Declaration<Place> = {
  name: "iam",
  title: msg("screen.iam", "Access control (IAM)"),
  at: on(["services", "workspaces", "apis"], "iam"),
  nav: true,
  needs: () => "Microsoft.Authorization/roleAssignments/read",
  load: () => import("./page.tsx"),
};
