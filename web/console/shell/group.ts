import { parseId } from "@atelier/arm";

/** groupOf is the resource group that a resource belongs to. */
export function groupOf(id: string): string {
  const parsed = parseId(id);
  return parsed ? `/subscriptions/${parsed.subscription}/resourceGroups/${parsed.resourceGroup}` : "";
}
