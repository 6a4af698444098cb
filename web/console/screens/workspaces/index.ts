import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

// The list is the one that the server filters to what its reader may see, so it needs no action of its own.
export const workspaces: Declaration<Place> = {
  name: "workspaces",
  title: msg("screen.workspaces", "Workspaces"),
  at: on(["services"], "workspaces"),
  nav: true,
  load: () => import("./page.tsx"),
};
