package rest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/graphql"
)

const shop = "type Query { products: [Product] }\ntype Product { id: ID! name: String }\n"

// shopServer is a GraphQL server: it executes what is posted to /graphql, and has its schema as a file at /schema.graphql.
func shopServer(t *testing.T) *httptest.Server {
	t.Helper()
	schema, err := graphql.Parse(shop)
	if err != nil {
		t.Fatal(err)
	}
	products := func(typ, field string) graphql.Resolver {
		if typ+"/"+field != "Query/products" {
			return nil
		}
		return func(context.Context, *graphql.Field) (any, error) {
			return []any{map[string]any{"id": "1", "name": "Tea"}}, nil
		}
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked, err := graphql.ReadBody(r.Header.Get("Content-Type"), body)
		switch {
		case r.URL.Path == "/schema.graphql":
			_, _ = io.WriteString(w, shop)
			return
		case r.URL.Path == "/page":
			_, _ = io.WriteString(w, "<html>")
			return
		case r.Method != http.MethodPost || err != nil || r.URL.Path != "/graphql":
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		op, problems := schema.Prepare(asked, graphql.Limits{Depth: 20, Fields: 1000})
		if problems != nil {
			_, _ = w.Write(graphql.Failure(problems))
			return
		}
		out, err := op.Execute(r.Context(), products, graphql.Budget{Calls: 1, Parallel: 1, Fields: 10_000, Output: 1 << 20})
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(out)
	}))
	t.Cleanup(s.Close)
	return s
}

// An API is made of a GraphQL server by its address: the server tells its schema, and requests are passed on to it.
func TestGraphQLImport(t *testing.T) {
	t.Parallel()
	backend := shopServer(t)
	r := newRun(t, start(t), "graphimport", &txtar.Archive{})
	steps := func(lines string) {
		t.Helper()
		for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
			if err := r.step(words(strings.TrimSpace(line))); err != nil {
				t.Fatalf("%s: %v\nlast answer: %d %s", line, err, r.status, r.body)
			}
		}
	}
	put := func(name, properties, link string) {
		t.Helper()
		body := fmt.Sprintf(`{"properties":{"displayName":"G","path":"%s","subscriptionRequired":false,"protocols":["http","https"],"format":"graphql-link","value":"%s%s"%s}}`, name, backend.URL, link, properties)
		if err := r.send(http.MethodPut, r.vars["svc"]+"/apis/"+name, body, nil); err != nil {
			t.Fatal(err)
		}
	}
	r.vars["backend"] = backend.URL
	put("asked", `,"apiType":"graphql"`, "/graphql")
	steps(`
		status 201
		has '"type":"graphql"' '"serviceUrl":"$backend/graphql"'
		GET $svc/apis/asked/schemas/graphql
		status 200
		has 'products: [Product]' 'application/vnd.ms-azure-apim.graphql.schema'
		GET $svc/apis/asked/operations
		has '"count":0'
		call $name.localhost /asked?query=%7Bproducts%7Bname%7D%7D
		status 400
		has no
	`)
	if err := r.send(http.MethodGet, r.vars["svc"]+"/apis/asked", "", nil); err != nil || r.status != http.StatusOK {
		t.Fatal(r.status, r.body, err)
	}
	put("file", "", "/schema.graphql")
	steps(`
		status 201
		has '"type":"graphql"'
		lacks serviceUrl
		call $name.localhost /file?query=%7Bproducts%7Bname%7D%7D
		status 200
		has '{"data":{"products":null}}'
	`)
	put("page", "", "/page")
	steps(`
		status 400 ValidationError
		has 'it is no GraphQL schema: line 1, column 1' 'asked for its schema by introspection, it answers something else'
	`)
	put("none", `,"type":"http"`, "/graphql")
	steps(`
		status 400 ValidationError
		has 'into APIs of type' 'openapi-link'
	`)
}
