// Words by id: message, plural, time, number, and the language they are said in.
export { chooseLanguage, language, say } from "./catalogue.ts";
export { format, type Values } from "./format.ts";
export { msg, type Message } from "./message.ts";
export { relativeTime } from "./time.ts";
