import { msg, say } from "@atelier/strings";

/** nameFrom makes a resource name from a title: lower-case letters and digits, hyphens between. */
export function nameFrom(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").slice(0, 80).replace(/^-+|-+$/g, "");
}

/** nameFault says what is wrong with a name: its shape, its length, or that it is taken. */
export function nameFault(name: string, shape: RegExp, limit: number, taken: readonly string[]): string | undefined {
  if (!shape.test(name)) return say(msg("name.shape", "Use letters, digits and hyphens, with a letter first and no hyphen last"));
  if (name.length > limit) return say(msg("name.length", "Use at most {limit} characters"), { limit });
  if (taken.some((other) => other.toLowerCase() === name.toLowerCase())) {
    return say(msg("name.taken", "The name {name} is taken"), { name });
  }
  return undefined;
}
