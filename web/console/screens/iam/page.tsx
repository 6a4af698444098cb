import { nameOf, sameId } from "@atelier/arm";
import { list, useCan } from "@atelier/data";
import type { RoleAssignment, RoleDefinition } from "@atelier/kinds";
import type { PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { CodeText, Data, Link, LinkButton, Nothing, PageFrame, Stack, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { hrefOf, placeOf, type Place } from "../../shell/place.ts";
import { usePrincipals, wordFor, type Principal } from "../../shell/principals.ts";
import { whyNot } from "../../shell/why-not.ts";

/** Page shows who has which role here: by an assignment at this resource, or at one that it belongs to. */
export function Page({ place }: PageProps<Place>) {
  const assignments = useQuery(list("roleAssignments", place.id, "atScope()"));
  const roles = useQuery(list("roleDefinitions", place.id));
  const principals = usePrincipals();
  const add = (
    <LinkButton
      primary
      href={hrefOf(place.id, "add-role-assignment")}
      whyNot={whyNot(useCan(place.id), "Microsoft.Authorization/roleAssignments/write")}
    >
      {say(msg("iam.add", "+ Add role assignment"))}
    </LinkButton>
  );
  return (
    <PageFrame
      title={say(msg("screen.iam", "Access control (IAM)"))}
      within={nameOf(place.id)}
      lead={say(msg("iam.lead", "Who may do what in {scope}. A role given higher up is inherited here."), { scope: nameOf(place.id) })}
      actions={add}
    >
      <Data of={assignments} like="table">
        {(rows) =>
          rows.length === 0 ? (
            <Nothing words={say(msg("iam.none", "No role assignments here or above. Only directory administrators get in."))} />
          ) : (
            <Assignments rows={rows} here={place.id} roles={roles.data ?? []} principals={principals.byId} />
          )
        }
      </Data>
    </PageFrame>
  );
}

function Assignments(props: {
  rows: readonly RoleAssignment[];
  here: string;
  roles: readonly RoleDefinition[];
  principals: ReadonlyMap<string, Principal>;
}) {
  const label = say(msg("iam.assignments", "Role assignments"));
  const { here, roles, principals } = props;
  const rows = [...props.rows].sort((a, b) => b.properties.scope.length - a.properties.scope.length);
  const columns: readonly Column<RoleAssignment>[] = [
    {
      id: "who",
      label: say(msg("iam.who", "Who")),
      cell: ({ properties: { principalId } }) => principals.get(principalId)?.name ?? <CodeText>{principalId}</CodeText>,
    },
    { id: "kind", label: say(msg("iam.kind", "Kind")), cell: (row) => kindOf(row, principals), secondary: true },
    { id: "role", label: say(msg("iam.role", "Role")), cell: (row) => roleOf(row, roles) },
    { id: "scope", label: say(msg("iam.scope", "Scope")), cell: (row) => <Scope of={row.properties.scope} here={here} /> },
  ];
  return (
    <Stack>
      <Table label={label} rows={rows} columns={columns} keyOf={(row) => row.id} />
    </Stack>
  );
}

function Scope({ of, here }: { of: string; here: string }) {
  if (sameId(of, here)) return say(msg("iam.scope.here", "This resource"));
  const base = placeOf(of);
  if (of === "/" || of === "" || !base?.id) return say(msg("iam.scope.above", "Inherited from {scope}"), { scope: of || "/" });
  return <Link href={hrefOf(of, "iam")}>{say(msg("iam.scope.above", "Inherited from {scope}"), { scope: nameOf(of) })}</Link>;
}

function kindOf(row: RoleAssignment, principals: ReadonlyMap<string, Principal>): string {
  const kind = principals.get(row.properties.principalId)?.kind ?? row.properties.principalType;
  return kind === undefined ? "" : wordFor(kind);
}

function roleOf(row: RoleAssignment, roles: readonly RoleDefinition[]): string {
  const id = nameOf(row.properties.roleDefinitionId);
  return roles.find((role) => role.name.toLowerCase() === id.toLowerCase())?.properties.roleName ?? id;
}
