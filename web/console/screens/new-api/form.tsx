import { msg, say } from "@atelier/strings";
import { Actions, Button, Field, Form, LinkButton, Notice, SelectField } from "@atelier/ui";
import { useState } from "react";
import { typeName } from "../../shell/api-type.ts";
import { nameFrom } from "../../shell/resource-name.ts";
import { DocumentFields } from "./document-fields.tsx";
import { documented, type Draft, type Faults } from "./draft.ts";
import { sourceNamed, sources } from "./sources.ts";

type Change = (part: Partial<Draft>) => void;

/** ApiForm asks what the API is made from and where it is offered. */
export function ApiForm(props: {
  draft: Draft;
  change: Change;
  faults: Faults;
  rest: readonly string[];
  /** wrong changes with every attempt that failed. */
  wrong: unknown;
  busy: boolean;
  create: () => void;
  cancel: string;
}) {
  const { draft, change, faults, rest, wrong, busy, create, cancel } = props;
  const source = sourceNamed(draft.source);
  return (
    <Form wrong={wrong} submit={create}>
      <SelectField
        label={say(msg("new-api.source", "Based on"))}
        hint={say(msg("new-api.type", "Type {type}. {about}"), { type: typeName(source.type), about: source.about })}
        value={draft.source}
        fault={faults.source}
        onChange={(name) => change({ source: name })}
        options={sources.map((each) => [each.name, each.words] as const)}
      />
      {documented(source) && <DocumentFields draft={draft} change={change} faults={faults} />}
      <Names draft={draft} change={change} faults={faults} documented={documented(source)} />
      {rest.length > 0 && (
        <Notice tone="error" title={say(msg("new-api.refused", "The API was not made"))}>
          {rest.map((words) => (
            <div key={words}>{words}</div>
          ))}
        </Notice>
      )}
      <Actions>
        <Button primary submit whyNot={busy ? say(msg("new-api.busy", "Creating the API")) : undefined}>
          {say(msg("screen.new-api", "Create API"))}
        </Button>
        <LinkButton href={cancel}>{say(msg("wizard.cancel", "Cancel"))}</LinkButton>
      </Actions>
    </Form>
  );
}

// Names are what the API is called and where it is. Name and path follow the display name until they are typed by hand.
function Names({ draft, change, faults, documented }: { draft: Draft; change: Change; faults: Faults; documented: boolean }) {
  const [byHand, setByHand] = useState<Partial<Record<"name" | "path", boolean>>>({});
  const follow = (name: string, own: Partial<Draft>) => ({ ...(byHand.name ? {} : { name }), ...(byHand.path || byHand.name ? {} : { path: name }), ...own });
  return (
    <>
      <Field
        label={say(msg("new-api.title", "Display name (optional)"))}
        hint={documented ? say(msg("new-api.title.hint", "Left empty, it is what the document says.")) : say(msg("new-api.title.name", "Left empty, it is the name."))}
        value={draft.displayName}
        fault={faults.displayName}
        onChange={(displayName) => change(follow(nameFrom(displayName), { displayName }))}
      />
      <Field
        label={say(msg("new-api.name", "Name"))}
        hint={say(msg("new-api.name.hint", "Part of the address of the resource. It cannot be changed later."))}
        value={draft.name}
        fault={faults.name}
        onChange={(name) => {
          setByHand({ ...byHand, name: true });
          change({ name, ...(byHand.path ? {} : { path: name }) });
        }}
      />
      <Field
        label={say(msg("new-api.path", "URL suffix (optional)"))}
        hint={say(msg("new-api.path.hint", "What calls begin with behind the host name of the gateway. Unique in the service."))}
        value={draft.path}
        fault={faults.path}
        onChange={(path) => {
          setByHand({ ...byHand, path: true });
          change({ path });
        }}
      />
      <Field
        label={say(msg("new-api.backend", "Web service URL (optional)"))}
        hint={documented ? say(msg("new-api.backend.hint", "Where calls go. Left empty, it is what the document says.")) : say(msg("new-api.backend.plain", "Where calls go."))}
        value={draft.serviceUrl}
        fault={faults.serviceUrl}
        onChange={(serviceUrl) => change({ serviceUrl })}
      />
    </>
  );
}
