package graphql

import (
	"context"
	"strings"
	"testing"
)

const newsSchema = `type Query { now: Int } type Subscription { news(of: ID): Item! count: Int } type Item { id: ID! title: String author: Author } type Author { name: String }`

// prepared is an operation of the schema of news.
func prepared(t *testing.T, query string) *Operation {
	t.Helper()
	s, err := Parse(newsSchema)
	if err != nil {
		t.Fatal(err)
	}
	op, problems := s.Prepare(&Request{Query: query, Variables: map[string]any{}}, Limits{Depth: 10, Fields: 100})
	if problems != nil {
		t.Fatal(problems)
	}
	return op
}

func TestASubscriptionHasOneField(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`subscription { news { id } }`:                                          "news",
		`subscription { n: news { id } }`:                                       "news",
		`subscription { ...f ...f } fragment f on Subscription { news { id } }`: "news",
		`subscription { ... on Subscription { count } }`:                        "count",
		`subscription { news @skip(if: true) { id } }`:                          "",
		`subscription ($a: Boolean = false) { news @include(if: $a) { id } }`:   "",
		`subscription ($a: Boolean = true) { news @include(if: $a) { id } }`:    "news",
	} {
		field, p := prepared(t, query).Subscribed()
		if field != want || (p == nil) != (want != "") {
			t.Errorf("%s: %q, %v; want %q", query, field, p, want)
		}
	}
}

// An event is what the field of the subscription is: fields below it are its properties, or have resolvers; the field itself has none.
func TestEventsAreExecuted(t *testing.T) {
	t.Parallel()
	find := func(typ, field string) Resolver {
		switch typ + "/" + field {
		case "Item/author":
			return func(_ context.Context, f *Field) (any, error) {
				return map[string]any{"name": "of " + f.Parent.(map[string]any)["id"].(string)}, nil
			}
		case "Subscription/news":
			return func(context.Context, *Field) (any, error) { panic("it is published, not resolved") }
		}
		return nil
	}
	event := map[string]any{"id": "7", "title": "Tea"}
	for query, want := range map[string]string{
		`subscription { n: news(of: 3) { title author { name } __typename } }`: `{"data":{"n":{"title":"Tea","author":{"name":"of 7"},"__typename":"Item"}}}`,
		`subscription { count }`: `{"data":{"count":null},"errors":[{"message":"Field Subscription.count`,
	} {
		body, err := prepared(t, query).ExecuteEvent(t.Context(), find, Budget{Calls: 10, Parallel: 2, Fields: 100, Output: 1000}, event)
		if err != nil || !strings.HasPrefix(string(body), want) {
			t.Errorf("%s: %s, %v; want %s", query, body, err, want)
		}
	}
	body, err := prepared(t, `subscription { news { id } }`).ExecuteEvent(t.Context(), find, Budget{Calls: 10, Parallel: 2, Fields: 100, Output: 1000}, nil)
	if want := `{"data":null,"errors":[{"message":"Cannot return null for non-nullable field Subscription.news."`; err != nil || !strings.HasPrefix(string(body), want) {
		t.Errorf("nothing: %s, %v; want %s", body, err, want)
	}
	if _, err := prepared(t, `subscription { news { title } }`).ExecuteEvent(t.Context(), find, Budget{Calls: 10, Parallel: 2, Fields: 100, Output: 10}, event); err == nil {
		t.Error("an event that makes too much of an answer was executed")
	}
}

func TestEventsArePublishedToFieldsThatThereAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ schema, field, want string }{
		{newsSchema, "news", ""},
		{newsSchema, "now", "the subscription type 'Subscription' has no field 'now'"},
		{newsSchema, "__typename", "has no field"},
		{`schema { query: Q subscription: S } type Q { a: Int } type S { b: Int }`, "b", ""},
		{`type Query { a: Int }`, "a", "no subscription type"},
	} {
		s, err := Parse(c.schema)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.CheckSubscription(c.field); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.field, err, c.want)
		}
	}
}
