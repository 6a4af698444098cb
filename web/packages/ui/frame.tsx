import { msg, say } from "@atelier/strings";
import { mergeClasses } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useStyles } from "./frame.styles.ts";
import { ThemeMenu } from "./menus.tsx";

/** Crumb is one step from the top to where the reader is. */
export type Crumb = { readonly label: string; readonly href: string };

/** NavGroup is a headed group of places beside the page. */
export type NavGroup = {
  readonly label: string;
  readonly items: readonly { readonly label: string; readonly href: string; readonly here: boolean; readonly onHover?: () => void }[];
};

/** Frame is the shell around every page: product, breadcrumb, theme, account, navigation, content. */
export function Frame(props: {
  product: string;
  home: string;
  crumbs: readonly Crumb[];
  nav: readonly NavGroup[];
  account: ReactNode;
  children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <>
      <a href="#main" className={styles.skip}>
        {say(msg("frame.skip", "Skip to content"))}
      </a>
      <header className={styles.bar}>
        <a href={props.home} className={styles.product}>
          {props.product}
        </a>
        <Crumbs of={props.crumbs} />
        <ThemeMenu />
        {props.account}
      </header>
      <div className={mergeClasses(styles.body, props.nav.length === 0 && styles.wide)}>
        {props.nav.length > 0 && <Navigation groups={props.nav} />}
        <main id="main" className={styles.main} tabIndex={-1}>
          <div className={props.nav.length === 0 ? styles.centred : undefined}>{props.children}</div>
        </main>
      </div>
    </>
  );
}

function Crumbs({ of }: { of: readonly Crumb[] }) {
  const styles = useStyles();
  return (
    <nav className={styles.crumbs} aria-label={say(msg("frame.breadcrumb", "Breadcrumb"))}>
      <ol className={styles.trail}>
        {of.map((crumb) => (
          <li key={crumb.href} className={styles.crumb}>
            <a href={crumb.href} className={styles.crumbLink} title={crumb.label}>
              {crumb.label}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Navigation({ groups }: { groups: readonly NavGroup[] }) {
  const styles = useStyles();
  return (
    <nav className={styles.nav} aria-label={say(msg("frame.navigation", "Navigation"))}>
      {groups.map((group) => (
        <div key={group.label}>
          <div className={styles.group}>{group.label}</div>
          <ul className={styles.items}>
            {group.items.map((item) => (
              <li key={item.href}>
                <a
                  href={item.href}
                  className={mergeClasses(styles.item, item.here && styles.here)}
                  aria-current={item.here ? "page" : undefined}
                  onMouseEnter={item.onHover}
                  onFocus={item.onHover}
                >
                  {item.label}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
