package peers

import (
	"net/http"
	"testing"

	"github.com/expr-lang/expr"

	"github.com/atelier-apim/atelier/internal/policy"
)

// request is what expr-lang sees of a call: the same questions, asked of the same kind of header.
type request struct {
	Method    string
	Header    http.Header
	Variables map[string]any
}

// HeaderOr is the header's values, or the default.
func (r *request) HeaderOr(name, absent string) string {
	if v := r.Header.Get(name); v != "" {
		return v
	}
	return absent
}

// BenchmarkExpressions evaluates the conditions that policies ask most, here and in expr-lang.
func BenchmarkExpressions(b *testing.B) {
	for _, c := range []struct{ name, ours, theirs string }{
		{"method", `@(context.Request.Method == "GET")`, `Method == "GET"`},
		{"header", `@(context.Request.Headers.GetValueOrDefault("X-A","") == "a")`, `HeaderOr("X-A", "") == "a"`},
		{"variable", `@((string)context.Variables["team"] == "payments")`, `Variables["team"] == "payments"`},
		{"both", `@(context.Request.Method == "GET" && context.Request.Headers.GetValueOrDefault("X-A","") == "a")`, `Method == "GET" && HeaderOr("X-A", "") == "a"`},
		{"text", `@("Bearer " + context.Request.Headers.GetValueOrDefault("X-A",""))`, `"Bearer " + HeaderOr("X-A", "")`},
	} {
		b.Run(c.name+"/ours", func(b *testing.B) { ours(b, c.ours) })
		b.Run(c.name+"/expr-lang", func(b *testing.B) { theirs(b, c.theirs) })
	}
}

func ours(b *testing.B, source string) {
	e, err := policy.CompileExpression(source)
	if err != nil {
		b.Fatal(err)
	}
	x := &policy.Exchange{Request: policy.Request{Method: "GET"}}
	x.Request.Header.Set("X-A", "a")
	x.SetVariable("team", "payments")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Value(x); err != nil {
			b.Fatal(err)
		}
	}
}

func theirs(b *testing.B, source string) {
	env := &request{Method: "GET", Header: http.Header{"X-A": {"a"}}, Variables: map[string]any{"team": "payments"}}
	program, err := expr.Compile(source, expr.Env(env))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := expr.Run(program, env); err != nil {
			b.Fatal(err)
		}
	}
}
