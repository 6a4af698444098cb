import { msg, say } from "@atelier/strings";
import { TryIt, type Sender } from "@atelier/try-it";
import { CodeText, Data, MethodName, Section, Stack, Table } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { Api, CallReply, Operation as OperationShape } from "../../api.ts";
import { read, send } from "../../shell/ask.ts";
import { KeyPicker } from "./key-picker.tsx";
import { useKey } from "./use-key.ts";

/** Operation documents one operation and lets it be tried with one of the reader's own keys. */
export function Operation({ api, id }: { api: Api; id: string }) {
  const operation = useQuery(read<OperationShape>(`/api/apis/${encodeURIComponent(api.id)}/operations/${encodeURIComponent(id)}`));
  return (
    <Data of={operation} like="page">
      {(found) => <Described api={api} operation={found} />}
    </Data>
  );
}

function Described({ api, operation }: { api: Api; operation: OperationShape }) {
  const chosen = useKey(api);
  const call: Sender = (request) => send<CallReply>("POST", "/api/calls", { api: api.id, operation: operation.id, ...request });
  return (
    <Section title={operation.title}>
      <Stack>
        <span>
          <MethodName>{operation.method}</MethodName> <CodeText>{operation.path}</CodeText>
        </span>
        {operation.description !== "" && <span>{operation.description}</span>}
        {operation.responses.length > 0 && (
          <Table
            label={say(msg("operation.responses", "Answers"))}
            rows={operation.responses}
            keyOf={(row) => String(row.status)}
            columns={[
              { id: "status", label: say(msg("operation.status", "Answer")), cell: (row) => String(row.status) },
              { id: "about", label: say(msg("operation.status.about", "Meaning")), cell: (row) => row.description },
            ]}
          />
        )}
        <TryIt
          operation={operation}
          origin={api.address}
          credential={api.key && chosen.key ? [api.key.header, chosen.key] : undefined}
          credentialField={api.key && <KeyPicker api={api} chosen={chosen} />}
          send={call}
        />
      </Stack>
    </Section>
  );
}
