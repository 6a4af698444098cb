package graphql

import (
	"errors"
	"strings"
	"testing"
)

const shop = `
"What is sold."
type Query {
  product(id: ID!, currency: Currency = EUR): Product
  products(first: Int = 2, filter: Filter): [Product!]!
  search: [Hit!]
  node: Node
  broken: Product!
}
type Mutation { rename(id: ID!, name: String!): Product first: Int second: Int }
type Subscription { sold: Product }
interface Node { id: ID! }
type Product implements Node { id: ID! name: String price: Float stock: Int reviews: [Review!] old: String @deprecated(reason: "use name") }
type Review { stars: Int! text: String product: Product }
union Hit = Product | Review
enum Currency { EUR USD }
input Filter { name: String limit: Int = 10 tags: [String!] }
scalar Any
`

func parsed(t testing.TB, text string) *Schema {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASchemasErrorSaysWhereItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"type Query {\n  a: Strin\n}", "line 2, column 6: Undefined type Strin"},
		{"type Query {\n  a String\n}", "line 2, column 5: Expected :"},
		{"type Query { a: Int }\ntype Query { b: Int }", "line 2, column 6: Cannot redeclare type Query"},
		{"type A { a: Int }", "no query type"},
		{"", "empty"},
		{"type Query { a: Int } \xff", "UTF-8"},
		{"type Query { a: " + strings.Repeat("[", 2000) + "Int" + strings.Repeat("]", 2000) + " }", "nesting depth"},
		{"type Query { a: Int }" + strings.Repeat(" ", MaxSchema), "are allowed"},
		{"type Query { a: Int } union U = " + strings.Repeat("Query | ", 6000) + "Query", "more than 5000"},
		{"type Query implements " + strings.Repeat("& I ", 101) + "{ a: Int } interface I { a: Int }", "more than 100 interfaces"},
		{"type Query { a: Int }" + strings.Repeat("extend type Query { b: Int }", 80_000), "oken"},
	} {
		_, err := Parse(c.text)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: the error is %v, want %q", c.text, err, c.want)
		}
	}
}

func TestAResolverStandsForAFieldOfAnObjectType(t *testing.T) {
	t.Parallel()
	s := parsed(t, shop)
	for path, want := range map[string]string{
		"Query/product": "", "Product/reviews": "", "Mutation/rename": "",
		"Query/nothing": "no field", "Nothing/a": "no type", "Node/id": "no object type", "Hit/id": "no object type", "Filter/name": "no object type",
		"Query/__schema": "no field", "__Type/name": "no type", "Subscription/sold": "subscription", "Query": "form",
	} {
		got := ""
		if err := s.CheckField(path); err != nil {
			got = err.Error()
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// What a server tells of its schema makes the same schema again: introspection of ours is read back and tells the same.
func TestIntrospectionMakesTheSchemaAgain(t *testing.T) {
	t.Parallel()
	first := ask(t, parsed(t, shop), IntrospectionQuery, nil, nil)
	if !IsIntrospection(first) {
		t.Fatalf("not taken for introspection: %.80s", first)
	}
	text, err := FromIntrospection(first)
	if err != nil {
		t.Fatal(err)
	}
	if second := ask(t, parsed(t, text), IntrospectionQuery, nil, nil); string(first) != string(second) {
		t.Errorf("the schema has changed on its way:\n%s\n%s\n%s", first, text, second)
	}
}

func TestOddIntrospectionIsRefused(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{`{}`, `{"data":null}`, `{"data":{"__schema":null}}`, `{"errors":[{"message":"no"}]}`, `{"data":{"__schema":{}}}`, `{"a`} {
		if _, err := FromIntrospection([]byte(doc)); err == nil {
			t.Errorf("%s makes a schema", doc)
		}
	}
	text, err := FromIntrospection([]byte(`{"__schema":{"queryType":{"name":"Query"},"types":[{"kind":"OBJECT","name":"Query","fields":[{"name":"a){}","type":null}]}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(text); err == nil {
		t.Errorf("names that are none make a schema: %s", text)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{shop, "type Query { a: Int }", "extend type Query { a: [Int!]! } directive @x(a: Int = 1) repeatable on FIELD", `{"__schema":{"queryType":{"name":"Q"}}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := Parse(text); err == nil && s.ast.Query == nil {
			t.Error("a schema without queries")
		}
		if text, err := FromIntrospection([]byte(text)); err == nil {
			_, _ = Parse(text)
		}
	})
}
