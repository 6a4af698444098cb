package eval_test

import (
	"errors"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/eval"
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var host = types.StaticClass("Host")

// library has the few members these tests call.
func library(t testing.TB) *types.Library {
	t.Helper()
	l, err := types.NewLibrary(nil,
		types.Decl{Type: types.Object, Members: []types.Member{{Sig: "string ToString()", Do: types.Fn1(types.ToString)}}},
		types.Decl{Type: types.ExceptionT, Members: []types.Member{{Sig: "string Message { get; }", Do: types.Fn1(func(e *types.Exception) string { return e.Message })}}},
		types.Decl{Type: types.String, Members: []types.Member{
			{Sig: "int Length { get; }", Do: types.Fn1(func(s string) int32 { return int32(types.Len(s)) })},
			{Sig: "string Trim()", Do: types.Fn1(func(s string) string { return s })},
		}},
		types.Decl{Type: host, Members: []types.Member{
			{Sig: "static int Fail(string message)", Do: types.Fn1E(func(m string) (int32, error) { return 0, types.Throw(types.InvalidOperation, m) })},
			{Sig: "static int Broken()", Do: types.Fn0(func() int32 { panic("a bug in the library") })},
			{Sig: "static int Wrong()", Do: types.Do(func(*types.Call) (types.Value, error) { return "not an int", nil })},
			{Sig: "static int Twice(Func<int, int> f)", Do: types.Do(func(c *types.Call) (types.Value, error) {
				f := c.Args[0].(*types.Func)
				v, err := f.Call(int32(1))
				if err != nil {
					return nil, err
				}
				return f.Call(v)
			})},
			{Sig: "static Func<int> Keep(Func<int> f)", Do: types.Fn1(func(f *types.Func) *types.Func { return f })},
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func compile(t testing.TB, source string) *eval.Program {
	t.Helper()
	src, err := syntax.Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	bound, err := check.Check(src, check.Options{Library: library(t)})
	if err != nil {
		t.Fatal(err)
	}
	p, err := eval.Compile(bound)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLibraryErrorsAreExceptionsOfTheProgram(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]any{
		`@{ try { return Host.Fail("x"); } catch (Exception e) { return e.Message; } }`:             "x",
		`@{ try { return Host.Fail(null); } catch (Exception e) { return e.Message.Length > 0; } }`: true,
		`@(Host.Twice(x => x * 10))`: int32(100),
		`@{ try { return Host.Twice(x => Host.Fail("in")); } catch (Exception e) { return e.Message; } }`: "in",
		`@{ string s = null; try { return s.Length; } catch (Exception) { return -1; } }`:                 int32(-1),
	} {
		if got, err := compile(t, source).Run(&types.Env{}, nil); got != want || err != nil {
			t.Errorf("%s gives %v, %v; want %v", source, got, err, want)
		}
	}
}

func TestADefectFailsTheRunAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, source := range []string{`@(Host.Broken())`, `@(Host.Wrong() + 1)`, `@{ try { return Host.Broken(); } catch { return 1; } }`} {
		_, err := compile(t, source).Run(&types.Env{}, nil)
		var d *eval.Defect
		if !errors.As(err, &d) || d.Stack == "" {
			t.Errorf("%s: got %v, want a defect with its stack", source, err)
		}
	}
}

func TestADelegateOutlivesItsRun(t *testing.T) {
	t.Parallel()
	p := compile(t, `@{ int n = 40; return Host.Keep(() => ++n); }`)
	env := &types.Env{}
	v, err := p.Run(env, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(&types.Env{}, nil); err != nil {
		t.Fatal(err)
	}
	f := v.(*types.Func)
	for _, want := range []int32{41, 42} {
		if got, err := f.Call(); got != want || err != nil {
			t.Errorf("got %v, %v; want %d", got, err, want)
		}
	}
}

func TestLimitsAreArguments(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`@{ while (true) { } }`:                                         "steps",
		`@{ string s = "aaaaaaaa"; while (true) s += s; }`:              "memory",
		`@{ int F(int n) => F(n); return F(1); }`:                       "depth",
		`@{ try { while (true) { } } finally { Host.Fail("never"); } }`: "steps",
	} {
		env := &types.Env{Limits: types.Limits{Steps: 5000, Bytes: 4096, Depth: 20, Wall: time.Minute}}
		_, err := compile(t, source).Run(env, nil)
		var l *types.Limit
		if !errors.As(err, &l) || l.What != want {
			t.Errorf("%s: got %v, want the limit of %s", source, err, want)
		}
	}
}

func TestStringWorkDoesNotAllocate(t *testing.T) {
	p := compile(t, `@("abc".Trim().Length == 3 ? 1 : 2)`)
	env := &types.Env{}
	if n := testing.AllocsPerRun(100, func() { p.Run(env, nil) }); n > 0 {
		t.Errorf("%v allocations, want none", n)
	}
}
