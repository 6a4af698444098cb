package expr_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

func compile(t *testing.T, source string, want expr.Want) *expr.Program {
	t.Helper()
	p, err := expr.Compile(source, expr.Options{Library: benchLibrary(t), Context: contextType, Want: want})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTextSlotsTakeEveryValue(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`@("a")`: "a", `@(null)`: "", `@((string)null)`: "", `@(1.50)`: "1.5", `@(true)`: "True", `@('x')`: "x",
		`@(new byte[] { 104, 105 })`: "hi", `@{ return 5; }`: "5", `@(context.Request.Method)`: "GET", `@(new { a = 1 })`: "{ a = 1 }",
	} {
		got, err := compile(t, source, expr.Text).String(&types.Env{}, &testContext{request: testRequest{method: "GET"}})
		if err != nil || got != want {
			t.Errorf("%s gives %q, %v; want %q", source, got, err, want)
		}
	}
}

func TestConditionsMustBeBool(t *testing.T) {
	t.Parallel()
	if ok, err := compile(t, `@(context.Request.Method == "GET")`, expr.Bool).Bool(&types.Env{}, &testContext{request: testRequest{method: "GET"}}); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
	for source, code := range map[string]string{`@("true")`: "CS0029", `@{ return 1; }`: "CS0029", `@(context.Variables["x"])`: "CS0266"} {
		_, err := expr.Compile(source, expr.Options{Library: benchLibrary(t), Context: contextType, Want: expr.Bool})
		var ce *expr.Error
		if !errors.As(err, &ce) || ce.Code != code || ce.Kind != expr.Conversion {
			t.Errorf("%s: got %v, want %s", source, err, code)
		}
	}
}

func TestCountsAreInts(t *testing.T) {
	t.Parallel()
	if n, err := compile(t, `@("abc".Length * 2)`, expr.Int).Int(&types.Env{}, &testContext{}); n != 6 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestConstantsAreKnownWithoutRunning(t *testing.T) {
	t.Parallel()
	if v, ok := compile(t, `@(1 + 2 * 3)`, expr.Any).Constant(); !ok || v != int32(7) {
		t.Errorf("got %v, %v", v, ok)
	}
	if v, ok := compile(t, `@("a" + "b")`, expr.Text).Constant(); !ok || v != "ab" {
		t.Errorf("got %v, %v", v, ok)
	}
	if _, ok := compile(t, `@(context.Request.Method)`, expr.Any).Constant(); ok {
		t.Error("a member of the context is not a constant")
	}
}

// A gateway buffers a body only when an expression may read it.
func TestReadsTellsWhichBodiesAreNeeded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		source            string
		request, response bool
	}{
		{`@(context.Request.Method)`, false, false},
		{`@(context.Request.Body)`, true, false},
		{`@(context.Response?.Body)`, false, true},
		{`@(context.Response != null)`, false, false},
		{`@(context.Response?.StatusCode)`, false, false},
		{`@{ var r = context.Request; return r.Body; }`, true, false},
		{`@{ var c = context; return 1; }`, true, true},
		{`@{ context.Trace("x"); return 1; }`, false, false},
		{`@{ Func<string> f = () => context.Request.Body; return f(); }`, true, false},
		{`@(context.Request.Headers.GetValueOrDefault("a", "") + $"{context.Request.Method}")`, false, false},
	} {
		p := compile(t, test.source, expr.Any)
		if got := p.Reads("context.Request.Body"); got != test.request {
			t.Errorf("%s reads the request body: %v", test.source, got)
		}
		if got := p.Reads("context.Response.Body"); got != test.response {
			t.Errorf("%s reads the response body: %v", test.source, got)
		}
	}
}

func TestProgramsRunConcurrently(t *testing.T) {
	t.Parallel()
	p := compile(t, `@{ int s = 0; Func<int, int> f = x => x + s; for (int i = 0; i < 50; i++) { s += 1; s = f(0); } return context.Request.Method + s; }`, expr.Text)
	var wg sync.WaitGroup
	for _, m := range []string{"A", "B", "C", "D"} {
		wg.Go(func() {
			env := &types.Env{}
			for range 200 {
				if got, err := p.String(env, &testContext{request: testRequest{method: m}}); got != m+"50" || err != nil {
					t.Errorf("got %q, %v", got, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestARunAfterAFailureStartsFresh(t *testing.T) {
	t.Parallel()
	p := compile(t, `@{ int F(int n) => n > 500 ? 1 : F(n + 1); return context.Request.Method == "deep" ? F(0) : 7; }`, expr.Any)
	env := &types.Env{}
	if _, err := p.Run(env, &testContext{request: testRequest{method: "deep"}}); err == nil {
		t.Fatal("the recursion was not stopped")
	}
	if v, err := p.Run(env, &testContext{}); v != int32(7) || err != nil {
		t.Errorf("got %v, %v", v, err)
	}
}

// The wall clock is the caller's limit too: many cheap steps end in time.
func TestTheWallClockEndsARun(t *testing.T) {
	t.Parallel()
	p := compile(t, `@{ while (true) { } }`, expr.Any)
	env := &types.Env{Limits: types.Limits{Steps: 1 << 60, Bytes: 1 << 30, Depth: 10, Wall: 20 * time.Millisecond}}
	_, err := p.Run(env, &testContext{})
	if kind, name := expr.Classify(err); kind != expr.Budget || name != "TimeoutException" {
		t.Errorf("got %v", err)
	}
}

// Overload resolution may try a lambda many times; nesting must not multiply
// without bound.
func TestNestedLambdasBindInTime(t *testing.T) {
	t.Parallel()
	inner := "1"
	for range 12 {
		inner = "new[] { 1 }.Select(x => new[] { 2 }.Sum(y => " + inner + ")).Sum()"
	}
	inner = strings.ReplaceAll(inner, "x =>", "_ =>")
	start := time.Now()
	_, err := expr.Compile("@("+inner+")", expr.Options{Library: benchLibrary(t), Context: contextType})
	var ce *expr.Error
	if err != nil && !errors.As(err, &ce) {
		t.Fatal(err)
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("binding took %v", d)
	}
}
