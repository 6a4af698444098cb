import { format, type Values } from "./format.ts";
import type { Message } from "./message.ts";

// English needs no catalogue: its words stand in the code. Any other language is one file, loaded before first render.
let current = "en";
let words: Readonly<Record<string, string>> = {};

/** chooseLanguage takes the catalogue of a language; from then on say speaks it, with English for what it lacks. */
export function chooseLanguage(code: string, catalogue: Readonly<Record<string, string>>): void {
  current = code;
  words = catalogue;
}

/** language is the code of the language in use, such as en. */
export function language(): string {
  return current;
}

/** say gives the words of a message in the language in use. */
export function say(message: Message, values: Values = {}): string {
  return format(words[message.id] ?? message.text, values, current);
}
