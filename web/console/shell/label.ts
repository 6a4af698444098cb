import { nameOf } from "@atelier/arm";

/** labelOf is what a resource is called where only its id is known. */
export function labelOf(id: string): string {
  return nameOf(id);
}
