import { Fragment } from "react";
import { tokens, type Token } from "./grammar/tokens.ts";
import { useStyles } from "./listing.styles.ts";

/** Listing is a piece of a policy to be read: each line behind its number, in the colours of the editor. */
export function Listing({ lines }: { lines: readonly { readonly text: string; readonly line: number }[] }) {
  const styles = useStyles();
  const pieces = byLine(lines.map((each) => each.text).join("\n"));
  return (
    <pre className={styles.listing}>
      {lines.map(({ line }, i) => (
        <Fragment key={i}>
          <span className={styles.number} aria-hidden>
            {line > 0 ? line : ""}
          </span>
          <code className={styles.code}>
            {(pieces.get(i + 1) ?? []).map((token) => (
              <span key={token.column} className={token.kind === "number" ? styles.numeral : styles[token.kind]}>
                {token.text}
              </span>
            ))}
          </code>
        </Fragment>
      ))}
    </pre>
  );
}

function byLine(text: string): Map<number, Token[]> {
  const out = new Map<number, Token[]>();
  for (const token of tokens(text)) out.set(token.line, [...(out.get(token.line) ?? []), token]);
  return out;
}
