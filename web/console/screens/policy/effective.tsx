import { nameOf, parentOf, typeOf } from "@atelier/arm";
import { list, useCan } from "@atelier/data";
import { actionOf, type EffectivePolicy } from "@atelier/kinds";
import { useAddress } from "@atelier/screens";
import { msg, say } from "@atelier/strings";
import { Data, Nothing, Section, SelectField, Stack } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useStyles } from "./effective.styles.ts";
import { Runs } from "./origin.tsx";
import { runsOf } from "./runs.ts";

const sections: Record<string, string> = {
  inbound: say(msg("policy.section.inbound", "Inbound: before the backend is called")),
  backend: say(msg("policy.section.backend", "Backend: calls the backend")),
  outbound: say(msg("policy.section.outbound", "Outbound: on the response")),
  "on-error": say(msg("policy.section.on-error", "On error: in place of what is left")),
};

/** Effective shows what runs for an operation, section by section; a product, when one is chosen, adds its policy. */
export function Effective({ operation }: { operation: string }) {
  const { query, setQuery } = useAddress();
  const product = query.get("product") ?? "";
  const answer = useQuery(list("effectivePolicies", operation, "", product ? { productId: product } : {}));
  return (
    <Stack>
      <ProductChoice operation={operation} value={product} onChange={(name) => setQuery("product", name)} />
      <Data of={answer} like="page">
        {(found) =>
          found.every((section) => section.properties.lines.length === 0) ? (
            <Nothing words={say(msg("policy.effective.none", "No policy runs for this operation. Requests reach the backend, and responses the caller, as they are."))} />
          ) : (
            found.map((section) => <Part key={section.name} section={section} />)
          )
        }
      </Data>
    </Stack>
  );
}

function Part({ section }: { section: EffectivePolicy }) {
  const styles = useStyles();
  const runs = runsOf(section.properties.lines);
  return (
    <Section title={sections[section.name] ?? section.name}>
      {runs.length === 0 ? <span className={styles.quiet}>{say(msg("policy.section.none", "Nothing runs here."))}</span> : <Runs runs={runs} />}
    </Section>
  );
}

// ProductChoice is left out when there is no product to choose, or when products may not be listed.
function ProductChoice({ operation, value, onChange }: { operation: string; value: string; onChange: (name: string) => void }) {
  const styles = useStyles();
  const home = parentOf(parentOf(operation) ?? "") ?? "";
  const may = useCan(home)(actionOf("products", typeOf(home), "read"));
  const products = useQuery({ ...list("products", home), enabled: may === true });
  if (!products.data || products.data.length === 0) return null;
  return (
    <div className={styles.choice}>
      <SelectField
        label={say(msg("policy.effective.product", "Called through product"))}
        value={value}
        onChange={onChange}
        options={[["", say(msg("policy.effective.no-product", "None"))], ...products.data.map((each) => [nameOf(each.id), each.properties.displayName] as const)]}
      />
    </div>
  );
}
