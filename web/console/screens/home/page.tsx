import { list } from "@atelier/data";
import type { Service } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { CodeText, Data, Link, Nothing, PageFrame, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { hrefOf } from "../../shell/place.ts";
import { useSession } from "../../shell/session-context.ts";

const columns: readonly Column<Service>[] = [
  { id: "name", label: say(msg("home.name", "Name")), cell: (row) => <Link href={hrefOf(row.id)}>{row.name}</Link> },
  { id: "group", label: say(msg("home.group", "Resource group")), cell: (row) => row.id.split("/")[4], secondary: true },
  {
    id: "gateway",
    label: say(msg("home.gateway", "Gateway")),
    cell: (row) => row.properties.gatewayUrl && <CodeText>{row.properties.gatewayUrl}</CodeText>,
  },
];

/** Page lists the services that the reader may see; who sees only a workspace reaches it from here as well. */
export function Page() {
  const { config } = useSession();
  const services = useQuery(list("services", `/subscriptions/${config.subscriptionId}`));
  return (
    <PageFrame title={say(msg("screen.home", "Services"))} within={say(msg("product", "Atelier"))}>
      <Data of={services} like="table">
        {(rows) =>
          rows.length === 0 ? (
            <Nothing words={say(msg("home.none", "You have no role at any service yet. An owner can give you one under Access control (IAM)."))} />
          ) : (
            <Table label={say(msg("screen.home", "Services"))} rows={rows} columns={columns} keyOf={(row) => row.id} />
          )
        }
      </Data>
    </PageFrame>
  );
}
