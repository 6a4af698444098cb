import type { Declaration } from "@atelier/screens";
import { msg } from "@atelier/strings";
import { on, type Place } from "../../shell/place.ts";

export const products: Declaration<Place> = {
  name: "products",
  title: msg("portal.screen.products", "Products"),
  at: on("products"),
  nav: true,
  load: () => import("./page.tsx"),
};
