import { nameOf } from "@atelier/arm";
import { list, useWrite } from "@atelier/data";
import { useAddress, type PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { PageFrame } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hrefOf, type Place } from "../../shell/place.ts";
import { emptyDraft, faultsIn, plan, refusedIn, type Draft } from "./draft.ts";
import { ApiForm } from "./form.tsx";

/** Page makes an API in a workspace, from a document or from nothing. */
export function Page({ place }: PageProps<Place>) {
  const { go } = useAddress();
  const apis = useQuery(list("apis", place.id));
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [tries, setTries] = useState(0);
  // An API that was made while its schema was refused is ours, and is gone on with.
  const [made, setMade] = useState("");
  const { put, busy, error, reset } = useWrite();
  const taken = (apis.data ?? []).map((api) => api.name).filter((name) => name !== made);
  const local = faultsIn(draft, taken);
  const refused = error ? refusedIn(error, draft) : { faults: {}, rest: [] };

  function change(part: Partial<Draft>): void {
    if (error) reset();
    setDraft({ ...draft, ...part });
  }
  async function create(): Promise<void> {
    setTries(tries + 1);
    if (busy || Object.keys(local).length > 0) return;
    const writes = plan(draft, place.id);
    try {
      for (const { kind, id, body } of writes) {
        await put(kind, id, body, kind === "apis" && made === draft.name ? "*" : undefined);
        if (kind === "apis") setMade(draft.name);
      }
    } catch {
      return; // error says it, at its field
    }
    go(hrefOf(writes[0]?.id ?? place.id));
  }
  return (
    <PageFrame
      title={say(msg("screen.new-api", "Create API"))}
      within={nameOf(place.id)}
      lead={say(msg("new-api.lead", "The API is offered at the gateway of {workspace} as soon as it is made."), { workspace: nameOf(place.id) })}
    >
      <ApiForm
        draft={draft}
        change={change}
        faults={{ ...(tries > 0 ? local : {}), ...refused.faults }}
        rest={refused.rest}
        wrong={error ?? tries}
        busy={busy}
        create={() => void create()}
        cancel={hrefOf(place.id)}
      />
    </PageFrame>
  );
}
