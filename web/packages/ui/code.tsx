import { msg, say } from "@atelier/strings";
import { makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular, EyeOffRegular, EyeRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { Button } from "./button.tsx";

const useStyles = makeStyles({
  row: { display: "inline-flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS, minWidth: 0 },
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: "13px", overflowWrap: "anywhere" },
  block: { margin: 0, minWidth: 0 },
  caption: { display: "flex", alignItems: "center", justifyContent: "space-between", color: tokens.colorNeutralForeground2 },
  pre: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    maxHeight: "320px",
    overflow: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "13px",
    lineHeight: "20px",
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

/** CodeText is what machines read: a path, an id, a host name. With copy, a button takes it to the clipboard. */
export function CodeText({ children, copy }: { children: string; copy?: boolean }) {
  const styles = useStyles();
  if (!copy) return <code className={styles.code}>{children}</code>;
  return (
    <span className={styles.row}>
      <code className={styles.code}>{children}</code>
      <Copy text={children} />
    </span>
  );
}

/** Secret is a key: hidden until asked for, copied without being shown. */
export function Secret({ label, value }: { label: string; value: string }) {
  const styles = useStyles();
  const [shown, setShown] = useState(false);
  return (
    <span className={styles.row} role="group" aria-label={label}>
      <code className={styles.code}>{shown ? value : "••••••••••••"}</code>
      <Button subtle icon={shown ? <EyeOffRegular /> : <EyeRegular />} onClick={() => setShown(!shown)}>
        {shown ? say(msg("secret.hide", "Hide")) : say(msg("secret.show", "Show"))}
      </Button>
      <Copy text={value} />
    </span>
  );
}

function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }
  return (
    <Button subtle icon={copied ? <CheckmarkRegular /> : <CopyRegular />} onClick={() => void copy()}>
      {copied ? say(msg("copy.done", "Copied")) : say(msg("copy", "Copy"))}
    </Button>
  );
}

/** CodeBlock is several lines that machines read. copy is what goes to the clipboard when it differs from what is shown. */
export function CodeBlock({ label, text, copy }: { label: string; text: string; copy?: string }) {
  const styles = useStyles();
  return (
    <figure className={styles.block}>
      <figcaption className={styles.caption}>
        {label}
        <Copy text={copy ?? text} />
      </figcaption>
      <pre className={styles.pre} tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </figure>
  );
}
