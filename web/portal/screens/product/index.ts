import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const product: Declaration<Place> = {
  name: "product",
  title: msg("portal.screen.product", "Product"),
  at: on("product"),
  load: () => import("./page.tsx"),
};
