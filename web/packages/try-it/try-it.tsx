import { msg, say } from "@atelier/strings";
import { Button, CodeBlock, Field, Notice, problemOf, ProseField, Section, Stack } from "@atelier/ui";
import { useState, type ReactNode } from "react";
import { curl } from "./curl.ts";
import { compose, keyOf, missing, startValues, takesBody, type Operation, type Parameter, type Request } from "./request.ts";
import { ReplyView } from "./reply-view.tsx";

/** Reply is what came back; body is text, or empty with a note when it is none. */
export type Reply = {
  readonly status: number;
  readonly reason: string;
  readonly milliseconds: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly note?: string;
};

/** Sender sends a request and gives its reply; it throws when there was none. */
export type Sender = (request: Request) => Promise<Reply>;

/** TryIt calls an operation: parameters, body, send, reply. credential is a header that every request carries. */
export function TryIt(props: {
  operation: Operation;
  origin: string;
  credential: readonly [name: string, value: string] | undefined;
  credentialField: ReactNode;
  send: Sender;
}) {
  const { operation, credential, send } = props;
  const [values, setValues] = useState(() => startValues(operation));
  const [outcome, setOutcome] = useState<{ reply: Reply } | { error: unknown } | "sending">();
  const absent = missing(operation, values);
  const request = compose(operation, values, credential ? [credential] : []);
  const shown = compose(operation, values, credential ? [[credential[0], "…"]] : []);

  async function submit(): Promise<void> {
    if (absent.length > 0 || outcome === "sending") return;
    setOutcome("sending");
    setOutcome(await send(request).then((reply) => ({ reply }), (error: unknown) => ({ error })));
  }
  return (
    <Section title={say(msg("try.title", "Try it"))}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack form>
          {props.credentialField}
          {operation.parameters.map((parameter) => (
            <Field
              key={keyOf(parameter)}
              label={labelOf(parameter)}
              {...(parameter.description ? { hint: parameter.description } : {})}
              value={values.parameters[keyOf(parameter)] ?? ""}
              onChange={(value) => setValues({ ...values, parameters: { ...values.parameters, [keyOf(parameter)]: value } })}
            />
          ))}
          {takesBody(operation.method) && (
            <ProseField mono rows={8} label={say(msg("try.body", "Body"))} value={values.body} onChange={(body) => setValues({ ...values, body })} />
          )}
          <CodeBlock label={say(msg("try.curl", "As a command"))} text={curl(props.origin, shown)} copy={curl(props.origin, request)} />
          <div>
            <Button primary submit whyNot={reasonAgainst(absent, outcome === "sending")}>
              {say(msg("try.send", "Send"))}
            </Button>
          </div>
          <div aria-live="polite">
            {outcome && outcome !== "sending" && ("reply" in outcome ? <ReplyView reply={outcome.reply} /> : <Unsent error={outcome.error} />)}
          </div>
        </Stack>
      </form>
    </Section>
  );
}

function Unsent({ error }: { error: unknown }) {
  return (
    <Notice tone="error" title={say(msg("try.unsent", "There was no answer"))}>
      {problemOf(error).message}
    </Notice>
  );
}

function labelOf(parameter: Parameter): string {
  const values = { name: parameter.name, place: parameter.in, type: parameter.type };
  return parameter.required
    ? say(msg("try.parameter", "{name} ({place}, {type})"), values)
    : say(msg("try.parameter.optional", "{name} ({place}, {type}, optional)"), values);
}

function reasonAgainst(absent: readonly string[], sending: boolean): string | undefined {
  if (sending) return say(msg("try.sending", "Waiting for the answer"));
  return absent.length > 0 ? say(msg("try.missing", "Fill in {names}"), { names: absent.join(", ") }) : undefined;
}
