import type { RoleDefinition } from "@atelier/kinds";
import { msg, say } from "@atelier/strings";
import { Choice, Data, NoMatch, SearchField, Stack, type Answer } from "@atelier/ui";
import { useState } from "react";

/** Roles asks which role is given. */
export function Roles(props: {
  answer: Answer<RoleDefinition[]>;
  chosen: string;
  choose: (id: string) => void;
  missing: boolean;
}) {
  const [wanted, setWanted] = useState("");
  return (
    <Data of={props.answer} like="table">
      {(roles) => {
        const found = roles.filter((role) => matches(role, wanted)).sort(byName);
        return (
          <Stack>
            <div>
              <SearchField label={say(msg("assign.role.search", "Filter roles"))} value={wanted} onChange={setWanted} />
            </div>
            {found.length === 0 ? (
              <NoMatch words={say(msg("assign.role.no-match", 'No role matches "{wanted}".'), { wanted })} clear={() => setWanted("")} />
            ) : (
              <Choice
                label={say(msg("assign.role", "Role"))}
                value={props.chosen}
                onChange={props.choose}
                fault={props.missing ? say(msg("assign.role.missing", "Choose a role")) : undefined}
                options={found.map((role) => ({ value: role.id, label: role.properties.roleName, about: role.properties.description ?? "" }))}
              />
            )}
          </Stack>
        );
      }}
    </Data>
  );
}

function matches({ properties }: RoleDefinition, wanted: string): boolean {
  return `${properties.roleName} ${properties.description ?? ""}`.toLowerCase().includes(wanted.toLowerCase());
}

function byName(a: RoleDefinition, b: RoleDefinition): number {
  return a.properties.roleName.localeCompare(b.properties.roleName);
}
