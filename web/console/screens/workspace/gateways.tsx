import { parentOf, sameId } from "@atelier/arm";
import { list, one, useCan } from "@atelier/data";
import type { ConfigConnection, Gateway } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { CodeText, Data, Nothing, Section, Table, type Column } from "@atelier/ui";
import { useQueries, useQuery } from "@tanstack/react-query";
import { groupOf } from "../../shell/group.ts";

type Row = { readonly id: string; readonly name: string; readonly host: string | undefined };

const columns: readonly Column<Row>[] = [
  { id: "name", label: say(msg("column.name", "Name")), cell: (row) => row.name },
  { id: "host", label: say(msg("gateways.host", "Host name")), cell: (row) => row.host && <CodeText copy>{row.host}</CodeText> },
];

/** Gateways shows where a workspace's APIs are called: its workspace gateways, or else the service's managed gateway. */
export function Gateways({ workspace }: { workspace: string }) {
  const title = say(msg("workspace.gateways", "Gateways"));
  const gateways = useQuery(list("gateways", groupOf(workspace)));
  const connections = useQueries({
    queries: (gateways.data ?? []).map((gateway) => list("configConnections", gateway.id)),
  });
  const rows = (gateways.data ?? []).flatMap((gateway, i) => rowsOf(gateway, connections[i]?.data ?? [], workspace));
  return (
    <Section title={title}>
      <Data of={gateways} like="table">
        {() => (rows.length > 0 ? <Table label={title} rows={rows} columns={columns} keyOf={(row) => row.id} /> : <Managed workspace={workspace} />)}
      </Data>
    </Section>
  );
}

function Managed({ workspace }: { workspace: string }) {
  const id = parentOf(workspace) ?? "";
  const may = useCan(id)("Microsoft.ApiManagement/service/read");
  const service = useQuery({ ...one("services", id), enabled: may === true });
  const host = service.data?.properties.gatewayUrl;
  return (
    <>
      <Nothing words={say(msg("workspace.gateways.managed", "Calls go through the managed gateway of the service."))} />
      {host !== undefined && <CodeText copy>{host}</CodeText>}
    </>
  );
}

function rowsOf(gateway: Gateway, connections: readonly ConfigConnection[], workspace: string): Row[] {
  const mine = connections.filter((connection) => sameId(connection.properties.sourceId, workspace));
  return mine.map((connection) => ({
    id: connection.id,
    name: gateway.name,
    host: connection.properties.defaultHostname ?? gateway.properties.frontend?.defaultHostname,
  }));
}
