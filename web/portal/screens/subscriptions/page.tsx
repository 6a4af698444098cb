import { msg, relativeTime, say } from "@atelier/strings";
import { Button, Data, Link, LinkButton, Nothing, PageFrame, Section, Stack, StateDot, Table, type Column, type Tone } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Subscription } from "../../api.ts";
import { read } from "../../shell/ask.ts";
import { KeysOf } from "../../shell/keys.tsx";
import { hrefOf } from "../../shell/place.ts";
import { useSession } from "../../shell/session.ts";

/** Page lists the reader's own subscriptions and shows their keys on request. */
export function Page() {
  const person = useSession();
  return (
    <PageFrame title={say(msg("portal.screen.subscriptions", "Subscriptions"))} within={say(msg("portal.product", "Developer portal"))}>
      {person === null && (
        <Nothing
          words={say(msg("subscriptions.guest", "Sign in to see your subscriptions and their keys."))}
          action={<LinkButton primary href={`${hrefOf("sign-in")}?next=${hrefOf("subscriptions")}`}>{say(msg("portal.sign-in", "Sign in"))}</LinkButton>}
        />
      )}
      {person && <Own />}
    </PageFrame>
  );
}

function Own() {
  const answer = useQuery(read<{ subscriptions: Subscription[] }>("/api/subscriptions"));
  const [shown, setShown] = useState<Subscription>();
  return (
    <Data of={answer} like="table">
      {({ subscriptions }) =>
        subscriptions.length === 0 ? (
          <Nothing
            words={say(msg("subscriptions.none", "No subscriptions yet. Subscribe to a product to get a key."))}
            action={<Link href={hrefOf("products")}>{say(msg("subscriptions.products", "See the products"))}</Link>}
          />
        ) : (
          <Stack>
            <Table label={say(msg("portal.screen.subscriptions", "Subscriptions"))} rows={subscriptions} columns={columns(setShown)} keyOf={(row) => row.id} />
            {shown && (
              <Section title={say(msg("subscriptions.keys", "Keys of {name}"), { name: shown.name })}>
                <KeysOf key={shown.id} subscription={shown.id} />
              </Section>
            )}
          </Stack>
        )
      }
    </Data>
  );
}

const tones: Record<Subscription["state"], Tone> = {
  active: "good",
  submitted: "warning",
  suspended: "warning",
  rejected: "bad",
  cancelled: "quiet",
  expired: "quiet",
};

const states: Record<Subscription["state"], string> = {
  active: say(msg("subscription.active", "Active")),
  submitted: say(msg("subscription.submitted", "Waiting for approval")),
  suspended: say(msg("subscription.suspended", "Suspended")),
  rejected: say(msg("subscription.rejected", "Rejected")),
  cancelled: say(msg("subscription.cancelled", "Cancelled")),
  expired: say(msg("subscription.expired", "Expired")),
};

function columns(show: (row: Subscription) => void): Column<Subscription>[] {
  return [
    { id: "name", label: say(msg("subscriptions.name", "Name")), cell: (row) => row.name },
    {
      id: "product",
      label: say(msg("subscriptions.product", "Product")),
      cell: ({ product }) => product && <Link href={hrefOf("products", product.id)}>{product.title}</Link>,
    },
    { id: "state", label: say(msg("subscriptions.state", "State")), cell: (row) => <StateDot tone={tones[row.state]}>{states[row.state]}</StateDot> },
    { id: "created", label: say(msg("subscriptions.created", "Created")), cell: (row) => relativeTime(row.created, Date.now()), secondary: true },
    {
      id: "keys",
      label: say(msg("subscriptions.key", "Keys")),
      cell: (row) => row.state === "active" && <Button onClick={() => show(row)}>{say(msg("subscriptions.show", "Keys"))}</Button>,
      end: true,
    },
  ];
}
