package check_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	tool  = types.StaticClass("Shop.Tool")
	thing = types.Class("Shop.Thing")
	part  = types.Class("Shop.Part")
	shut  = types.Class("Shop.Shut")
)

func row(sig string) types.Member { return types.Member{Sig: sig, Do: types.Do(nil)} }

// shop is a small library: overloads, generics and what the allow-list refuses.
func shop(t *testing.T) *types.Library {
	t.Helper()
	l, err := types.NewLibrary(nil,
		types.Decl{Type: types.Object, Members: []types.Member{row("string ToString()")}},
		types.Decl{Type: types.IEnumerableOf},
		types.Decl{Type: thing, Denied: []string{"Secret"}, Members: []types.Member{
			row("Thing(string name)"), row("string Name { get; }"), row("int Count { get; }"), row("Shop.Thing Next { get; }"),
			row("void Rename(string name)"), row("static implicit operator Shop.Thing(string s)"), row("static explicit operator int(Shop.Thing s)"),
			row("static Shop.Thing operator +(Shop.Thing a, Shop.Thing b)"),
		}},
		types.Decl{Type: part, Base: "Shop.Thing", Members: []types.Member{row("Part()"), row("string Name(int n)")}},
		types.Decl{Type: shut, Refused: true, Members: []types.Member{row("static int Value { get; }")}},
		types.Decl{Type: tool, Members: []types.Member{
			row("static int F(int a)"), row("static int F(long a)"), row("static int F(double a)"), row("static int F(object a)"), row("static int F(string a)"),
			row("static int P(string a, params object[] rest)"), row("static int P(string a, string b)"),
			row("static int O(int a, int b = 1, string c = \"x\")"),
			row("static R Map<T, R>(this IEnumerable<T> s, Func<T, R> f)"), row("static R Map<T, R>(this IEnumerable<T> s, Func<T, int, R> f)"),
			row("static T Pick<T>(T a, T b)"), row("static int Sum<T>(this IEnumerable<T> s, Func<T, int> f)"), row("static double Sum<T>(this IEnumerable<T> s, Func<T, double> f)"),
			row("static int Count<T>(this IEnumerable<T> s)"), row("static bool Try(string s, out int n)"),
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func bind(t *testing.T, source string) (*check.Program, error) {
	t.Helper()
	src, err := syntax.Parse(source)
	if err != nil {
		return nil, err
	}
	return check.Check(src, check.Options{Library: shop(t), Context: thing})
}

// chosen names the method an expression calls and the type it gives.
func chosen(p *check.Program) string {
	body := p.Func.Body.(*check.Block)
	x := body.Stmts[0].(*check.Return).X
	for {
		switch e := x.(type) {
		case *check.Convert:
			x = e.X
		case *check.Call:
			return e.Method.String() + " " + p.Type.String()
		default:
			return p.Type.String()
		}
	}
}

func TestTheBestOverloadIsChosen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ source, want string }{
		{`@(Shop.Tool.F(1))`, "Tool.F(int) int"},
		{`@(Shop.Tool.F((short)1))`, "Tool.F(int) int"},
		{`@(Shop.Tool.F(1u))`, "Tool.F(long) int"},
		{`@(Shop.Tool.F(1.5f))`, "Tool.F(double) int"},
		{`@(Shop.Tool.F("a"))`, "Tool.F(string) int"},
		{`@(Shop.Tool.F(null))`, "Tool.F(string) int"},
		{`@(Shop.Tool.F(true))`, "Tool.F(object) int"},
		{`@(Shop.Tool.P("a", "b"))`, "Tool.P(string, string) int"},
		{`@(Shop.Tool.P("a", 1, 2))`, "Tool.P(string, params object[]) int"},
		{`@(Shop.Tool.P("a"))`, "Tool.P(string, params object[]) int"},
		{`@(Shop.Tool.O(c: "y", a: 2))`, "Tool.O(int, int, string) int"},
		{`@(new[] { 1, 2 }.Map(x => x + 0.5))`, "Tool.Map<int, double>(IEnumerable<int>, Func<int, double>) double"},
		{`@(new[] { 1, 2 }.Map((x, i) => "a"))`, "Tool.Map<int, string>(IEnumerable<int>, Func<int, int, string>) string"},
		{`@(new[] { "a" }.Map(s => new { s, n = 1 }))`, "Tool.Map<string, <anonymous type: string s, int n>>(IEnumerable<string>, Func<string, <anonymous type: string s, int n>>) <anonymous type: string s, int n>"},
		{`@(new[] { 1 }.Sum(x => x))`, "Tool.Sum<int>(IEnumerable<int>, Func<int, int>) int"},
		{`@(new[] { 1 }.Sum(x => x / 2.0))`, "Tool.Sum<int>(IEnumerable<int>, Func<int, double>) double"},
		{`@(new[] { 1 }.Map(Shop.Tool.F))`, "Tool.Map<int, int>(IEnumerable<int>, Func<int, int>) int"},
		{`@(Shop.Tool.Pick(1, 2L))`, "Tool.Pick<long>(long, long) long"},
		{`@(Shop.Tool.Pick("a", null))`, "Tool.Pick<string>(string, string) string"},
		{`@(Shop.Tool.Try("1", out var n))`, "Tool.Try(string, out int) bool"},
		{`@(context + "a")`, "Thing.+ Thing"},
		{`@(1 + "a" + 2)`, "string"},
		{`@(context + context)`, "Thing.+ Thing"},
		{`@((Shop.Thing)"a")`, "Thing.op_Implicit Thing"},
		{`@((int)context)`, "Thing.op_Explicit int"},
	} {
		p, err := bind(t, test.source)
		if err != nil {
			t.Errorf("%s: %v", test.source, err)
			continue
		}
		if diff := cmp.Diff(test.want, chosen(p)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.source, diff)
		}
	}
}

func TestDefectsHaveTheCodesOfTheCompiler(t *testing.T) {
	t.Parallel()
	for source, code := range map[string]string{
		`@(context.Secret)`:                            "APIM0002",
		`@(Shop.Shut.Value)`:                           "APIM0001",
		`@((Shop.Shut)null)`:                           "",
		`@(Shop.Tool.F())`:                             "CS1501",
		`@(Shop.Tool.O())`:                             "CS7036",
		`@(Shop.Tool.O(1, d: 2))`:                      "CS1739",
		`@(Shop.Tool.Try("1", n))`:                     "CS0103",
		`@(Shop.Tool.Try("1", 1))`:                     "CS1620",
		`@(Shop.Tool.Pick(1, "a"))`:                    "CS0411",
		`@(new[] { 1 }.Map(x => x.Nope))`:              "CS1061",
		`@(context.Rename("a"))`:                       "CS0029",
		`@{ context.Name = "x"; return 1; }`:           "CS0200",
		`@{ context.Name(); return 1; }`:               "CS1955",
		`@{ Shop.Thing t = 1; return t; }`:             "CS0029",
		`@{ int n = context; return n; }`:              "CS0266",
		`@(Shop.Thing)`:                                "CS0119",
		`@(Shop)`:                                      "CS0118",
		`@(Shop.Nope)`:                                 "CS0234",
		`@(new Shop.Tool())`:                           "CS0144",
		`@(context.Map(x => x))`:                       "CS1061",
		`@{ return; }`:                                 "CS0126",
		`@{ continue; }`:                               "CS0139",
		`@{ throw; }`:                                  "CS0156",
		`@{ try { return 1; } finally { return 2; } }`: "CS0157",
		`@{ int n; n++; return n; }`:                   "CS0165",
		`@(context as int)`:                            "CS0077",
		`@(1 ? 2 : 3)`:                                 "CS0029",
		`@(true ? 1 : "a")`:                            "CS0173",
		`@(checked(2147483647 + 1))`:                   "CS0220",
		`@(unchecked(2147483647 + 1))`:                 "",
		`@((byte)256)`:                                 "CS0221",
		`@{ byte b = 256; return b; }`:                 "CS0031",
	} {
		_, err := bind(t, source)
		got := ""
		var e *syntax.Error
		if errors.As(err, &e) {
			got = e.Code
		}
		if got != code {
			t.Errorf("%s: got %q (%v), want %q", source, got, err, code)
		}
	}
}

func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	// Every level is bound for each overload of the level above.
	x := "1"
	for n := range 12 {
		x = "new[] { 1 }.Sum(" + strings.Repeat("a", n+1) + " => new[] { 2 }.Map(" + strings.Repeat("b", n+1) + " => " + x + ") is object ? 1 : 2)"
	}
	_, err := bind(t, "@("+x+")")
	var e *syntax.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatal(err)
	}
}

func TestLongChainsAreBounded(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"operators":  "@(1" + strings.Repeat("+1", 100_000) + ")",
		"nested":     "@(" + strings.Repeat("(", 100) + "1" + strings.Repeat(strings.Repeat("+1", 900)+")", 100) + ")",
		"members":    "@(context" + strings.Repeat(".Next", 3500) + ")",
		"statements": "@{" + strings.Repeat("context.Rename(\"a\");", 10_000) + "return 1;}",
	} {
		_, err := bind(t, source)
		var e *syntax.Error
		if err != nil && (!errors.As(err, &e) || e.Code != "CS8078") {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}
