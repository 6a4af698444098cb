import { nameOf } from "@atelier/arm";
import { list, one } from "@atelier/data";
import type { PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { CodeText, Columns, Data, PageFrame } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { hrefOf, type Place } from "../../shell/place.ts";
import { Collection } from "./collection.tsx";
import { apiColumns, productColumns, subscriptionColumns } from "./columns.tsx";
import { Gateways } from "./gateways.tsx";

/** Page shows a workspace and what is in it. */
export function Page({ place }: PageProps<Place>) {
  const workspace = useQuery(one("workspaces", place.id));
  const title = workspace.data?.properties.displayName ?? nameOf(place.id);
  return (
    <PageFrame title={title} within={say(msg("screen.workspace", "Overview"))} lead={workspace.data?.properties.description}>
      <Data of={workspace} like="page">
        {() => (
          <>
            <CodeText copy>{place.id}</CodeText>
            <Columns>
              <Collection
                title={say(msg("workspace.apis", "APIs"))}
                kind="apis"
                parent={place.id}
                of={list("apis", place.id, "isCurrent eq true")}
                columns={apiColumns}
                none={say(msg("workspace.apis.none", "No APIs yet. An API offers the operations of a backend to consumers."))}
                add={{ words: say(msg("screen.new-api", "Create API")), href: hrefOf(place.id, "new-api") }}
              />
              <Collection
                title={say(msg("workspace.products", "Products"))}
                kind="products"
                parent={place.id}
                of={list("products", place.id)}
                columns={productColumns}
                none={say(msg("workspace.products.none", "No products yet. A product offers APIs to consumers under one set of terms."))}
              />
              <Collection
                title={say(msg("workspace.subscriptions", "Subscriptions"))}
                kind="subscriptions"
                parent={place.id}
                of={list("subscriptions", place.id)}
                columns={subscriptionColumns}
                none={say(msg("workspace.subscriptions.none", "No subscriptions yet. Each holds the keys with which one consumer calls."))}
              />
              <Gateways workspace={place.id} />
            </Columns>
          </>
        )}
      </Data>
    </PageFrame>
  );
}
