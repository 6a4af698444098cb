package syntax

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPrintedSourceIsC shows how sources are understood: the printer adds no
// parentheses, so what it prints is what was read.
func TestPrintedSourceIsCSharp(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, source, want string }{
		{"comments and layout are lost", "@( 1 /* one */ +\n// two )\n2 )", "@(1 + 2)"},
		{"a cast of a parenthesis is not one", "@((x) + y)", "@((x) + y)"},
		{"a cast before a name", "@((Foo)y)", "@((Foo)y)"},
		{"a cast before a minus needs a keyword", "@((int)-y + (x)-y)", "@((int)-y + (x) - y)"},
		{"generic call or comparison", "@(a < b && c > d || f<int>(x) == g<A, B<C>>.h)", "@(a < b && c > d || f<int>(x) == g<A, B<C>>.h)"},
		{"shift right is two tokens", "@(a >> 2 >= b)", "@(a >> 2 >= b)"},
		{"nullable or conditional", "@(x is int ? 1 : (int?)2)", "@(x is int ? 1 : (int?)2)"},
		{"null-conditional chain", "@(a?.b[0]?[1].c())", "@(a?.b[0]?[1].c())"},
		{"a real after a question mark", "@(a?.5:1)", "@(a ? .5 : 1)"},
		{"lambdas", "@(f(x => x, (a, b) => a, (int q) => { return q; }, () => 1))", "@(f((x) => x, (a, b) => a, (int q) => { return q; }, () => 1))"},
		{"interpolation", `@($"a{b,-3:N2}{{c}}{$"{d}"}")`, `@($"a{b,-3:N2}{{c}}{$"{d}"}")`},
		{"verbatim interpolation", `@($@"a""{b}\")`, `@($"a\"{b}\\")`},
		{"a condition in a hole wants parentheses", `@($"{(a ? "b" : "c")}")`, `@($"{(a ? "b" : "c")}")`},
		{"initialisers", `@(new D<string, int>(1) { { "a", 1 }, ["b"] = 2, C = { 3 } })`, `@(new D<string, int>(1) { { "a", 1 }, ["b"] = 2, C =  { 3 } })`},
		{"arrays", "@(new[] { new int[2], new int[] { 1 }, new string[3][] })", "@(new[] { new int[2], new int[] { 1 }, new string[3][] })"},
		{"statements", "@{if(a)b();else{return;}for(int i=0,j=1;i<2;i++,j--)continue;do{}while(x);throw;}", "@{ if (a) b(); else { return; } for (int i = 0, j = 1; i < 2; i++, j--) continue; do { } while (x); throw; }"},
		{"switch", "@{switch(x){case int i when i>1:case null:break;default:goto case 1;}}", "@{ switch (x) { case int i when i > 1: case null: break; default: goto case 1; } }"},
		{"try", "@{try{}catch(E e)when(e.x){throw;}catch{}finally{}}", "@{ try { } catch (E e) when (e.x) { throw; } catch { } finally { } }"},
		{"local functions", "@{T F<T>(T a,out int b,params string[] c)=>a;int G(){return 1;}}", "@{ T F<T>(T a, out int b, params string[] c) => a; int G() { return 1; } }"},
		{"tuples", "@{(int a,string)t=(1,b:\"x\");var(c,d)=t;}", `@{ (int a, string) t = (1, b: "x"); var(c, d) = t; }`},
		{"keywords as names", "@(@class.@if)", "@(@class.@if)"},
		{"queries", "@(from x in y where x > 1 orderby x.a, x.b descending select x)", "@(from x in y where x > 1 orderby x.a, x.b descending select x)"},
		{"out variables", "@(int.TryParse(s, out var n) && f(out int m, ref k))", "@(int.TryParse(s, out var n) && f(out int m, ref k))"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			src, err := Parse(test.source)
			if err != nil {
				t.Fatal(err)
			}
			got := Print(src)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Fatalf("(-want +got)\n%s", diff)
			}
			again, err := Parse(got)
			if err != nil {
				t.Fatalf("what was printed does not parse: %v", err)
			}
			if second := Print(again); second != got {
				t.Errorf("printing twice gives %s", second)
			}
		})
	}
}

func TestLiteralsHaveTheirValues(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]any{
		"2147483647": int32(2147483647), "2147483648": uint32(2147483648), "4294967296": int64(4294967296),
		"9223372036854775808": uint64(1) << 63, "0xFFu": uint32(255), "0b101L": int64(5), "1_000": int32(1000), "7UL": uint64(7),
		"1.5": 1.5, ".5": 0.5, "1e3": 1000.0, "2f": float32(2), "3d": 3.0, "1.50m": Decimal("1.50"), "1.2e2m": Decimal("120"), "5e-2m": Decimal("0.05"),
		`'a'`: Char('a'), `'\''`: Char('\''), `'\x41'`: Char('A'), `'\ud83d'`: Char(0xd83d),
		`"a\tb\u00e9"`: "a\tbé", `"\U0001F600"`: "😀", `"\ud83d\ude00"`: "😀", `@"a\b""c"`: `a\b"c`, "true": true, "null": nil,
	} {
		src, err := Parse("@(" + source + ")")
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := src.Expr.(*Literal).Value; got != want {
			t.Errorf("%s has the value %v (%T), want %v (%T)", source, got, got, want, want)
		}
	}
}

func TestScanFindsTheEndInsideMarkup(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"a bracket in a string", `@(f(")"))" name="x">`, `@(f(")"))`},
		{"a bracket in a char", `@(f(')') + '\'')</a>`, `@(f(')') + '\'')`},
		{"an apostrophe in a comment", "@{ // it's )\n return 1; }</value>", "@{ // it's )\n return 1; }"},
		{"a bracket in a comment", `@{ /* } */ return 1; } more`, `@{ /* } */ return 1; }`},
		{"a verbatim string", `@(@"a"")" + "b") x`, `@(@"a"")" + "b")`},
		{"holes with strings", `@($"a{f("}")}b{{)}}") x`, `@($"a{f("}")}b{{)}}")`},
		{"holes with formats", `@($"{d:yyyy)MM}") x`, `@($"{d:yyyy)MM}")`},
		{"other brackets do not count", `@(a[0} + {) x`, `@(a[0} + {)`},
		{"nested blocks", `@{ if (a) { } return ")"; }"`, `@{ if (a) { } return ")"; }`},
	} {
		end, err := Scan(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := test.text[:end]; got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	for _, text := range []string{"", "x", "@x", "@(", "@{ }}"[:3], `@("a`, "@(/* )", `@($"{)`} {
		if _, err := Scan(text); err == nil {
			t.Errorf("Scan(%q) found an end", text)
		}
	}
}

func TestSourcesAreBounded(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"parentheses":    "@(" + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000) + ")",
		"prefixes":       "@(" + strings.Repeat("!", 5000) + "a)",
		"blocks":         "@{" + strings.Repeat("{", 5000) + strings.Repeat("}", 5000) + "}",
		"lambdas":        "@(" + strings.Repeat("x=>", 5000) + "1)",
		"conditionals":   "@(" + strings.Repeat("a?b:", 5000) + "1)",
		"coalescing":     "@(a" + strings.Repeat("??a", 5000) + ")",
		"holes":          "@(" + strings.Repeat(`$"{`, 300) + "1" + strings.Repeat(`}"`, 300) + ")",
		"types":          "@(default(" + strings.Repeat("A<", 5000) + "int" + strings.Repeat(">", 5000) + "))",
		"else if chains": "@{" + strings.Repeat("if(a)b();else ", 5000) + "c();}",
		"length":         "@(\"" + strings.Repeat("a", MaxSource) + "\")",
	} {
		_, err := Parse(source)
		var e *Error
		if !errors.As(err, &e) || e.Code != "CS8078" {
			t.Errorf("%s: got %.100v, want CS8078", name, err)
		}
	}
}

// FuzzParse asserts that no input panics and that what parses prints to
// something that parses to the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`@(a?.b(c => d)[1..2])`, `@{ switch (x) { case int i when i > 1: goto default; default: break; } }`, `@($@"{x,1:y}""")`, "@(new A<B>[2][] { })", `@(from x in y select z)`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		src, err := Parse(source)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("the error is a %T", err)
			}
			_ = e.Error()
			return
		}
		printed := Print(src)
		again, err := Parse(printed)
		if err != nil {
			if len(printed) > len(source) { // a limit may be hit
				return
			}
			t.Fatalf("%q prints as %q, which does not parse: %v", source, printed, err)
		}
		if second := Print(again); second != printed {
			t.Fatalf("%q prints as %q and then as %q", source, printed, second)
		}
	})
}
