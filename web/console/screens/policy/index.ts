import { typeOf } from "@atelier/arm";
import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const policy: Declaration<Place> = {
  name: "policy",
  title: msg("screen.policy", "Policy"),
  at: on(["services", "workspaces", "products", "apis", "operations"], "policy"),
  nav: true,
  needs: (place) => `${typeOf(place.id)}/policies/read`,
  load: () => import("./page.tsx"),
};
