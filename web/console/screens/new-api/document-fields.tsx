import { msg, say } from "@atelier/strings";
import { Choice, Field, ProseField } from "@atelier/ui";
import type { Draft, Faults } from "./draft.ts";

/** DocumentFields asks for a document: where it is, or its text. */
export function DocumentFields({ draft, change, faults }: { draft: Draft; change: (part: Partial<Draft>) => void; faults: Faults }) {
  return (
    <>
      <Choice
        label={say(msg("new-api.by", "Document"))}
        value={draft.by}
        onChange={(by) => change({ by: by === "text" ? "text" : "link" })}
        options={[
          { value: "link", label: say(msg("new-api.by.link", "By link")), about: say(msg("new-api.by.link.about", "The server fetches it once, now.")) },
          { value: "text", label: say(msg("new-api.by.text", "As text")), about: say(msg("new-api.by.text.about", "You paste it here.")) },
        ]}
      />
      {draft.by === "link" ? (
        <Field
          label={say(msg("new-api.link", "Address of the document"))}
          type="url"
          value={draft.link}
          fault={faults.link}
          onChange={(link) => change({ link })}
        />
      ) : (
        <ProseField
          label={say(msg("new-api.text", "Text of the document"))}
          mono
          rows={10}
          value={draft.text}
          fault={faults.text}
          onChange={(text) => change({ text })}
        />
      )}
    </>
  );
}
