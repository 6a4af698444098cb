import { msg, say } from "@atelier/strings";
import { Data, Link, Nothing, PageFrame, Table, type Column } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import type { ProductSummary } from "../../api.ts";
import { read } from "../../shell/ask.ts";
import { hrefOf } from "../../shell/place.ts";

const columns: readonly Column<ProductSummary>[] = [
  { id: "title", label: say(msg("products.title", "Name")), cell: (row) => <Link href={hrefOf("products", row.id)}>{row.title}</Link> },
  { id: "about", label: say(msg("products.about", "Description")), cell: (row) => row.description },
];

/** Page lists the products that the reader may subscribe to. */
export function Page() {
  const products = useQuery(read<{ products: ProductSummary[] }>("/api/products"));
  return (
    <PageFrame
      title={say(msg("portal.screen.products", "Products"))}
      within={say(msg("portal.product", "Developer portal"))}
      lead={say(msg("products.lead", "A product offers APIs under one set of terms. Subscribing to it gives you keys."))}
    >
      <Data of={products} like="table">
        {(answer) =>
          answer.products.length === 0 ? (
            <Nothing words={say(msg("products.none", "No product is open to you yet."))} />
          ) : (
            <Table label={say(msg("portal.screen.products", "Products"))} rows={answer.products} columns={columns} keyOf={(row) => row.id} />
          )
        }
      </Data>
    </PageFrame>
  );
}
