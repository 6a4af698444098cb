import { msg, say } from "@atelier/strings";
import { CodeBlock, Notice, Section, Stack, StateDot, type Tone } from "@atelier/ui";
import type { Reply } from "./try-it.tsx";

/** ReplyView shows a reply: status and time, the body made readable, the headers. */
export function ReplyView({ reply }: { reply: Reply }) {
  const help = helpFor(reply);
  return (
    <div ref={reveal}>
      <Section title={say(msg("reply.title", "Answer"))}>
        <Stack>
          <StateDot tone={toneOf(reply.status)}>
            {say(msg("reply.status", "{status} {reason}, {time} ms"), {
              status: String(reply.status),
              reason: reply.reason,
              time: Math.round(reply.milliseconds),
            })}
          </StateDot>
          {help && <Notice tone="info">{help}</Notice>}
          {reply.note && <Notice tone="info">{reply.note}</Notice>}
          {reply.body !== "" && <CodeBlock label={say(msg("reply.body", "Body"))} text={readable(reply.body)} copy={reply.body} />}
          <CodeBlock
            label={say(msg("reply.headers", "Headers"))}
            text={reply.headers.map(([name, value]) => `${name}: ${value}`).join("\n")}
          />
        </Stack>
      </Section>
    </div>
  );
}

// Called when an answer appears, which may be below what the window shows.
function reveal(answer: HTMLElement | null): void {
  answer?.scrollIntoView({ block: "nearest" });
}

function toneOf(status: number): Tone {
  if (status < 400) return "good";
  return status < 500 ? "warning" : "bad";
}

function helpFor({ status, headers }: Reply): string | undefined {
  if (status === 401) return say(msg("reply.help.401", "The gateway did not accept the subscription key. Choose a subscription that covers this API."));
  if (status !== 429 && status !== 403) return undefined;
  const after = headers.find(([name]) => name.toLowerCase() === "retry-after")?.[1];
  if (after === undefined) return undefined;
  return say(msg("reply.help.429", "The limit of this subscription is reached. Calls work again in {seconds} s."), { seconds: after });
}

// readable indents JSON and leaves anything else as it is.
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
