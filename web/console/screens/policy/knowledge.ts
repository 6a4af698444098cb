import type { Ask } from "@atelier/data";
import type { Finding, Knowledge, Suggestion } from "@atelier/policy-editor";

type Values<T> = { readonly value: readonly T[] };

/** knowledgeOf is what the engine behind the management API knows of the policy language. */
export function knowledgeOf(ask: Ask): Knowledge {
  return {
    complete: async (document, at) => (await ask<Values<Suggestion>>("/providers/Atelier/completePolicy", { document, ...at })).value,
    explain: async (document, at) => (await ask<{ readonly markdown: string }>("/providers/Atelier/explainPolicy", { document, ...at })).markdown,
    check: async (document) => (await ask<Values<Finding>>("/providers/Atelier/checkPolicy", { document })).value,
  };
}
