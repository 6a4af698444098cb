// The management protocol, without React: ids, requests, pages, errors, permissions.
export { ArmError, faultsOf, positionOf, type Fault, type Position } from "./error.ts";
export { child, childType, nameOf, parentOf, parseId, sameId, typeOf, type Id } from "./id.ts";
export { allows, type Permission } from "./permissions.ts";
export { createClient, type Client, type ClientOptions } from "./request.ts";
