package apim

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

func TestResolversBelongToGraphQLAPIs(t *testing.T) {
	t.Parallel()
	l := shelf{values: map[string]any{"/apis/graph": &API{Type: "graphql"}, "/apis/rest": &API{Type: "http"}}}
	for at, good := range map[string]bool{"/apis/graph/resolvers/r": true, "/apis/rest/resolvers/r": false, "/apis/none/resolvers/r": false} {
		w := &kind.Write{ID: arm.MustID(testService + at), New: &Resolver{Path: "Query/orders"}, Lookup: l}
		if got := resolver().Validate(w) == nil; got != good {
			t.Errorf("%s is accepted: %v, want %v", at, got, good)
		}
	}
}

func TestAResolversPolicyIsADataSource(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format, value string
		good          bool
	}{
		{"xml", `<http-data-source><http-request><set-method>GET</set-method></http-request></http-data-source>`, true},
		{"rawxml", `<sql-data-source><a b="@(1 < 2 ? "x" : "y")" /></sql-data-source>`, true},
		{"xml", `<policies><inbound /></policies>`, false},
		{"xml", `<http-data-source>`, false},
		{"xml-link", `https://example.org/p.xml`, false},
	} {
		w := &kind.Write{ID: arm.MustID(testService + "/apis/a/resolvers/r/policies/policy"), New: &Policy{Format: c.format, Value: c.value}, Lookup: shelf{}}
		if got := resolverPolicy().Validate(w) == nil; got != c.good {
			t.Errorf("%s %s is accepted: %v, want %v", c.format, c.value, got, c.good)
		}
	}
}
