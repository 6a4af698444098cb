import { msg, say } from "@atelier/strings";

/** Source is what an API can be made from. text and link are the words of the management API for a document in the request and for its address. */
export type Source = {
  readonly name: string;
  readonly type: string;
  readonly words: string;
  readonly about: string;
  readonly text?: string;
  readonly link?: string;
  /** schema is the content type of a schema that a document in the request becomes, where no format takes it. */
  readonly schema?: string;
};

/** sources are all of them, the commonest first. */
export const sources: readonly Source[] = [
  {
    name: "openapi", type: "http", text: "openapi", link: "openapi-link",
    words: say(msg("source.openapi", "OpenAPI document")),
    about: say(msg("source.openapi.about", "OpenAPI 2 (Swagger), 3.0 or 3.1, as JSON or YAML.")),
  },
  {
    name: "wsdl", type: "soap", text: "wsdl", link: "wsdl-link",
    words: say(msg("source.wsdl", "WSDL document, passed through")),
    about: say(msg("source.wsdl.about", "WSDL 1.1. Consumers call with SOAP, as the backend expects it.")),
  },
  {
    name: "wsdl-to-rest", type: "http", text: "wsdl", link: "wsdl-link",
    words: say(msg("source.wsdl-rest", "WSDL document, offered as REST")),
    about: say(msg("source.wsdl-rest.about", "WSDL 1.1. Consumers call with JSON, which policies turn into SOAP and back.")),
  },
  {
    name: "wadl", type: "http", text: "wadl-xml", link: "wadl-link-json",
    words: say(msg("source.wadl", "WADL document")),
    about: say(msg("source.wadl.about", "Web Application Description Language, as XML.")),
  },
  {
    name: "graphql", type: "graphql", link: "graphql-link", schema: "application/vnd.ms-azure-apim.graphql.schema",
    words: say(msg("source.graphql", "GraphQL schema")),
    about: say(msg("source.graphql.about", "A schema document. A link may lead to a server that answers introspection, too.")),
  },
  {
    name: "odata", type: "odata", text: "odata", link: "odata-link",
    words: say(msg("source.odata", "OData metadata")),
    about: say(msg("source.odata.about", "OData 4 metadata as XML, which services offer at $metadata.")),
  },
  {
    name: "grpc", type: "grpc", text: "grpc", link: "grpc-link",
    words: say(msg("source.grpc", "gRPC .proto document")),
    about: say(msg("source.grpc.about", "Protocol buffers with at least one service.")),
  },
  {
    name: "websocket", type: "websocket",
    words: say(msg("source.websocket", "WebSocket backend")),
    about: say(msg("source.websocket.about", "No document: connections are passed through.")),
  },
  {
    name: "blank", type: "http",
    words: say(msg("source.blank", "Nothing: operations are added later")),
    about: say(msg("source.blank.about", "No document: the API begins without operations.")),
  },
];

/** sourceNamed finds a source; an unknown name is that of the first. */
export function sourceNamed(name: string): Source {
  return sources.find((source) => source.name === name) ?? (sources[0] as Source);
}
