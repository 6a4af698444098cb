import { msg, say } from "@atelier/strings";
import { Data, Facts, Secret } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { Keys } from "../api.ts";
import { send } from "./ask.ts";

/** KeysOf shows the keys of one of the reader's subscriptions, masked until asked for. They are not kept. */
export function KeysOf({ subscription }: { subscription: string }) {
  const path = `/api/subscriptions/${encodeURIComponent(subscription)}/keys`;
  const keys = useQuery({ queryKey: ["keys", path], queryFn: () => send<Keys>("POST", path), gcTime: 0 });
  const primary = say(msg("keys.primary", "Primary key"));
  const secondary = say(msg("keys.secondary", "Secondary key"));
  return (
    <Data of={keys} like="text">
      {(found) => (
        <Facts
          of={[
            [primary, <Secret label={primary} value={found.primary} />],
            [secondary, <Secret label={secondary} value={found.secondary} />],
          ]}
        />
      )}
    </Data>
  );
}
