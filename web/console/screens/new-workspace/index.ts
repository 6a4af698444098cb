import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const newWorkspace: Declaration<Place> = {
  name: "new-workspace",
  title: msg("screen.new-workspace", "Create workspace"),
  at: on(["services"], "new-workspace"),
  needs: () => "Microsoft.ApiManagement/service/workspaces/write",
  load: () => import("./page.tsx"),
};
