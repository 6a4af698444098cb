package graphql_test

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/graphql"
)

// A request that two servers would read differently is none: its fields were judged as one of them reads it, and resolved by the other.
func TestAmbiguousRequestsAreRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"query":"{secret}","query":"{a}"}`, `{"query":"{secret}","Query":"{a}"}`, `{"QUERY":"{a}"}`, `{"query":"{a}","variables":{},"VARIABLES":{"x":1}}`,
		`{"query":"query A{a} query B{secret}","operationName":"B","operationname":"A"}`, `{"\u0071uery":"{secret}","query":"{a}"}`,
	} {
		if r, err := graphql.ReadBody("application/json", []byte(body)); err == nil {
			t.Errorf("%s is read as %+v", body, r)
		}
	}
	for _, query := range []string{"query=%7Bsecret%7D&query=%7Ba%7D", "query={a}&operationName=A&operationName=B", "query={a}&variables={}&variables={}"} {
		if r, err := graphql.ReadQuery(query); err == nil {
			t.Errorf("%s is read as %+v", query, r)
		}
	}
	if r, err := graphql.ReadBody("application/json", []byte(`{"query":"{a}","extensions":{"query":1},"variables":{"query":"x","Query":"y"}}`)); err != nil || r.Query != "{a}" {
		t.Errorf("names within are none of the request's: %v, %v", r, err)
	}
	for query, beside := range map[string]bool{"": false, "v=1&queries=2": false, "%71uery=x": true, "a=1&variables=": true, "operationName=B": true, "a;query=x": true} {
		if got := graphql.Beside(query); got != beside {
			t.Errorf("%q holds a part of a request: %v, want %v", query, got, beside)
		}
	}
}
