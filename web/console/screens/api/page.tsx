import { nameOf } from "@atelier/arm";
import { list, one } from "@atelier/data";
import type { Api, Operation } from "@atelier/kinds";
import { useAddress, type PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { CodeText, Data, Facts, Link, LinkButton, MethodName, NoMatch, Nothing, PageFrame, SearchField, Section, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { typeName } from "../../shell/api-type.ts";
import { hrefOf, type Place } from "../../shell/place.ts";
import { Schema } from "./schema.tsx";

const columns: readonly Column<Operation>[] = [
  { id: "name", label: say(msg("column.name", "Name")), cell: (row) => <Link href={hrefOf(row.id, "policy")}>{row.properties.displayName}</Link> },
  { id: "method", label: say(msg("column.method", "Method")), cell: (row) => <MethodName>{row.properties.method}</MethodName> },
  { id: "path", label: say(msg("column.path", "Path")), cell: (row) => <CodeText>{row.properties.urlTemplate}</CodeText> },
];

/** Page shows an API and its operations, each of which leads to its policy; a GraphQL API has a schema instead. */
export function Page({ place }: PageProps<Place>) {
  const api = useQuery(one("apis", place.id));
  const graphql = api.data?.properties.type === "graphql";
  const operations = useQuery({ ...list("operations", place.id), enabled: !graphql });
  return (
    <PageFrame
      title={api.data?.properties.displayName ?? nameOf(place.id)}
      within={say(msg("screen.api", "Operations"))}
      lead={api.data?.properties.description}
      actions={<LinkButton href={hrefOf(place.id, "policy")}>{say(msg("api.policy", "Policy of the API"))}</LinkButton>}
    >
      <Data of={api} like="text">
        {(found) => <Facts of={facts(found)} />}
      </Data>
      {graphql ? (
        <Schema api={place.id} />
      ) : (
        <Data of={operations} like="table">
          {(rows) => <Operations rows={rows} />}
        </Data>
      )}
    </PageFrame>
  );
}

function Operations({ rows }: { rows: readonly Operation[] }) {
  const { query, setQuery } = useAddress();
  const wanted = query.get("q") ?? "";
  const title = say(msg("api.operations", "Operations ({count})"), { count: rows.length });
  if (rows.length === 0) return <Nothing words={say(msg("api.operations.none", "No operations yet. They come with an imported document."))} />;
  const found = rows.filter(({ properties }) =>
    `${properties.displayName} ${properties.method} ${properties.urlTemplate}`.toLowerCase().includes(wanted.toLowerCase()),
  );
  const search = <SearchField label={say(msg("api.search", "Filter operations"))} value={wanted} onChange={(q) => setQuery("q", q)} />;
  return (
    <Section title={title} action={search}>
      {found.length === 0 ? (
        <NoMatch words={say(msg("api.no-match", 'No operation matches "{wanted}".'), { wanted })} clear={() => setQuery("q", "")} />
      ) : (
        <Table label={say(msg("screen.api", "Operations"))} rows={found} columns={columns} keyOf={(row) => row.id} />
      )}
    </Section>
  );
}

function facts({ properties }: Api): [string, ReactNode][] {
  return [
    [say(msg("api.type", "Type")), typeName(properties.type)],
    [say(msg("api.path", "URL suffix")), <CodeText>{`/${properties.path}`}</CodeText>],
    [say(msg("api.backend", "Web service URL")), properties.serviceUrl ? <CodeText>{properties.serviceUrl}</CodeText> : "—"],
    [
      say(msg("api.subscription", "Subscription")),
      properties.subscriptionRequired === false
        ? say(msg("api.subscription.open", "Not required"))
        : say(msg("api.subscription.required", "Required: every call carries a key")),
    ],
  ];
}
