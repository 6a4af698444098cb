import { msg, say } from "@atelier/strings";

const words: Record<string, string> = {
  http: say(msg("api.type.http", "HTTP")),
  soap: say(msg("api.type.soap", "SOAP")),
  graphql: say(msg("api.type.graphql", "GraphQL")),
  websocket: say(msg("api.type.websocket", "WebSocket")),
  odata: say(msg("api.type.odata", "OData")),
  grpc: say(msg("api.type.grpc", "gRPC")),
};

/** typeName is what a type of APIs is called; an API without one is an API over HTTP. */
export function typeName(type: string | undefined): string {
  return words[(type ?? "http").toLowerCase()] ?? type ?? "";
}
