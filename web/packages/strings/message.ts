/** Message is a text with a stable id; the English words are its default. */
export type Message = { readonly id: string; readonly text: string };

/** msg declares a message where it is used. The build collects all of them into en.json. */
export function msg(id: string, text: string): Message {
  return { id, text };
}
