import { useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Data, Link, NoMatch, Nothing, PageFrame, SearchField, Stack, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { ApiSummary } from "../../api.ts";
import { read } from "../../shell/ask.ts";
import { hrefOf } from "../../shell/place.ts";
import { useSession } from "../../shell/session.ts";

const columns: readonly Column<ApiSummary>[] = [
  { id: "title", label: say(msg("apis.title", "Name")), cell: (row) => <Link href={hrefOf("apis", row.id)}>{row.title}</Link> },
  { id: "version", label: say(msg("apis.version", "Version")), cell: (row) => row.version, secondary: true },
  { id: "about", label: say(msg("apis.about", "Description")), cell: (row) => row.description },
];

/** Page is the catalogue of APIs that the reader may see. */
export function Page() {
  const apis = useQuery(read<{ apis: ApiSummary[] }>("/api/apis"));
  return (
    <PageFrame title={say(msg("portal.screen.apis", "APIs"))} within={say(msg("portal.product", "Developer portal"))}>
      <Data of={apis} like="table">
        {(answer) => (answer.apis.length === 0 ? <None /> : <Found rows={answer.apis} />)}
      </Data>
    </PageFrame>
  );
}

function None() {
  const guest = useSession() === null;
  const words = guest
    ? say(msg("apis.none.guest", "Nothing is offered to guests. Sign in to see the APIs that are open to you."))
    : say(msg("apis.none", "No API is open to you yet."));
  return <Nothing words={words} action={guest && <Link href={hrefOf("sign-in")}>{say(msg("portal.sign-in", "Sign in"))}</Link>} />;
}

function Found({ rows }: { rows: readonly ApiSummary[] }) {
  const { query, setQuery } = useAddress();
  const wanted = query.get("q") ?? "";
  const found = rows.filter((row) => `${row.title} ${row.description}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <Stack>
      <div>
        <SearchField label={say(msg("apis.search", "Search APIs"))} value={wanted} onChange={(q) => setQuery("q", q)} />
      </div>
      {found.length === 0 ? (
        <NoMatch words={say(msg("apis.no-match", 'No API matches "{wanted}".'), { wanted })} clear={() => setQuery("q", "")} />
      ) : (
        <Table label={say(msg("portal.screen.apis", "APIs"))} rows={found} columns={columns} keyOf={(row) => row.id} />
      )}
    </Stack>
  );
}
