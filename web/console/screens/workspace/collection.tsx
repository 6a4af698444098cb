import { nameOf, typeOf } from "@atelier/arm";
import { useCan, type Asked } from "@atelier/data";
import { actionOf, type KindName } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { Data, LinkButton, NotAllowed, Nothing, Section, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { whyNot } from "../../shell/why-not.ts";

/** Collection is a card with the resources of one kind; a card that fails leaves its neighbours alone. */
export function Collection<R extends { readonly id: string }>(props: {
  title: string;
  kind: KindName;
  parent: string;
  of: Asked<R[]>;
  columns: readonly Column<R>[];
  none: string;
  /** add leads to where one more is made. */
  add?: { readonly words: string; readonly href: string };
}) {
  const action = actionOf(props.kind, typeOf(props.parent), "read");
  const may = useCan(props.parent)(action);
  const refused = whyNot(useCan(props.parent), actionOf(props.kind, typeOf(props.parent), "write"));
  const answer = useQuery({ ...props.of, enabled: may === true });
  const title = answer.data ? say(msg("collection.title", "{title} ({count})"), { title: props.title, count: answer.data.length }) : props.title;
  return (
    <Section title={title} action={props.add && <LinkButton href={props.add.href} whyNot={refused}>{props.add.words}</LinkButton>}>
      {may === false ? (
        <NotAllowed action={action} scope={nameOf(props.parent)} />
      ) : (
        <Data of={answer} like="table">
          {(rows) =>
            rows.length === 0 ? (
              <Nothing words={props.none} />
            ) : (
              <Table label={props.title} rows={rows} columns={props.columns} keyOf={(row) => row.id} />
            )
          }
        </Data>
      )}
    </Section>
  );
}
