import { Failed, Loading } from "@atelier/ui";
import { Component, Suspense, type ReactNode } from "react";
import type { Screen } from "./screen.ts";

/** Shown renders the page of a screen: a skeleton while its code loads, an explanation when it breaks. */
export function Shown<P>({ screen, place, at }: { screen: Screen<P>; place: P; at: string }) {
  return (
    <Boundary key={at}>
      <Suspense fallback={<Loading like="page" />}>
        <screen.Page place={place} />
      </Suspense>
    </Boundary>
  );
}

// Boundary keeps the shell when one page breaks. A chunk that is gone means that a newer version was installed.
class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }
  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Failed error={this.state.error} retry={() => location.reload()} />;
  }
}
