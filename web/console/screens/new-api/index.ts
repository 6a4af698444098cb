import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const newApi: Declaration<Place> = {
  name: "new-api",
  title: msg("screen.new-api", "Create API"),
  at: on(["workspaces"], "new-api"),
  needs: () => "Microsoft.ApiManagement/service/workspaces/apis/write",
  load: () => import("./page.tsx"),
};
