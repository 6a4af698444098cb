import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const home: Declaration<Place> = {
  name: "",
  title: msg("screen.home", "Services"),
  at: on(["home"], ""),
  load: () => import("./page.tsx"),
};
