import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle, makeStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({ body: { overflowWrap: "anywhere", whiteSpace: "normal" } });

/** Notice is a message in the page: it stays until what it says is no longer so. Errors are read out at once. */
export function Notice(props: {
  tone: "info" | "success" | "warning" | "error";
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { tone, title, actions, children } = props;
  return (
    <MessageBar intent={tone} layout="multiline" role={tone === "error" ? "alert" : "status"}>
      <MessageBarBody className={useStyles().body}>
        {title !== undefined && <MessageBarTitle>{title}</MessageBarTitle>}
        {children}
      </MessageBarBody>
      {actions !== undefined && <MessageBarActions>{actions}</MessageBarActions>}
    </MessageBar>
  );
}
