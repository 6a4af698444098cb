// The policy language and its editor. Grammar and lint are pure; editor.tsx is the React face.
export { PolicyEditor, type Finding } from "./editor.tsx";
export { tokens, type Token } from "./grammar/tokens.ts";
export { wellFormed } from "./lint/well-formed.ts";
