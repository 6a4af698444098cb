import { Button as FluentButton, Tooltip, type ButtonProps as FluentProps } from "@fluentui/react-components";
import type { ReactNode } from "react";

export type ButtonProps = {
  readonly onClick?: () => void;
  readonly primary?: boolean;
  readonly subtle?: boolean;
  readonly submit?: boolean;
  readonly icon?: FluentProps["icon"];
  /** whyNot disables the button, keeps it reachable, and is its reason. */
  readonly whyNot?: string | undefined;
  readonly children: ReactNode;
};

/** Button does something here; what leads elsewhere is a link. */
export function Button({ onClick, primary, subtle, submit, icon, whyNot, children }: ButtonProps) {
  const button = (
    <FluentButton
      type={submit ? "submit" : "button"}
      appearance={primary ? "primary" : subtle ? "subtle" : "secondary"}
      {...(icon ? { icon } : {})}
      {...(onClick ? { onClick } : {})}
      disabledFocusable={whyNot !== undefined}
    >
      {children}
    </FluentButton>
  );
  if (whyNot === undefined) return button;
  return (
    <Tooltip content={whyNot} relationship="description" withArrow>
      {button}
    </Tooltip>
  );
}
