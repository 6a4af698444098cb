import { faultsOf, parentOf, positionOf, typeOf } from "@atelier/arm";
import { useCan, useDraft, useWrite } from "@atelier/data";
import type { Policy } from "@atelier/kinds";
import { PolicyEditor, wellFormed, type Finding } from "@atelier/policy-editor";
import { msg, say } from "@atelier/strings";
import { Button, Notice, problemOf, Stack, StateDot } from "@atelier/ui";
import { useMemo, useState } from "react";
import { whyNot } from "../../shell/why-not.ts";
import { emptyPolicy } from "./empty.ts";
import { Findings } from "./findings.tsx";
import { useStyles } from "./document.styles.ts";

/** Document edits one policy: local faults as it is typed, the server's at their line when it is saved. */
export function Document({ id, saved, reload }: { id: string; saved: Policy | undefined; reload: () => Promise<unknown> }) {
  const styles = useStyles();
  const scope = parentOf(id) ?? "";
  const denied = whyNot(useCan(scope), `${typeOf(scope)}/policies/write`);
  const draft = useDraft(id, saved?.properties.value ?? emptyPolicy);
  const [start, setStart] = useState(0);
  const [at, setAt] = useState<Finding>();
  const { put, busy, error, reset } = useWrite();
  const conflict = problemOf(error).status === 412;
  const findings = useMemo(() => findingsOf(error, draft.text), [error, draft.text]);

  function edit(text: string): void {
    if (error) reset();
    draft.edit(text);
  }
  async function save(text: string, ifMatch = saved?.etag): Promise<void> {
    if (denied || busy) return;
    const body = { properties: { format: "rawxml", value: text } };
    await put("policies", id, body, ifMatch).then(
      () => draft.stored(text),
      (refusal: unknown) => setAt(findingsOf(refusal, text)[0]),
    );
  }
  async function discard(): Promise<void> {
    reset();
    draft.discard();
    await reload();
    setStart(start + 1);
  }
  return (
    <Stack>
      <div className={styles.bar}>
        <Button primary onClick={() => void save(draft.text)} whyNot={denied ?? (busy ? say(msg("policy.saving", "Saving")) : undefined)}>
          {say(msg("policy.save", "Save"))}
        </Button>
        <Button onClick={() => void discard()} whyNot={draft.changed ? undefined : say(msg("policy.unchanged", "Nothing was changed"))}>
          {say(msg("policy.discard", "Discard changes"))}
        </Button>
        <State changed={draft.changed} absent={saved === undefined} />
      </div>
      {conflict && <Conflict overwrite={() => void save(draft.text, "*")} theirs={() => void discard()} />}
      {denied && <Notice tone="info">{say(msg("policy.read-only", "You can read this policy but not change it. {why}"), { why: denied })}</Notice>}
      <PolicyEditor
        key={start}
        label={say(msg("policy.editor", "Policy document"))}
        start={draft.text}
        readOnly={denied !== undefined}
        findings={findings}
        at={at}
        onChange={edit}
        onSave={(text) => void save(text)}
      />
      {!conflict && <Findings refused={error} findings={findings} show={(finding) => setAt({ ...finding })} />}
    </Stack>
  );
}

function State({ changed, absent }: { changed: boolean; absent: boolean }) {
  if (changed) return <StateDot tone="warning">{say(msg("policy.changed", "Not saved"))}</StateDot>;
  if (absent) return <StateDot tone="quiet">{say(msg("policy.absent", "This scope has no policy yet"))}</StateDot>;
  return <StateDot tone="good">{say(msg("policy.saved", "Saved, in force"))}</StateDot>;
}

function Conflict({ overwrite, theirs }: { overwrite: () => void; theirs: () => void }) {
  return (
    <Notice
      tone="warning"
      title={say(msg("policy.conflict", "Someone else changed this policy"))}
      actions={
        <>
          <Button onClick={theirs}>{say(msg("policy.conflict.theirs", "Load theirs"))}</Button>
          <Button onClick={overwrite}>{say(msg("policy.conflict.mine", "Overwrite with mine"))}</Button>
        </>
      }
    >
      {say(msg("policy.conflict.body", "Your draft is kept until you decide."))}
    </Notice>
  );
}

// findingsOf places what the server refused; while nothing was refused, what does not close.
function findingsOf(error: unknown, text: string): readonly Finding[] {
  if (!error) {
    const local = wellFormed(text);
    return local ? [local] : [];
  }
  return faultsOf(error).flatMap((fault) => {
    const position = positionOf(fault.message);
    return position ? [{ ...position, message: fault.message }] : [];
  });
}
