package policies_test

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
)

// The condition that most policies ask: one header, compared with a literal.
func BenchmarkHeaderCondition(b *testing.B) {
	for _, bench := range []struct{ name, expression string }{
		{"absent", `@(context.Request.Headers.GetValueOrDefault("X-None","") == "a")`},
		{"present", `@(context.Request.Headers.GetValueOrDefault("X-A","") == "a")`},
		{"method", `@(context.Request.Method == "GET")`},
		{"variable", `@((string)context.Variables["team"] == "payments")`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			p := plan(b, map[policy.Scope]string{policy.APIScope: `<policies><inbound><choose><when condition="` + bench.expression + `"/></choose></inbound></policies>`})
			x := exchange(&silent{})
			x.SetVariable("team", "payments")
			b.ReportAllocs()
			for b.Loop() {
				if err := p.Run(x, policy.Inbound); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
