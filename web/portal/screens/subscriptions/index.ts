import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const subscriptions: Declaration<Place> = {
  name: "subscriptions",
  title: msg("portal.screen.subscriptions", "Subscriptions"),
  at: on("subscriptions"),
  nav: true,
  load: () => import("./page.tsx"),
};
