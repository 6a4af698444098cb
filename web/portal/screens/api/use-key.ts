import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Api, Keys, Subscription } from "../../api.ts";
import { read, send } from "../../shell/ask.ts";
import { useSession } from "../../shell/session.ts";

/** Chosen is the reader's subscription that calls of an API use, and its key once it is there. */
export type Chosen = {
  readonly usable: readonly Subscription[] | undefined;
  readonly id: string;
  readonly choose: (id: string) => void;
  readonly key: string | undefined;
  readonly error: unknown;
};

/** useKey chooses among the reader's active subscriptions that open an API: the first, until another is chosen. */
export function useKey(api: Api): Chosen {
  const person = useSession();
  const wanted = api.key !== null && Boolean(person);
  const answer = useQuery({ ...read<{ subscriptions: Subscription[] }>("/api/subscriptions"), enabled: wanted });
  const [picked, setPicked] = useState<string>();
  const usable = answer.data?.subscriptions.filter((each) => each.state === "active" && each.apis.includes(api.id));
  const id = picked ?? usable?.[0]?.id ?? "";
  const path = `/api/subscriptions/${encodeURIComponent(id)}/keys`;
  const keys = useQuery({ queryKey: ["keys", path], queryFn: () => send<Keys>("POST", path), enabled: id !== "", gcTime: 0 });
  return { usable, id, choose: setPicked, key: id === "" ? undefined : keys.data?.primary, error: answer.error ?? keys.error };
}
