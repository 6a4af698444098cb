import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const apis: Declaration<Place> = {
  name: "apis",
  title: msg("portal.screen.apis", "APIs"),
  at: on("apis"),
  nav: true,
  load: () => import("./page.tsx"),
};
