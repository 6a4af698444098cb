import { msg, say } from "@atelier/strings";
import { CheckList, Failed, Loading, NoMatch, SearchField, Stack } from "@atelier/ui";
import { useState } from "react";
import { wordFor, type usePrincipals } from "../../shell/principals.ts";

const shownAtMost = 50;

/** Members asks who is given the role: any number of people, groups and programs. */
export function Members(props: {
  principals: ReturnType<typeof usePrincipals>;
  chosen: readonly string[];
  choose: (ids: readonly string[]) => void;
  missing: boolean;
}) {
  const { principals, chosen, choose } = props;
  const [wanted, setWanted] = useState("");
  if (principals.loading) return <Loading like="table" />;
  if (principals.error && principals.all.length === 0) return <Failed error={principals.error} retry={() => location.reload()} />;
  const found = principals.all.filter((each) => `${each.name} ${each.about} ${each.id}`.toLowerCase().includes(wanted.toLowerCase()));
  const first = found.slice(0, shownAtMost);
  return (
    <Stack>
      <div>
        <SearchField label={say(msg("assign.members.search", "Search people, groups and programs"))} value={wanted} onChange={setWanted} />
      </div>
      {first.length === 0 ? (
        <NoMatch words={say(msg("assign.members.no-match", 'Nobody matches "{wanted}".'), { wanted })} clear={() => setWanted("")} />
      ) : (
        <CheckList
          label={say(msg("assign.members", "Members"))}
          fault={props.missing ? say(msg("assign.members.missing", "Choose at least one member")) : undefined}
          hint={found.length > first.length ? moreWords(first.length, found.length) : undefined}
          chosen={chosen}
          onChange={choose}
          options={first.map((each) => ({
            value: each.id,
            label: each.name,
            about: [wordFor(each.kind), each.about].filter(Boolean).join(" · "),
          }))}
        />
      )}
    </Stack>
  );
}

function moreWords(shown: number, count: number): string {
  return say(msg("assign.members.more", "The first {shown} of {count}. Search to narrow."), { shown, count });
}
