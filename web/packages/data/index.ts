// React meets the protocol: what to ask, what may be done, and what is being written.
export { useAsk, type Ask } from "./ask.ts";
export { createQueries } from "./connection.ts";
export { useDraft, type Draft } from "./draft.ts";
export { directory, list, one, type Asked, type Wire } from "./queries.ts";
export { useCan, type Can } from "./can.ts";
export { useWrite, type Write } from "./write.ts";
