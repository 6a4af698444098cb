import type { Finding } from "../findings.ts";
import type { Knowledge } from "../knowledge.ts";

/** Checked is what the engine found in one text; undefined findings mean that it could not be asked. */
export type Checked = { readonly text: string; readonly findings: readonly Finding[] | undefined };

/** quiet is how many milliseconds nothing is typed before a document is checked. */
export const quiet = 400;

/** createChecks checks what was typed last once it has been quiet. Answers about earlier texts are dropped. */
export function createChecks(check: Knowledge["check"], tell: (checked: Checked) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: string | undefined;
  async function run(text: string): Promise<void> {
    const findings = await check(text).catch(() => undefined);
    if (text === latest) tell({ text, findings });
  }
  return {
    changed(text: string, wait = quiet): void {
      clearTimeout(timer);
      latest = text;
      timer = setTimeout(() => void run(text), wait);
    },
    stop(): void {
      clearTimeout(timer);
      latest = undefined;
    },
  };
}
