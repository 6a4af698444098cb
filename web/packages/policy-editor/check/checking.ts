import type { Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import type { Knowledge } from "../knowledge.ts";
import { createChecks, type Checked } from "./checks.ts";

/** checking checks a document when it is opened and while it is typed. */
export function checking(check: Knowledge["check"], tell: (checked: Checked) => void): Extension {
  return ViewPlugin.define((view) => {
    const checks = createChecks(check, tell);
    checks.changed(view.state.doc.toString(), 0);
    return {
      update(update) {
        if (update.docChanged) checks.changed(update.state.doc.toString());
      },
      destroy: () => checks.stop(),
    };
  });
}
