import { screen, type Screen } from "@atelier/screens";
import { api } from "./screens/api/index.ts";
import { apis } from "./screens/apis/index.ts";
import { product } from "./screens/product/index.ts";
import { products } from "./screens/products/index.ts";
import { signIn } from "./screens/sign-in/index.ts";
import { subscriptions } from "./screens/subscriptions/index.ts";
import type { Place } from "./shell/place.ts";

/** screens is every page of the portal. Its order is the order of the navigation. */
export const screens: readonly Screen<Place>[] = [apis, api, products, product, subscriptions, signIn].map((declaration) =>
  screen(declaration),
);
