import { useAddress, type PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { CodeText, Columns, Data, Facts, Link, MethodName, PageFrame, Section, Stack, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Api, OperationSummary } from "../../api.ts";
import { read } from "../../shell/ask.ts";
import { hrefOf, type Place } from "../../shell/place.ts";
import { Operation } from "./operation.tsx";

/** Page shows one API: where it is called, its operations, and the chosen operation ready to be tried. */
export function Page({ place }: PageProps<Place>) {
  const api = useQuery(read<Api>(`/api/apis/${encodeURIComponent(place.id)}`));
  return (
    <PageFrame
      title={api.data?.title ?? say(msg("portal.screen.api", "API"))}
      within={say(msg("portal.product", "Developer portal"))}
      lead={api.data?.description}
    >
      <Data of={api} like="page">
        {(found) => <Shown api={found} />}
      </Data>
    </PageFrame>
  );
}

function Shown({ api }: { api: Api }) {
  const { query } = useAddress();
  const chosen = query.get("operation") ?? api.operations[0]?.id;
  return (
    <Stack>
      <Facts of={facts(api)} />
      <Columns>
        <Section title={say(msg("api.operations.title", "Operations"))}>
          <Table label={say(msg("api.operations.title", "Operations"))} rows={api.operations} columns={columnsOf(api.id)} keyOf={(row) => row.id} />
        </Section>
        {chosen !== undefined && <Operation key={chosen} api={api} id={chosen} />}
      </Columns>
    </Stack>
  );
}

function columnsOf(api: string): Column<OperationSummary>[] {
  const href = (row: OperationSummary) => `${hrefOf("apis", api)}?operation=${encodeURIComponent(row.id)}`;
  return [
    { id: "title", label: say(msg("api.operation.name", "Name")), cell: (row) => <Link href={href(row)}>{row.title}</Link> },
    { id: "method", label: say(msg("api.operation.method", "Method")), cell: (row) => <MethodName>{row.method}</MethodName> },
    { id: "path", label: say(msg("api.operation.path", "Path")), cell: (row) => <CodeText>{row.path}</CodeText>, secondary: true },
  ];
}

function facts(api: Api): [string, ReactNode][] {
  const products = api.products.map((product) => (
    <Link key={product.id} href={hrefOf("products", product.id)}>
      {product.title}
    </Link>
  ));
  return [
    [say(msg("api.address", "Address")), <CodeText copy>{api.address}</CodeText>],
    [
      say(msg("api.key", "Subscription key")),
      api.key ? say(msg("api.key.needed", "Needed, in the header {header}"), { header: api.key.header }) : say(msg("api.key.none", "Not needed")),
    ],
    ...(products.length > 0 ? [[say(msg("api.products", "Products")), products] satisfies [string, ReactNode]] : []),
  ];
}
