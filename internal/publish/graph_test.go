package publish

import (
	"fmt"
	"testing"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// graphOf is what the managed gateway knows of the API "a" of the workspace "pay" besides its operations.
func graphOf(w *world) string {
	for _, shard := range w.given["managed"].Others {
		for a := range shard.APIs.All() {
			if shard.Workspace != "pay" || a.Name != "a" {
				continue
			}
			text := a.Type
			if a.Definition != nil {
				text += " " + a.Definition.Text
			}
			for _, r := range a.Resolvers {
				p := r.Policy
				if p == nil {
					p = &snapshot.Policy{}
				}
				text += fmt.Sprintf(" %s[%s]", r.Path, p.Text)
			}
			return text
		}
	}
	return "no such API"
}

// Gateways get the schema that describes an API, and its resolvers; schemas of operations stay away.
func TestGatewaysGetSchemaAndResolversOfAGraphQLAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := func(when, want string) {
		t.Helper()
		if got := graphOf(w); got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	w.put(pay+"/apis/a", `{"path":"a","type":"graphql"}`)
	w.puts = nil
	w.put(pay+"/apis/a/schemas/types", `{"contentType":"application/vnd.oai.openapi.components+json","document":{"components":{"schemas":{}}}}`)
	check("a schema of operations", "graphql")
	if len(w.puts) > 0 {
		t.Error("a schema that gateways don't use is a change to them")
	}
	w.put(pay+"/apis/a/schemas/graphql", `{"contentType":"application/vnd.ms-azure-apim.graphql.schema","document":{"value":"type Query { a: Int }"}}`)
	check("a schema", "graphql type Query { a: Int }")
	w.put(pay+"/apis/a/resolvers/r", `{"path":"Query/a"}`)
	w.put(pay+"/apis/a/resolvers/r/policies/policy", `{"format":"rawxml","value":"<http-data-source/>"}`)
	check("a resolver", "graphql type Query { a: Int } Query/a[<http-data-source/>]")
	w.remove(pay + "/apis/a/resolvers/r")
	w.put(pay+"/apis/a/schemas/graphql", `{"contentType":"application/vnd.ms-azure-apim.graphql.schema","document":{"value":"type Query { b: Int }"}}`)
	check("another schema and no resolver", "graphql type Query { b: Int }")
	w.remove(pay + "/apis/a/schemas/graphql")
	check("without a schema", "graphql")
}
