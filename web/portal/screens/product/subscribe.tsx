import { msg, say } from "@atelier/strings";
import { Button, CheckList, Field, LinkButton, Notice, problemOf, Section, Stack } from "@atelier/ui";
import { useState } from "react";
import type { Product, Subscription } from "../../api.ts";
import { useSend } from "../../shell/ask.ts";
import { hrefOf } from "../../shell/place.ts";
import { useSession } from "../../shell/session.ts";
import { KeysOf } from "../../shell/keys.tsx";

/** Subscribe lets the reader subscribe to a product and then shows the key at once. */
export function Subscribe({ product }: { product: Product }) {
  const person = useSession();
  if (person === undefined) return null;
  return (
    <Section title={say(msg("subscribe.title", "Subscribe"))}>
      {person ? (
        <Form product={product} />
      ) : (
        <div>
          <LinkButton primary href={`${hrefOf("sign-in")}?next=${encodeURIComponent(hrefOf("products", product.id))}`}>
            {say(msg("subscribe.sign-in", "Sign in to subscribe"))}
          </LinkButton>
        </div>
      )}
    </Section>
  );
}

function Form({ product }: { product: Product }) {
  const [name, setName] = useState(say(msg("subscribe.name.default", "My {product} key"), { product: product.title }));
  const [accepted, setAccepted] = useState(product.terms === "");
  const { mutate, data: made, error, isPending } = useSend<Subscription>("POST", "/api/subscriptions");
  if (made) return <Made subscription={made} first={product.apis[0]?.id} />;
  const faulty = (field: string) => (error && "field" in error && error.field === field ? error.message : undefined);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (accepted && !isPending) mutate({ product: product.id, name, termsAccepted: accepted });
      }}
    >
      <Stack form>
        <Field
          label={say(msg("subscribe.name", "Name of the subscription"))}
          hint={say(msg("subscribe.name.hint", "For yourself: what it will be used for."))}
          value={name}
          fault={faulty("name")}
          onChange={setName}
        />
        {product.terms !== "" && (
          <CheckList
            label={say(msg("subscribe.terms", "Terms of use"))}
            hint={product.terms}
            chosen={accepted ? ["terms"] : []}
            onChange={(chosen) => setAccepted(chosen.length > 0)}
            options={[{ value: "terms", label: say(msg("subscribe.accept", "I accept the terms of use")) }]}
          />
        )}
        {error && !faulty("name") && <Notice tone="error">{problemOf(error).message}</Notice>}
        <div>
          <Button primary submit whyNot={accepted ? undefined : say(msg("subscribe.accept-first", "Accept the terms of use first"))}>
            {say(msg("subscribe.do", "Subscribe"))}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function Made({ subscription, first }: { subscription: Subscription; first: string | undefined }) {
  if (subscription.state !== "active") {
    return (
      <Notice tone="info" title={say(msg("subscribe.waiting", "Waiting for approval"))}>
        {say(msg("subscribe.waiting.body", "The key appears under Subscriptions once the product's owner has approved it."))}
      </Notice>
    );
  }
  return (
    <Stack>
      <Notice tone="success" title={say(msg("subscribe.done", "Subscribed"))}>
        {say(msg("subscribe.done.body", "This is your key. It also stays under Subscriptions."))}
      </Notice>
      <KeysOf subscription={subscription.id} />
      {first !== undefined && (
        <div>
          <LinkButton primary href={hrefOf("apis", first)}>
            {say(msg("subscribe.try", "Try it now"))}
          </LinkButton>
        </div>
      )}
    </Stack>
  );
}
