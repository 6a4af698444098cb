import { typeOf } from "@atelier/arm";
import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const api: Declaration<Place> = {
  name: "design",
  title: msg("screen.api", "Operations"),
  at: on(["apis"], "design"),
  nav: true,
  needs: (place) => `${typeOf(place.id)}/read`,
  load: () => import("./page.tsx"),
};
