// What the console knows of kinds: their place, api-version, and wire shape.
export { actionOf, collectionQuery, kinds, kindOf, type KindName } from "./kinds.ts";
export type * from "./wire.ts";
