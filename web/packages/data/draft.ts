import { useState } from "react";

/** Draft is the text being edited: kept in the session until it is saved or discarded. */
export type Draft = {
  readonly text: string;
  readonly changed: boolean;
  readonly edit: (text: string) => void;
  readonly discard: () => void;
  /** stored ends the draft when it still is the text that was stored; what was typed since stays a draft. */
  readonly stored: (text: string) => void;
};

/** useDraft edits the text of one resource over what the server has; a reload of the page keeps the draft. */
export function useDraft(id: string, saved: string): Draft {
  const key = `draft:${id.toLowerCase()}`;
  const [draft, setDraft] = useState(() => sessionStorage.getItem(key));
  function edit(text: string): void {
    setDraft(text);
    sessionStorage.setItem(key, text);
  }
  function discard(): void {
    setDraft(null);
    sessionStorage.removeItem(key);
  }
  function stored(sent: string): void {
    if (sessionStorage.getItem(key) === sent) sessionStorage.removeItem(key);
    setDraft((now) => (now === sent ? null : now));
  }
  return { text: draft ?? saved, changed: draft !== null && draft !== saved, edit, discard, stored };
}
