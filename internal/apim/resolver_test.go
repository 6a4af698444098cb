package apim

import (
	"errors"
	"fmt"
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

// A resolver publishes to subscriptions that the API's schema has, and is told where one is missing.
func TestAResolverPublishesToSubscriptionsOfItsSchema(t *testing.T) {
	t.Parallel()
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	schema := func(text string) *Schema {
		return &Schema{ContentType: graphQLContent, Document: &SchemaDocument{Value: text}}
	}
	l := shelf{values: map[string]any{
		"/apis/graph": &API{Type: "graphql"}, "/apis/graph/schemas/graphql": schema("type Query { a: Int } type Subscription { changed: Int }"),
		"/apis/quiet": &API{Type: "graphql"}, "/apis/quiet/schemas/graphql": schema("type Query { a: Int }"), "/apis/bare": &API{Type: "graphql"},
	}}
	c := &Catalogue{Policies: engine}
	for _, test := range []struct{ api, field, want string }{
		{"graph", "changed", ""},
		{"graph", "gone", "line 1, column 152: the subscription type 'Subscription' has no field 'gone'"},
		{"quiet", "changed", "the schema has no subscription type to publish 'changed' to"},
		{"bare", "changed", "has no GraphQL schema yet"},
	} {
		text := `<http-data-source><http-request><set-method>GET</set-method><set-url>https://a.example/</set-url></http-request><http-response><publish-event><targets><graphql-subscription id="` + test.field + `"/></targets></publish-event></http-response></http-data-source>`
		w := &kind.Write{ID: arm.MustID(testService + "/apis/" + test.api + "/resolvers/r/policies/policy"), New: &Policy{Format: "rawxml", Value: text}, Lookup: l}
		err := c.resolverPolicy().Validate(w)
		var e *arm.Error
		told := fmt.Sprint(err)
		if errors.As(err, &e) {
			told = fmt.Sprint(e.Details)
		}
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(told, test.want) {
			t.Errorf("%s %s: %s, want %q", test.api, test.field, told, test.want)
		}
	}
}
