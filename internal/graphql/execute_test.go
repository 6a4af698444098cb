package graphql

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

var (
	roomy     = Limits{Depth: 20, Fields: 500}
	unhurried = Budget{Calls: 100, Parallel: 4, Fields: 5000, Output: 1 << 20}
)

// data are resolvers that give JSON: by "Type/field".
func data(texts map[string]string) Resolvers {
	return func(typ, field string) Resolver {
		text, ok := texts[typ+"/"+field]
		if !ok {
			return nil
		}
		return func(_ context.Context, f *Field) (any, error) {
			if message, fails := strings.CutPrefix(text, "!"); fails {
				return nil, errors.New(message)
			}
			args, err := marshal(f.Arguments)
			if err != nil {
				return nil, err
			}
			parent, err := marshal(f.Parent)
			if err != nil {
				return nil, err
			}
			return DecodeValue([]byte(strings.NewReplacer("$args", strings.ReplaceAll(string(args), `"`, "'"), "$parent", strings.ReplaceAll(string(parent), `"`, "'")).Replace(text)))
		}
	}
}

func ask(t testing.TB, s *Schema, query string, vars map[string]any, find Resolvers) []byte {
	t.Helper()
	if find == nil {
		find = data(nil)
	}
	op, problems := s.Prepare(&Request{Query: query, Variables: vars}, roomy)
	if problems != nil {
		return Failure(problems)
	}
	out, err := op.Execute(context.Background(), find, unhurried)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExecution holds what the specification of GraphQL asks of an execution.
func TestExecution(t *testing.T) {
	t.Parallel()
	s := parsed(t, shop)
	for _, c := range []struct {
		name, query string
		vars        map[string]any
		data        map[string]string
		want        string
	}{
		{
			"fields without a resolver are the parent's properties, in the order of the request", `{ product(id: 1) { price name __typename } }`, nil,
			map[string]string{"Query/product": `{"name":"Tea","price":2.50}`},
			`{"data":{"product":{"price":2.50,"name":"Tea","__typename":"Product"}}}`,
		},
		{
			"aliases name, fields of one name merge", `{ a: product(id: 1) { name } a: product(id: 1) { id } b: product(id: 2) { id } }`, nil,
			map[string]string{"Query/product": `{"id":7,"name":"Tea"}`},
			`{"data":{"a":{"name":"Tea","id":"7"},"b":{"id":"7"}}}`,
		},
		{
			"arguments have their defaults, variables and enums", `query q($id: ID!, $none: Currency) { product(id: $id, currency: $none) { name } }`,
			map[string]any{"id": "x"},
			map[string]string{"Query/product": `{"name":"$args"}`},
			`{"data":{"product":{"name":"{'currency':'EUR','id':'x'}"}}}`,
		},
		{
			"input objects have their defaults, single values become lists", `{ products(filter: {tags: "a"}) { name } }`, nil,
			map[string]string{"Query/products": `[{"name":"$args"}]`},
			`{"data":{"products":[{"name":"{'filter':{'limit':10,'tags':['a']},'first':2}"}]}}`,
		},
		{
			"a resolver below sees its parent, for each item of a list", `{ products { reviews { text } } }`, nil,
			map[string]string{"Query/products": `[{"id":1},{"id":2}]`, "Product/reviews": `[{"text":"$parent"}]`},
			`{"data":{"products":[{"reviews":[{"text":"{'id':1}"}]},{"reviews":[{"text":"{'id':2}"}]}]}}`,
		},
		{
			"fragments apply to the types that they are for", `{ search { __typename ... on Product { name } ...r } } fragment r on Review { stars }`, nil,
			map[string]string{"Query/search": `[{"__typename":"Product","name":"Tea"},{"__typename":"Review","stars":5}]`},
			`{"data":{"search":[{"__typename":"Product","name":"Tea"},{"__typename":"Review","stars":5}]}}`,
		},
		{
			"an interface with one type needs no __typename", `{ node { id } }`, nil,
			map[string]string{"Query/node": `{"id":"n"}`},
			`{"data":{"node":{"id":"n"}}}`,
		},
		{
			"a union needs __typename", `{ search { __typename } }`, nil,
			map[string]string{"Query/search": `[{"stars":5}]`},
			`{"data":{"search":null},"errors":[{"message":"Field Query.search: __typename must say which type of Hit the object is.","locations":[{"line":1,"column":3}],"path":["search",0]}]}`,
		},
		{
			"skip and include", `query q($yes: Boolean!) { product(id: 1) { name @skip(if: $yes) id @include(if: $yes) ... @include(if: false) { price } } }`,
			map[string]any{"yes": true},
			map[string]string{"Query/product": `{"id":"1","name":"Tea","price":1}`},
			`{"data":{"product":{"id":"1"}}}`,
		},
		{
			"a field that fails is null and its error has its path", `{ products { id name } product(id: 1) { id } }`, nil,
			map[string]string{"Query/products": `[{"id":"1"}]`, "Query/product": "!The backend is ill."},
			`{"data":{"products":[{"id":"1","name":null}],"product":null},"errors":[{"message":"The backend is ill.","locations":[{"line":1,"column":24}],"path":["product"]}]}`,
		},
		{
			"null where null can't be makes the nearest nullable parent null", `{ product(id: 1) { name reviews { stars text } } }`, nil,
			map[string]string{"Query/product": `{"name":"Tea","reviews":[{"stars":1},{"text":"no stars"}]}`},
			`{"data":{"product":{"name":"Tea","reviews":null}},"errors":[{"message":"Cannot return null for non-nullable field Review.stars.","locations":[{"line":1,"column":35}],"path":["product","reviews",1,"stars"]}]}`,
		},
		{
			"null where the root can't be null makes all data null", `{ broken { id } }`, nil, nil,
			`{"data":null,"errors":[{"message":"Cannot return null for non-nullable field Query.broken.","locations":[{"line":1,"column":3}],"path":["broken"]}]}`,
		},
		{
			"data of another type is an error", `{ product(id: 1) { stock name price } }`, nil,
			map[string]string{"Query/product": `{"stock":"many","name":12,"price":3}`},
			`{"data":{"product":{"stock":null,"name":"12","price":3}},"errors":[{"message":"Field Product.stock: the data can't be shown as Int.","locations":[{"line":1,"column":20}],"path":["product","stock"]}]}`,
		},
		{
			"a list is expected where there is one", `{ search { __typename } }`, nil,
			map[string]string{"Query/search": `{}`},
			`{"data":{"search":null},"errors":[{"message":"Expected a list for field Query.search.","locations":[{"line":1,"column":3}],"path":["search"]}]}`,
		},
		{
			"mutations run", `mutation { rename(id: 1, name: "Tea") { name } }`, nil,
			map[string]string{"Mutation/rename": `{"name":"$args"}`},
			`{"data":{"rename":{"name":"{'id':1,'name':'Tea'}"}}}`,
		},
		{"subscriptions don't", `subscription { sold { id } }`, nil, nil, `{"errors":[{"message":"Operations of type subscription are not executed but subscribed to."}]}`},
		{
			"introspection of one type", `{ __type(name: "Product") { name kind interfaces { name } fields(includeDeprecated: true) { name isDeprecated deprecationReason type { kind ofType { name } } } } }`, nil, nil,
			`{"data":{"__type":{"name":"Product","kind":"OBJECT","interfaces":[{"name":"Node"}],"fields":[` +
				`{"name":"id","isDeprecated":false,"deprecationReason":null,"type":{"kind":"NON_NULL","ofType":{"name":"ID"}}},{"name":"name","isDeprecated":false,"deprecationReason":null,"type":{"kind":"SCALAR","ofType":null}},` +
				`{"name":"price","isDeprecated":false,"deprecationReason":null,"type":{"kind":"SCALAR","ofType":null}},{"name":"stock","isDeprecated":false,"deprecationReason":null,"type":{"kind":"SCALAR","ofType":null}},` +
				`{"name":"reviews","isDeprecated":false,"deprecationReason":null,"type":{"kind":"LIST","ofType":{"name":null}}},{"name":"old","isDeprecated":true,"deprecationReason":"use name","type":{"kind":"SCALAR","ofType":null}}]}}}`,
		},
		{"the schema validates", `{ product { nothing } }`, nil, nil, `"message":"Cannot query field \"nothing\" on type \"Product\"."`},
		{"variables are checked", `query q($id: ID!) { product(id: $id) { id } }`, nil, nil, `{"errors":[{"message":"variable.id must be defined"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := string(ask(t, s, c.query, c.vars, data(c.data)))
			if got != c.want && (strings.HasPrefix(c.want, "{") || !strings.Contains(got, c.want)) {
				t.Errorf("the answer is\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Defaults that hold defaults come to no end; a schema may have them all the same.
func TestDefaultsThatGrowAreBounded(t *testing.T) {
	t.Parallel()
	s := parsed(t, "type Query { f(n: N = {}): String } input N { a: N = {} b: N = {} }")
	if got := string(ask(t, s, "{ f }", nil, data(map[string]string{"Query/f": `"x"`}))); !strings.Contains(got, "more than 20000 values") {
		t.Errorf("%.200s", got)
	}
}

// Fields of a mutation run one after another; those of a query may run at once, but never more than the budget says.
func TestMutationsRunInOrderAndQueriesAtOnce(t *testing.T) {
	t.Parallel()
	s := parsed(t, shop)
	var order []string
	find := func(typ, field string) Resolver {
		if typ != "Mutation" {
			return nil
		}
		return func(context.Context, *Field) (any, error) { order = append(order, field); return nil, nil }
	}
	ask(t, s, `mutation { b: second a: first c: second }`, nil, find)
	if got := fmt.Sprint(order); got != "[second first second]" {
		t.Errorf("the order is %s", got)
	}
	var now, most atomic.Int32
	meet := make(chan struct{})
	find = func(typ, field string) Resolver {
		if field != "product" {
			return nil
		}
		return func(context.Context, *Field) (any, error) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			select { // the first two meet, which only calls that run at once can
			case meet <- struct{}{}:
			case <-meet:
			}
			now.Add(-1)
			return nil, nil
		}
	}
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, " p%d: product(id: 1) { id }", i)
	}
	ask(t, s, "{"+b.String()+"}", nil, find)
	if most.Load() > int32(unhurried.Parallel) {
		t.Errorf("%d calls ran at once", most.Load())
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	s := parsed(t, shop)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	list := `[{"id":1},{"id":2},{"id":3}]`
	for _, c := range []struct {
		name, query string
		ctx         context.Context
		b           Budget
		want        string
	}{
		{"calls", `{ products { reviews { text } } }`, context.Background(), Budget{Calls: 2, Parallel: 1, Fields: 100, Output: 1000}, "needs more calls of resolvers"},
		{"fields", `{ products { id } }`, context.Background(), Budget{Calls: 9, Parallel: 1, Fields: 3, Output: 1000}, "more than 3 fields"},
		{"time", `{ products { id } }`, ended, unhurried, "took too long"},
		{"output", `{ products { id } }`, context.Background(), Budget{Calls: 9, Parallel: 1, Fields: 100, Output: 20}, ErrTooLarge.Error()},
	} {
		op, problems := s.Prepare(&Request{Query: c.query}, roomy)
		if problems != nil {
			t.Fatal(problems)
		}
		out, err := op.Execute(c.ctx, data(map[string]string{"Query/products": list, "Product/reviews": "[]"}), c.b)
		if got := fmt.Sprintf("%s %v", out, err); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// A short document that stands for a huge one is refused before the work that grows with it.
func TestHugeRequestsAreRefused(t *testing.T) {
	t.Parallel()
	s := parsed(t, shop)
	bomb := "{ ...f0 }"
	for i := range 60 {
		bomb += fmt.Sprintf(" fragment f%d on Query { a: node { id } ...f%d ...f%d }", i, i+1, i+1)
	}
	bomb += " fragment f60 on Query { node { id } }"
	for _, c := range []struct{ query, want string }{
		{bomb, "more than 500 fields"},
		{"{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "leads back to itself"},
		{"{" + strings.Repeat(" product(id: 1) { reviews { product { reviews {", 10), "Expected"},
		{"{ products(filter: " + strings.Repeat("{tags: ", 60) + "null" + strings.Repeat("}", 60) + ") { id } }", "Values nest deeper"},
		{"{ node { id } " + strings.Repeat("... {", 900) + "node { id }" + strings.Repeat("}", 901), ""},
		{"{" + strings.Repeat("a:node{id}", 600) + "}", "more than 500 fields"},
		{"{ product(id: 1) {" + strings.Repeat(" reviews { product {", 12) + " id" + strings.Repeat(" } }", 12) + " } }", "fields deep"},
		{"{ a(x: " + strings.Repeat("[", 3000), "depth"},
		{strings.Repeat("{a", 25_000), "depth"},
		{strings.Repeat("a ", 25_000), "xpected"},
		{"{" + strings.Repeat("a ", 25_000) + "}", "oken"},
		{"# " + strings.Repeat("a", MaxRequest), "are allowed"},
	} {
		_, problems := s.Prepare(&Request{Query: c.query}, roomy)
		if got := fmt.Sprint(problems); (c.want == "") != (problems == nil) || !strings.Contains(got, c.want) {
			t.Errorf("%.60s: %s, want %q", c.query, got, c.want)
		}
	}
}

func TestRequestsAreRead(t *testing.T) {
	t.Parallel()
	r, err := ReadBody("application/json; charset=utf-8", []byte(`{"query":"{a}","operationName":"q","variables":{"n":1.0}}`))
	if got := fmt.Sprint(r, err); got != `&{{a} q map[n:1.0]} <nil>` {
		t.Error(got)
	}
	if r, err = ReadBody("application/graphql", []byte("{a}")); err != nil || r.Query != "{a}" {
		t.Error(r, err)
	}
	if r, err = ReadQuery("query=%7Ba%7D&variables=%7B%22n%22%3A1%7D&operationName=q"); fmt.Sprint(r, err) != `&{{a} q map[n:1]} <nil>` {
		t.Error(r, err)
	}
	for _, body := range []string{``, `{}`, `[{"query":"{a}"}]`, `{"query":1}`, `{"query":"{a}","variables":[]}`, `{"query":"{a}"} {}`} {
		if _, err := ReadBody("application/json", []byte(body)); err == nil {
			t.Errorf("%s is read", body)
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, q := range []string{`{ product(id: 1) { name } }`, `query q($a: ID!) { product(id: $a, currency: USD) { reviews { stars } } }`, `{ search { ...a } } fragment a on Hit { __typename }`, IntrospectionQuery, `mutation { rename(id: 99999999999999999999, name: "") { id } }`} {
		f.Add(q, `{"a":1}`)
	}
	s := parsed(f, shop)
	find := data(map[string]string{"Query/product": `{"id":1,"reviews":[{"stars":1}]}`, "Query/products": `[{"id":1}]`, "Query/search": `[{"__typename":"Review"}]`})
	f.Fuzz(func(t *testing.T, query, variables string) {
		r := &Request{Query: query}
		_ = decode([]byte(variables), &r.Variables)
		op, problems := s.Prepare(r, roomy)
		if (op == nil) == (problems == nil) {
			t.Fatal("neither an operation nor problems, or both")
		}
		if op == nil {
			return
		}
		out, err := op.Execute(context.Background(), find, unhurried)
		if err != nil && !errors.Is(err, ErrTooLarge) {
			t.Fatal(err)
		}
		if v, bad := DecodeValue(out); err == nil && (bad != nil || v == nil) {
			t.Fatalf("the answer is no JSON: %s", out)
		}
	})
}
