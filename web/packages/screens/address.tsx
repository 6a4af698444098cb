import type { MouseEvent, ReactNode } from "react";
import { Router, useLocation, useSearch } from "wouter";

/** Address is where the reader is, below the application's base, and how to go elsewhere. */
export type Address = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly go: (href: string) => void;
  /** setQuery replaces one value of the query; an empty value removes it. */
  readonly setQuery: (name: string, value: string) => void;
};

/** useAddress reads the address bar. */
export function useAddress(): Address {
  const [path, navigate] = useLocation();
  const query = new URLSearchParams(useSearch());
  function setQuery(name: string, value: string): void {
    const next = new URLSearchParams(query);
    if (value) next.set(name, value);
    else next.delete(name);
    navigate(next.size > 0 ? `${path}?${next}` : path, { replace: true });
  }
  return { path, query, go: (href) => navigate(`~${href}`), setQuery };
}

/**
 * Addressed lets every plain link below it move within the application without a page load, so that links stay
 * <a href>: a middle click, a modifier key, a target or another origin is left to the browser.
 */
export function Addressed({ base, children }: { base: string; children: ReactNode }) {
  return (
    <Router base={base}>
      <Links base={base}>{children}</Links>
    </Router>
  );
}

function Links({ base, children }: { base: string; children: ReactNode }) {
  const { go } = useAddress();
  function follow(event: MouseEvent<HTMLElement>): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash || !`${link.pathname}/`.startsWith(`${base}/`)) return;
    event.preventDefault();
    go(link.pathname + link.search);
  }
  // The click that arrives here was made on a link, which is reached by keyboard by itself.
  return <div onClick={follow}>{children}</div>;
}
