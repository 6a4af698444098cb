import type { PageProps } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Data, Link, Nothing, PageFrame, Section, Stack, Table } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { Product } from "../../api.ts";
import { read } from "../../shell/ask.ts";
import { hrefOf, type Place } from "../../shell/place.ts";
import { Subscribe } from "./subscribe.tsx";

/** Page shows a product: its APIs, its terms, and how to subscribe to it. */
export function Page({ place }: PageProps<Place>) {
  const product = useQuery(read<Product>(`/api/products/${encodeURIComponent(place.id)}`));
  return (
    <PageFrame
      title={product.data?.title ?? say(msg("portal.screen.product", "Product"))}
      within={say(msg("portal.product", "Developer portal"))}
      lead={product.data?.description}
    >
      <Data of={product} like="page">
        {(found) => (
          <Stack>
            <Section title={say(msg("product.apis", "APIs in it"))}>
              {found.apis.length === 0 ? (
                <Nothing words={say(msg("product.apis.none", "This product holds no API yet."))} />
              ) : (
                <Table
                  label={say(msg("product.apis", "APIs in it"))}
                  rows={found.apis}
                  keyOf={(row) => row.id}
                  columns={[{ id: "title", label: say(msg("product.api", "Name")), cell: (row) => <Link href={hrefOf("apis", row.id)}>{row.title}</Link> }]}
                />
              )}
            </Section>
            {found.keyNeeded && <Subscribe product={found} />}
          </Stack>
        )}
      </Data>
    </PageFrame>
  );
}
