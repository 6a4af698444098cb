package expr_test

import (
	"errors"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/eval"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// seeds are expressions that use every part of the language.
var seeds = []string{
	headerEquals,
	`@(1 + 2 * 3 - -4 % 5 << 1)`,
	`@($"{1,5:N2} {{x}} {(true ? "a" : "b")}")`,
	`@{ int s = 0; foreach (var c in "abc") { s += c; } return s; }`,
	`@{ Func<int, int> f = null; f = n => n < 2 ? n : f(n - 1) + f(n - 2); return f(8); }`,
	`@{ try { throw new Exception("x"); } catch (Exception e) when (e.Message == "x") { return e.Message; } finally { } }`,
	`@{ object o = 5; switch (o) { case int i when i > 3: return "big"; case string s: return s; default: return null; } }`,
	`@{ var t = (a: 1, b: "x"); t.a++; var (p, q) = t; return new { p, q }; }`,
	`@{ int? n = null; return (n ?? 3) + ((object)n as string)?.Length; }`,
	`@{ int F<T>(T v, out int n) { n = 1; return n; } return F("a", out var k) + k; }`,
	`@(new[] { 1, 2, 3 }.Where(x => x > 1).Select(x => new { x }))`,
	`@(new Dictionary<string, int> { { "a", 1 }, ["b"] = 2 })`,
	`@{ while (true) { } }`,
	`@("\ud83d" + @"a""b" + '\x41' + 0xFFu + 1.5e3 + 2m)`,
}

// FuzzCompileAndRun asserts the promises to the gateway: no input panics, every
// failure has a known kind, and the budget holds.
func FuzzCompileAndRun(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	library := benchLibrary(f)
	f.Fuzz(func(t *testing.T, source string) {
		p, err := expr.Compile(source, expr.Options{Library: library, Context: contextType})
		if err != nil {
			var ce *expr.Error
			if !errors.As(err, &ce) {
				t.Fatalf("%q: the compile error is a %T: %v", source, err, err)
			}
			return
		}
		env := &types.Env{Limits: types.Limits{Steps: 20_000, Bytes: 4 << 20, Depth: 60, Wall: 2 * time.Second}}
		start := time.Now()
		v, err := p.Run(env, &testContext{request: testRequest{method: "GET"}})
		if err == nil {
			_, _, err = expr.Canonical(env, v)
		}
		var defect *eval.Defect
		if errors.As(err, &defect) {
			t.Fatalf("%q: %v\n%s", source, defect, defect.Stack)
		}
		if kind, _ := expr.Classify(err); err != nil && kind != expr.Runtime && kind != expr.Budget {
			t.Fatalf("%q: unknown kind of error %q: %v", source, kind, err)
		}
		if d := time.Since(start); d > 5*time.Second {
			t.Fatalf("%q ran for %v", source, d)
		}
	})
}
