import { msg, say } from "@atelier/strings";
import { Link, Notice, problemOf, SelectField } from "@atelier/ui";
import type { Api } from "../../api.ts";
import { hrefOf } from "../../shell/place.ts";
import { useSession } from "../../shell/session.ts";
import type { Chosen } from "./use-key.ts";

/** KeyPicker shows which subscription a call uses, or how to get one. */
export function KeyPicker({ api, chosen }: { api: Api; chosen: Chosen }) {
  if (useSession() === null) {
    const href = `${hrefOf("sign-in")}?next=${encodeURIComponent(hrefOf("apis", api.id))}`;
    return (
      <Notice tone="info" actions={<Link href={href}>{say(msg("portal.sign-in", "Sign in"))}</Link>}>
        {say(msg("key.guest", "Calls need a subscription key, which you get when you are signed in."))}
      </Notice>
    );
  }
  if (chosen.usable?.length === 0) return <GetKey api={api} />;
  return (
    <SelectField
      label={say(msg("key.label", "Subscription key"))}
      hint={say(msg("key.hint", "Sent in the header {header}."), { header: api.key?.header ?? "" })}
      value={chosen.id}
      fault={chosen.error ? problemOf(chosen.error).message : undefined}
      onChange={chosen.choose}
      options={[...(chosen.usable ?? []).map((each) => [each.id, each.name] as const), ["", say(msg("key.none", "None"))]]}
    />
  );
}

function GetKey({ api }: { api: Api }) {
  const links = api.products.map((product) => (
    <Link key={product.id} href={hrefOf("products", product.id)}>
      {product.title}
    </Link>
  ));
  return (
    <Notice tone="info" actions={links}>
      {say(msg("key.get", "You have no key for this API yet. Subscribe to a product that holds it."))}
    </Notice>
  );
}
