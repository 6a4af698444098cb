import type { Can } from "@atelier/data";
import { msg, say } from "@atelier/strings";

/** whyNot is the reason why an action is not offered, in words; undefined when it is, or while that is not known. */
export function whyNot(can: Can, action: string): string | undefined {
  return can(action) === false ? say(msg("why-not", "Needs {action}"), { action }) : undefined;
}
