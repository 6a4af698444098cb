import { findScreen, Shown, useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { AccountMenu, Frame, LinkButton, Notice, PageFrame } from "@atelier/ui";
import { screens } from "../screens.ts";
import { useSend } from "./ask.ts";
import { hrefOf, placeOf, type Place } from "./place.ts";
import { useSession } from "./session.ts";

/** Shell is the frame around every page of the portal. */
export function Shell() {
  const { path, query } = useAddress();
  const place = placeOf(path);
  const screen = findScreen(screens, place);
  const items = screens.filter((each) => each.nav).map((each) => ({
    label: say(each.title),
    href: `/${each.name}`,
    here: each === screen || sections[place.page] === each.name,
    onHover: each.prefetch,
  }));
  return (
    <Frame
      product={say(msg("portal.product", "Developer portal"))}
      home="/"
      crumbs={[]}
      nav={[{ label: say(msg("portal.nav", "Catalogue")), items }]}
      account={<Account here={path} />}
    >
      {screen ? <Shown screen={screen} place={place} at={keyOf(place, query)} /> : <Absent />}
    </Frame>
  );
}

// sections are the pages that a list leads to, by the list they belong to.
const sections: Record<string, string> = { api: "apis", product: "products" };

// keyOf decides when a page starts afresh: with another thing, or another operation of it.
function keyOf(place: Place, query: URLSearchParams): string {
  return `${place.page}/${place.id}/${query.get("operation") ?? ""}`;
}

function Account({ here }: { here: string }) {
  const person = useSession();
  const { mutate } = useSend("DELETE", "/api/session");
  if (person === undefined) return null;
  if (person === null) {
    return (
      <LinkButton href={`${hrefOf("sign-in")}?next=${encodeURIComponent(here)}`}>{say(msg("portal.sign-in", "Sign in"))}</LinkButton>
    );
  }
  return <AccountMenu name={person.name} signOut={() => mutate({})} />;
}

function Absent() {
  return (
    <PageFrame title={say(msg("portal.absent", "There is no such page"))} within={say(msg("portal.product", "Developer portal"))}>
      <Notice tone="info">{say(msg("portal.absent.body", "The catalogue may have changed since this link was made."))}</Notice>
    </PageFrame>
  );
}
