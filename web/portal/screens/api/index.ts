import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const api: Declaration<Place> = {
  name: "api",
  title: msg("portal.screen.api", "API"),
  at: on("api"),
  load: () => import("./page.tsx"),
};
