package graphql

import (
	"fmt"
	"strings"
	"testing"
)

// Fields that are removed go with what only they needed; the request that is left is valid. Interfaces are no way around.
func TestAuthorize(t *testing.T) {
	t.Parallel()
	s := parsed(t, shop)
	judge := func(typ, field string) (Verdict, error) {
		switch typ + "/" + field {
		case "Product/price", "Product/id":
			return Remove, nil
		case "/__schema", "Mutation/rename":
			return Reject, nil
		}
		return Allow, nil
	}
	for _, c := range []struct{ query, want string }{
		{`{ product(id: 1) { name } }`, `{ product(id: 1) { name } }`},
		{`query q($i: ID!, $c: Currency) { product(id: $i) { name price } gone: product(id: $i, currency: $c) { price } }`, "query q ($i: ID!){ product(id: $i){ name}} map[i:1] removed 2"},
		{`{ product(id: 1) { ...p name } } fragment p on Product { price }`, "query{ product(id: 1){ name}} map[] removed 1"},
		{`{ product(id: 1) { ... on Product { price } ... { id } } }`, "none removed 2"},
		{`{ node { id } }`, "none removed 1"},
		{`{ search { ... on Node { id } __typename } }`, "query{ search{ __typename}} map[] removed 1"},
		{`{ __schema { types { name } } }`, "rejected Access to the field '__schema' is denied."},
		{`{ a: __type(name: "Product") { name } __typename }`, `{ a: __type(name: "Product") { name } __typename }`},
		{`mutation { rename(id: 1, name: "") { price } }`, "rejected Access to the field 'Mutation/rename' is denied."},
	} {
		r := &Request{Query: c.query, Variables: map[string]any{"i": "1", "c": "EUR"}}
		op, problems := s.Prepare(r, roomy)
		if problems != nil {
			t.Fatal(c.query, problems)
		}
		a, err := op.Authorize(judge, r)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		switch {
		case a.Rejected != nil:
			got = "rejected " + a.Rejected.Message
		case a.Request == nil:
			got = fmt.Sprintf("none removed %d", len(a.Removed))
		case len(a.Removed) == 0:
			got = a.Request.Query
		default:
			got = fmt.Sprintf("%s %v removed %d", strings.NewReplacer(" {", "{", "{ ", "{", " }", "}").Replace(strings.Join(strings.Fields(a.Request.Query), " ")), a.Request.Variables, len(a.Removed))
			if _, problems := s.Prepare(a.Request, roomy); problems != nil {
				t.Errorf("what is left of %s is no valid request: %s: %v", c.query, a.Request.Query, problems)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
}
