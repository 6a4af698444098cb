import { Button, Link as FluentLink, Tooltip, makeStyles, type ButtonProps } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  // A link that stands alone is a target, and a target is at least 24 px high.
  link: { display: "inline-flex", alignItems: "center", minHeight: "24px", overflowWrap: "break-word" },
  button: { textDecorationLine: "none" },
});

/** Link leads to an address. */
export function Link({ href, children }: { href: string; children: ReactNode }) {
  return (
    <FluentLink href={href} className={useStyles().link}>
      {children}
    </FluentLink>
  );
}

/** LinkButton leads to an address and looks like a button; whyNot keeps it visible and says why it leads nowhere. */
export function LinkButton(props: {
  href: string;
  primary?: boolean;
  icon?: ButtonProps["icon"];
  whyNot?: string | undefined;
  children: ReactNode;
}) {
  const { href, primary, icon, whyNot, children } = props;
  const styles = useStyles();
  const look = { appearance: primary ? ("primary" as const) : ("secondary" as const), ...(icon ? { icon } : {}) };
  if (whyNot === undefined) {
    return (
      <Button as="a" href={href} className={styles.button} {...look}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip content={whyNot} relationship="description" withArrow>
      <Button disabledFocusable {...look}>
        {children}
      </Button>
    </Tooltip>
  );
}
