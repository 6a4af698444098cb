import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const signIn: Declaration<Place> = {
  name: "sign-in",
  title: msg("portal.screen.sign-in", "Sign in"),
  at: on("sign-in"),
  load: () => import("./page.tsx"),
};
