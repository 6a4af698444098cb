import { msg, say } from "@atelier/strings";
import { Field, ProseField, Stack } from "@atelier/ui";
import { useState } from "react";
import { nameFrom } from "../../shell/resource-name.ts";
import type { Draft, Faults } from "./draft.ts";

/** Basics asks what the workspace is called. The name follows the display name until it is typed by hand. */
export function Basics({ draft, change, faults }: { draft: Draft; change: (part: Partial<Draft>) => void; faults: Faults }) {
  const [named, setNamed] = useState(draft.name !== nameFrom(draft.displayName));
  return (
    <Stack>
      <Field
        label={say(msg("new-workspace.title", "Display name"))}
        value={draft.displayName}
        fault={faults.displayName}
        onChange={(displayName) => change(named ? { displayName } : { displayName, name: nameFrom(displayName) })}
      />
      <Field
        label={say(msg("new-workspace.name", "Name"))}
        hint={say(msg("new-workspace.name.hint", "Part of every address in the workspace. It cannot be changed later."))}
        value={draft.name}
        fault={faults.name}
        onChange={(name) => {
          setNamed(true);
          change({ name });
        }}
      />
      <ProseField
        label={say(msg("new-workspace.description", "Description (optional)"))}
        value={draft.description}
        onChange={(description) => change({ description })}
      />
    </Stack>
  );
}
