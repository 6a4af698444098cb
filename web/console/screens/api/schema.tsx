import { list } from "@atelier/data";
import { msg, say } from "@atelier/strings";
import { CodeBlock, Data, Nothing, Section } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";

const graphqlSchema = "application/vnd.ms-azure-apim.graphql.schema";

/** Schema is what a GraphQL API offers: it has no operations of its own. */
export function Schema({ api }: { api: string }) {
  const schemas = useQuery(list("schemas", api));
  return (
    <Section title={say(msg("api.schema", "Schema"))}>
      <Data of={schemas} like="text">
        {(rows) => {
          const text = rows.find((row) => row.properties.contentType === graphqlSchema)?.properties.document?.value;
          if (!text) return <Nothing words={say(msg("api.schema.none", "This API has no schema yet."))} />;
          return <CodeBlock label={say(msg("api.schema.graphql", "GraphQL schema"))} text={text} />;
        }}
      </Data>
    </Section>
  );
}
