// What a caller may do at a scope, mirrored from the server's answer. The server decides; this only spares refused requests.

/** Permission is one role entry of the caller at a scope. */
export type Permission = {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
};

/**
 * allows tells whether any single entry grants the action: some pattern of its actions matches and none of its
 * notActions does. Entries add up; a notAction of one entry takes nothing from another.
 */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    (entry) => entry.actions.some((p) => matches(p, action)) && !entry.notActions.some((p) => matches(p, action)),
  );
}

// matches compares a whole action with a pattern in which * stands for any run of characters, slashes included.
// It is linear in the action for each star: no regular expression is made from a text that the server sent.
function matches(pattern: string, action: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const subject = action.toLowerCase();
  const first = parts[0] ?? "";
  if (parts.length === 1) return subject === first;
  const last = parts[parts.length - 1] ?? "";
  if (subject.length < first.length + last.length) return false;
  if (!subject.startsWith(first) || !subject.endsWith(last)) return false;
  const end = subject.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = subject.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
