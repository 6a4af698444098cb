package expr_test

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

func benchLibrary(b testing.TB) *types.Library {
	b.Helper()
	std, err := lib.Standard()
	if err != nil {
		b.Fatal(err)
	}
	return withContext(b, std)
}

const headerEquals = `@(context.Request.Headers.GetValueOrDefault("X-A","") == "a")`

// BenchmarkHeaderEquals is the expression most policies have: the promise is
// 300 ns and one allocation.
func BenchmarkHeaderEquals(b *testing.B) {
	p, err := expr.Compile(headerEquals, expr.Options{Library: benchLibrary(b), Context: contextType, Want: expr.Bool})
	if err != nil {
		b.Fatal(err)
	}
	ctx := &testContext{request: testRequest{headers: testHeaders{"X-A": {"a"}}}}
	env := &types.Env{}
	b.ReportAllocs()
	for b.Loop() {
		if ok, err := p.Bool(env, ctx); err != nil || !ok {
			b.Fatal(ok, err)
		}
	}
}

// BenchmarkLoop measures the evaluator alone: a hundred rounds of arithmetic.
func BenchmarkLoop(b *testing.B) {
	p, err := expr.Compile(`@{ int s = 0; for (int i = 0; i < 100; i++) { if (i % 3 == 0) { s += i * 2; } } return s; }`,
		expr.Options{Library: benchLibrary(b), Context: contextType})
	if err != nil {
		b.Fatal(err)
	}
	env := &types.Env{}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Run(env, &testContext{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompile is what a save and a snapshot cost per expression.
func BenchmarkCompile(b *testing.B) {
	opt := expr.Options{Library: benchLibrary(b), Context: contextType}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := expr.Compile(`@{
			var path = context.Request.Headers.GetValueOrDefault("X-Path", "/");
			var parts = path.Trim().Substring(1);
			if (string.IsNullOrEmpty(parts)) { return "none"; }
			return $"{parts.ToUpper()}-{parts.Length}";
		}`, opt); err != nil {
			b.Fatal(err)
		}
	}
}

// TestHeaderEqualsAllocatesOnce keeps the promise of the benchmark.
func TestHeaderEqualsAllocatesOnce(t *testing.T) {
	p, err := expr.Compile(headerEquals, expr.Options{Library: benchLibrary(t), Context: contextType, Want: expr.Bool})
	if err != nil {
		t.Fatal(err)
	}
	ctx := &testContext{request: testRequest{headers: testHeaders{"X-A": {"a"}}}}
	env := &types.Env{}
	if n := testing.AllocsPerRun(100, func() { p.Bool(env, ctx) }); n > 1 {
		t.Errorf("the header comparison allocates %v times, want at most 1", n)
	}
}
