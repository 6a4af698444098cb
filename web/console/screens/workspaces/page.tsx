import { nameOf } from "@atelier/arm";
import { list, useCan } from "@atelier/data";
import { actionOf, type Workspace } from "@atelier/kinds";
import type { PageProps } from "@atelier/screens";
import { useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { CodeText, Data, Link, LinkButton, NoMatch, Nothing, PageFrame, SearchField, Stack, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { hrefOf, type Place } from "../../shell/place.ts";
import { whyNot } from "../../shell/why-not.ts";

const columns: readonly Column<Workspace>[] = [
  { id: "title", label: say(msg("workspaces.title", "Display name")), cell: (row) => <Link href={hrefOf(row.id)}>{row.properties.displayName}</Link> },
  { id: "name", label: say(msg("workspaces.name", "Name")), cell: (row) => <CodeText>{row.name}</CodeText> },
  { id: "about", label: say(msg("workspaces.about", "Description")), cell: (row) => row.properties.description, secondary: true },
];

/** Page lists the workspaces of a service that the reader may see. */
export function Page({ place }: PageProps<Place>) {
  const workspaces = useQuery(list("workspaces", place.id));
  const write = actionOf("workspaces", "Microsoft.ApiManagement/service", "write");
  const add = (
    <LinkButton primary href={hrefOf(place.id, "new-workspace")} whyNot={whyNot(useCan(place.id), write)}>
      {say(msg("workspaces.add", "+ Add"))}
    </LinkButton>
  );
  return (
    <PageFrame
      title={say(msg("screen.workspaces", "Workspaces"))}
      within={nameOf(place.id)}
      lead={say(msg("workspaces.lead", "A workspace gives one team its own APIs, products and subscriptions."))}
      actions={add}
    >
      <Data of={workspaces} like="table">
        {(rows) =>
          rows.length === 0 ? (
            <Nothing words={say(msg("workspaces.none", "No workspaces yet. Each gives one team its own APIs, apart from the others."))} />
          ) : (
            <Found rows={rows} />
          )
        }
      </Data>
    </PageFrame>
  );
}

function Found({ rows }: { rows: readonly Workspace[] }) {
  const { query, setQuery } = useAddress();
  const wanted = query.get("q") ?? "";
  const found = rows.filter((row) => `${row.properties.displayName} ${row.name}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Stack>
      <div>
        <SearchField label={say(msg("workspaces.search", "Filter by name"))} value={wanted} onChange={(q) => setQuery("q", q)} />
      </div>
      {found.length === 0 ? (
        <NoMatch words={say(msg("workspaces.no-match", 'No workspace matches "{wanted}".'), { wanted })} clear={() => setQuery("q", "")} />
      ) : (
        <Table label={say(msg("screen.workspaces", "Workspaces"))} rows={found} columns={columns} keyOf={(row) => row.id} />
      )}
    </Stack>
  );
}
