package apim

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

func TestResolversStandForFieldsOfGraphQLAPIs(t *testing.T) {
	t.Parallel()
	schema := &Schema{ContentType: graphQLContent, Document: &SchemaDocument{Value: "type Query { orders: [Order] } type Order { id: ID }"}}
	l := shelf{values: map[string]any{
		"/apis/graph": &API{Type: "graphql"}, "/apis/graph/schemas/graphql": schema, "/apis/bare": &API{Type: "graphql"}, "/apis/rest": &API{Type: "http"},
		"/workspaces/w/apis/graph": &API{Type: "graphql"}, "/workspaces/w/apis/graph/schemas/graphql": schema,
		"": &Service{CustomProperties: map[string]string{LimitsProfile: "azure"}},
	}}
	for _, c := range []struct{ at, path, want string }{
		{"/apis/graph/resolvers/r", "Query/orders", ""},
		{"/apis/graph/resolvers/r", "Order/id", ""},
		{"/apis/graph/resolvers/r", "Query/nothing", "the type 'Query' has no field 'nothing'"},
		{"/apis/bare/resolvers/r", "Query/orders", "has no GraphQL schema yet"},
		{"/apis/rest/resolvers/r", "Query/orders", "Resolvers belong to GraphQL APIs"},
		{"/apis/none/resolvers/r", "Query/orders", "Resolvers belong to GraphQL APIs"},
		{"/workspaces/w/apis/graph/resolvers/r", "Query/orders", "the service keeps Azure's limits"},
	} {
		w := &kind.Write{ID: arm.MustID(testService + c.at), New: &Resolver{Path: c.path}, Lookup: l}
		err := resolver().Validate(w)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %q", c.at, c.path, err, c.want)
		}
	}
}

func TestAResolversPolicyIsADataSource(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	c := &Catalogue{Policies: engine}
	for _, test := range []struct {
		format, value string
		good          bool
	}{
		{"xml", `<http-data-source><http-request><set-method>GET</set-method><set-url>https://a.example/</set-url></http-request></http-data-source>`, true},
		{"rawxml", `<http-data-source><http-request><set-method>GET</set-method><set-url>@("https://a.example/" + context.GraphQL.Arguments["id"])</set-url></http-request></http-data-source>`, true},
		{"rawxml", `<http-data-source><http-request><set-method>GET</set-method><set-url>@(context.Nothing)</set-url></http-request></http-data-source>`, false},
		{"xml", `<sql-data-source />`, false},
		{"xml", `<policies><inbound /></policies>`, false},
		{"xml", `<http-data-source>`, false},
		{"xml-link", `https://example.org/p.xml`, false},
	} {
		w := &kind.Write{ID: arm.MustID(testService + "/apis/a/resolvers/r/policies/policy"), New: &Policy{Format: test.format, Value: test.value}, Lookup: shelf{}}
		if got := c.resolverPolicy().Validate(w); (got == nil) != test.good {
			t.Errorf("%s %s: %v, is to be accepted: %v", test.format, test.value, got, test.good)
		}
	}
}
