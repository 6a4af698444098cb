import type { Message } from "@atelier/strings";
import { lazy, type ComponentType } from "react";

/** PageProps is all that a page is given: the place that its address names. */
export type PageProps<P> = { readonly place: P };

/** Screen is one page and when it is shown; P is how an application describes a place. */
export type Screen<P> = {
  readonly name: string;
  readonly title: Message;
  readonly at: (place: P) => boolean;
  /** nav is true for a screen that the navigation of its place offers. */
  readonly nav: boolean;
  /** needs is the action without which the screen is not offered and explains itself instead. */
  readonly needs?: (place: P) => string;
  readonly Page: ComponentType<PageProps<P>>;
  /** prefetch loads the page's code ahead of time. */
  readonly prefetch: () => void;
};

/** Declaration is what a screen's folder says about itself. */
export type Declaration<P> = Omit<Screen<P>, "Page" | "prefetch" | "nav"> & {
  readonly nav?: boolean;
  readonly load: () => Promise<{ readonly Page: ComponentType<PageProps<P>> }>;
};

/** screen declares a screen; its page is a chunk of its own, loaded when first shown. */
export function screen<P>({ load, nav = false, ...rest }: Declaration<P>): Screen<P> {
  const Page = lazy(async () => ({ default: (await load()).Page }));
  return { ...rest, nav, Page, prefetch: () => void load() };
}

/** findScreen is the first screen of the table that shows a place. */
export function findScreen<P>(screens: readonly Screen<P>[], place: P): Screen<P> | undefined {
  return screens.find((candidate) => candidate.at(place));
}
