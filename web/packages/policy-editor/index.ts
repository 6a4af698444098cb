// The policy language and its editor. Grammar and lint are pure, what the engine knows is handed in; editor.tsx is the React face.
export { PolicyEditor, type Finding } from "./editor.tsx";
export type { Checked } from "./check/checks.ts";
export type { Knowledge, Position, Suggestion } from "./knowledge.ts";
export { Listing } from "./listing.tsx";
export { tokens, type Token } from "./grammar/tokens.ts";
export { wellFormed } from "./lint/well-formed.ts";
