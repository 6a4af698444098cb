import { useWrite } from "@atelier/data";
import type { Gateway } from "@atelier/kinds";
import { useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Actions, Button, Facts, LinkButton, Notice, problemOf, Stack, Steps, type Step } from "@atelier/ui";
import { useState, type ReactNode } from "react";
import { hrefOf } from "../../shell/place.ts";
import type { Draft } from "./draft.ts";
import type { Task } from "./plan.ts";

/** Review shows what will be made, makes it, tells how far it is, and leads to the new workspace. */
export function Review(props: { draft: Draft; tasks: readonly Task[]; gateways: readonly Gateway[]; leave: ReactNode }) {
  const { draft, tasks, gateways, leave } = props;
  const { put, busy, error } = useWrite();
  const { go } = useAddress();
  const [done, setDone] = useState(0);
  const begun = busy || done > 0 || error !== null;

  // A second try goes on with the task that failed: what was made stays.
  async function create(): Promise<void> {
    for (const [i, task] of tasks.entries()) {
      if (i < done) continue;
      await put(task.kind, task.id, task.body);
      setDone(i + 1);
    }
    const workspace = tasks[0];
    if (workspace) go(hrefOf(workspace.id));
  }
  const steps = tasks.map((task, i): Step => ({ label: task.label, state: stateOf(i, done, busy, error !== null) }));
  return (
    <Stack>
      <Facts of={facts(draft, gateways)} />
      {begun && <Steps label={say(msg("new-workspace.progress", "Progress"))} steps={steps} />}
      {error !== null && !busy && (
        <Notice tone="error" title={say(msg("new-workspace.failed", "Could not create {what}"), { what: tasks[done]?.label ?? "" })}>
          {problemOf(error).message}
        </Notice>
      )}
      <Actions>
        <Button primary onClick={() => void create().catch(() => undefined)} whyNot={busy ? say(msg("new-workspace.busy", "Creating")) : undefined}>
          {error !== null && !busy ? say(msg("new-workspace.again", "Try again")) : say(msg("new-workspace.create", "Create workspace"))}
        </Button>
        {done > 0 && error !== null && tasks[0] && (
          <LinkButton href={hrefOf(tasks[0].id)}>{say(msg("new-workspace.open", "Open the workspace"))}</LinkButton>
        )}
        {!busy && leave}
      </Actions>
    </Stack>
  );
}

function stateOf(i: number, done: number, busy: boolean, failed: boolean): Step["state"] {
  if (i < done) return "done";
  if (i > done) return "waiting";
  return busy ? "running" : failed ? "failed" : "waiting";
}

function facts(draft: Draft, gateways: readonly Gateway[]): [string, string][] {
  const chosen = {
    managed: say(msg("new-workspace.fact.managed", "The service's managed gateway")),
    new: say(msg("new-workspace.fact.new", "{name}, new"), { name: draft.gatewayName }),
    existing: gateways.find((gateway) => gateway.id === draft.gatewayId)?.name ?? "",
  };
  return [
    [say(msg("new-workspace.title", "Display name")), draft.displayName],
    [say(msg("new-workspace.name", "Name")), draft.name],
    [say(msg("new-workspace.fact.description", "Description")), draft.description || "—"],
    [say(msg("new-workspace.gateway", "Gateway")), chosen[draft.gateway]],
  ];
}
