import { parentOf } from "@atelier/arm";
import { useCan } from "@atelier/data";
import { findScreen, Shown, useAddress, type Screen } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { AccountMenu, Frame, Loading, NotAllowed, Notice, PageFrame, type Crumb, type NavGroup } from "@atelier/ui";
import { screens } from "../screens.ts";
import { labelOf } from "./label.ts";
import { home, hrefOf, placeOf, type Place } from "./place.ts";
import { useSession } from "./session-context.ts";

/** Shell is the frame around every page, made from the table of screens and the place in the address. */
export function Shell() {
  const { path } = useAddress();
  const session = useSession();
  const place = placeOf(path);
  const screen = place && findScreen(screens, place);
  return (
    <Frame
      product={say(msg("product", "Atelier"))}
      home={home}
      crumbs={place ? crumbsOf(place) : []}
      nav={useNavigation(place, screen)}
      account={<AccountMenu name={session.name} signOut={() => void session.signOut()} />}
    >
      {place && screen ? <Guarded place={place} screen={screen} /> : <Absent />}
    </Frame>
  );
}

// Guarded asks first whether the page may be read, so that no request is made that is known to be refused.
function Guarded({ place, screen }: { place: Place; screen: Screen<Place> }) {
  const action = screen.needs?.(place);
  const may = useCan(action ? place.id : undefined);
  if (action && may(action) === undefined) return <Loading like="page" />;
  if (action && !may(action)) {
    return (
      <PageFrame title={say(screen.title)} within={labelOf(place.id)}>
        <NotAllowed action={action} scope={labelOf(place.id)} />
      </PageFrame>
    );
  }
  return <Shown screen={screen} place={place} at={`${place.id}/${place.view}`} />;
}

function Absent() {
  return (
    <PageFrame title={say(msg("absent.title", "There is no such page"))} within={say(msg("product", "Atelier"))}>
      <Notice tone="info">{say(msg("absent.body", "The address names neither a resource nor a view that this console has."))}</Notice>
    </PageFrame>
  );
}

function useNavigation(place: Place | undefined, current: Screen<Place> | undefined): NavGroup[] {
  const may = useCan(place?.id || undefined);
  if (!place?.id) return [];
  const offered = screens.flatMap((screen) => {
    const view = viewOf(screen, place);
    if (!screen.nav || view === undefined) return [];
    const needs = screen.needs?.(view);
    return needs && may(needs) === false ? [] : [{ screen, view }];
  });
  const items = offered.map(({ screen, view }) => ({
    label: say(screen.title),
    href: hrefOf(place.id, view.view),
    here: screen === current,
    onHover: screen.prefetch,
  }));
  return items.length > 0 ? [{ label: labelOf(place.id), items }] : [];
}

// viewOf is the place at which a screen would show this resource; undefined when it never would.
function viewOf(screen: Screen<Place>, place: Place): Place | undefined {
  const there = { ...place, view: screen.name };
  return screen.at(there) ? there : undefined;
}

function crumbsOf(place: Place): Crumb[] {
  const trail: Crumb[] = [];
  for (let id: string | undefined = place.id || undefined; id; id = parentOf(id)) {
    trail.unshift({ label: labelOf(id), href: hrefOf(id) });
  }
  return trail;
}
