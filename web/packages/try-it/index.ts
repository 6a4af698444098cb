// Composing a request to an operation, sending it by whatever is handed in, and reading the answer.
export { curl } from "./curl.ts";
export { compose, startValues, type Operation, type Parameter, type Request, type Values } from "./request.ts";
export { TryIt, type Reply, type Sender } from "./try-it.tsx";
