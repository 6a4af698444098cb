import type { PolicyLine } from "@atelier/kinds";

/** Run is the lines that follow each other in one document or fragment. */
export type Run = {
  readonly scope: string;
  /** document is the id of the policy; absent for the default of the service, and for one that may not be read. */
  readonly document: string | undefined;
  readonly fragment: string | undefined;
  readonly hidden: boolean;
  readonly lines: readonly PolicyLine[];
};

/** runsOf joins lines that come from the same place. */
export function runsOf(lines: readonly PolicyLine[]): Run[] {
  const out: (Omit<Run, "lines"> & { lines: PolicyLine[] })[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    const from = { scope: line.scope, document: line.document, fragment: line.fragment, hidden: !line.document && line.line === 0 };
    const same = last && last.scope === from.scope && last.document === from.document && last.fragment === from.fragment && last.hidden === from.hidden;
    if (same) last.lines.push(line);
    else out.push({ ...from, lines: [line] });
  }
  return out;
}
