import { makeStyles } from "@fluentui/react-components";
import { lazy, Suspense, type ComponentProps } from "react";

// Menus bring a fifth of all code with them and are used now and then, so they come after the page. Their place is
// kept, so that nothing moves when they arrive.
const Theme = lazy(async () => ({ default: (await import("./theme-menu.tsx")).ThemeMenu }));
const Account = lazy(async () => ({ default: (await import("./account-menu.tsx")).AccountMenu }));

const useStyles = makeStyles({ place: { width: "32px", height: "32px", flexShrink: 0 } });

/** ThemeMenu lets the reader choose the theme. */
export function ThemeMenu() {
  const place = <span className={useStyles().place} />;
  return (
    <Suspense fallback={place}>
      <Theme />
    </Suspense>
  );
}

/** AccountMenu shows who is signed in, offers what belongs to the account, and signs out. */
export function AccountMenu(props: ComponentProps<typeof Account>) {
  const place = <span className={useStyles().place} />;
  return (
    <Suspense fallback={place}>
      <Account {...props} />
    </Suspense>
  );
}
