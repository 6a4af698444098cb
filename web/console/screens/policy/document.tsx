import { faultsOf, parentOf, positionOf, typeOf } from "@atelier/arm";
import { useAsk, useCan, useDraft, useWrite } from "@atelier/data";
import type { Policy } from "@atelier/kinds";
import { PolicyEditor, wellFormed, type Checked, type Finding } from "@atelier/policy-editor";
import { msg, say } from "@atelier/strings";
import { Button, Notice, problemOf, Stack, StateDot } from "@atelier/ui";
import { useMemo, useState } from "react";
import { whyNot } from "../../shell/why-not.ts";
import { emptyPolicy } from "./empty.ts";
import { Findings } from "./findings.tsx";
import { knowledgeOf } from "./knowledge.ts";
import { useStyles } from "./document.styles.ts";

/** Document edits one policy: what the engine finds as it is typed, what the server refuses when it is saved. line is where the cursor starts. */
export function Document(props: { id: string; saved: Policy | undefined; line: number; reload: () => Promise<unknown> }) {
  const { id, saved, reload } = props;
  const styles = useStyles();
  const scope = parentOf(id) ?? "";
  const denied = whyNot(useCan(scope), `${typeOf(scope)}/policies/write`);
  const draft = useDraft(id, saved?.properties.value ?? emptyPolicy);
  const [start, setStart] = useState(0);
  const [at, setAt] = useState<Finding | undefined>(props.line > 0 ? { line: props.line, column: 1, message: "" } : undefined);
  const [checked, setChecked] = useState<Checked>();
  const ask = useAsk();
  const knowledge = useMemo(() => knowledgeOf(ask), [ask]);
  const { put, busy, error, reset } = useWrite();
  const conflict = problemOf(error).status === 412;
  const findings = useMemo(() => (error ? refusedIn(error) : foundIn(draft.text, checked)), [error, draft.text, checked]);

  function edit(text: string): void {
    if (error) reset();
    draft.edit(text);
  }
  async function save(text: string, ifMatch = saved?.etag): Promise<void> {
    if (denied || busy) return;
    const body = { properties: { format: "rawxml", value: text } };
    await put("policies", id, body, ifMatch).then(
      () => draft.stored(text),
      (refusal: unknown) => setAt(refusedIn(refusal)[0]),
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
        knowledge={knowledge}
        onChecked={setChecked}
      />
      {!conflict && <Findings refused={error} unchecked={checked !== undefined && !checked.findings} findings={findings} show={(finding) => setAt({ ...finding })} />}
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

// none stays the same list, so that nothing is marked anew.
const none: readonly Finding[] = [];

// refusedIn places what the server refused.
function refusedIn(error: unknown): readonly Finding[] {
  return faultsOf(error).flatMap((fault) => {
    const position = positionOf(fault.message);
    return position ? [{ ...position, message: fault.message }] : [];
  });
}

// foundIn is what the engine found in this text. Until it has answered, what does not close is known at once, and marks of before move with the text.
function foundIn(text: string, checked: Checked | undefined): readonly Finding[] {
  if (checked?.text === text && checked.findings) return checked.findings;
  const local = wellFormed(text);
  return local ? [local] : (checked?.findings ?? none);
}
