import { nameOf } from "@atelier/arm";
import type { Api, Product, Subscription } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { CodeText, Link, StateDot, type Column, type Tone } from "@atelier/ui";
import { typeName } from "../../shell/api-type.ts";
import { hrefOf } from "../../shell/place.ts";

const name = say(msg("column.name", "Name"));
const state = say(msg("column.state", "State"));

export const apiColumns: readonly Column<Api>[] = [
  { id: "name", label: name, cell: (row) => <Link href={hrefOf(row.id)}>{row.properties.displayName ?? row.name}</Link> },
  { id: "path", label: say(msg("column.path", "Path")), cell: (row) => <CodeText>{`/${row.properties.path}`}</CodeText> },
  { id: "type", label: say(msg("column.type", "Type")), cell: (row) => typeName(row.properties.type) },
];

export const productColumns: readonly Column<Product>[] = [
  { id: "name", label: name, cell: (row) => <Link href={hrefOf(row.id)}>{row.properties.displayName}</Link> },
  {
    id: "state",
    label: state,
    cell: (row) =>
      row.properties.state === "published" ? (
        <StateDot tone="good">{say(msg("product.published", "Published"))}</StateDot>
      ) : (
        <StateDot tone="quiet">{say(msg("product.not-published", "Not published"))}</StateDot>
      ),
  },
];

const tones: Record<string, Tone> = { active: "good", submitted: "warning", suspended: "warning", rejected: "bad" };

const states: Record<string, string> = {
  active: say(msg("subscription.active", "Active")),
  submitted: say(msg("subscription.submitted", "Waiting for approval")),
  suspended: say(msg("subscription.suspended", "Suspended")),
  rejected: say(msg("subscription.rejected", "Rejected")),
  cancelled: say(msg("subscription.cancelled", "Cancelled")),
  expired: say(msg("subscription.expired", "Expired")),
};

export const subscriptionColumns: readonly Column<Subscription>[] = [
  { id: "name", label: name, cell: (row) => row.properties.displayName ?? row.name },
  { id: "scope", label: say(msg("column.to", "To")), cell: (row) => nameOf(row.properties.scope), secondary: true },
  {
    id: "state",
    label: state,
    cell: (row) => <StateDot tone={tones[row.properties.state] ?? "quiet"}>{states[row.properties.state] ?? row.properties.state}</StateDot>,
  },
];
