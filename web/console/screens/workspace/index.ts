import { typeOf } from "@atelier/arm";
import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const workspace: Declaration<Place> = {
  name: "overview",
  title: msg("screen.workspace", "Overview"),
  at: on(["workspaces"], "overview"),
  nav: true,
  needs: (place) => `${typeOf(place.id)}/read`,
  load: () => import("./page.tsx"),
};
