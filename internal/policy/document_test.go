package policy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/policy"
)

// tree writes a document without positions: what two forms of one document have in common.
func tree(n *policy.Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<%s", n.Name)
	for _, a := range n.Attrs {
		fmt.Fprintf(&b, " %s=%s", a.Name, value(a.Value))
	}
	b.WriteString(">")
	if len(n.Children) == 0 {
		b.WriteString(value(n.Text))
	}
	for _, c := range n.Children {
		b.WriteString(tree(c))
	}
	b.WriteString("</>")
	return b.String()
}

func value(v policy.Value) string {
	if v.Expr {
		return "expr[" + v.Text() + "]"
	}
	return fmt.Sprintf("%q", strings.TrimSpace(v.Text()))
}

func TestParseIsolatesExpressions(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"literal attribute", `<a b="c &amp; d"/>`, `<a b="c & d"></>`},
		{"apostrophes delimit too", `<a b='say "x"'/>`, `<a b="say \"x\""></>`},
		{"raw quotes inside an expression", `<a b="@(f("x"))"/>`, `<a b=expr[@(f("x"))]></>`},
		{"escaped expression", `<a b="@(f(&quot;x&quot;) &lt; 2)"/>`, `<a b=expr[@(f("x") < 2)]></>`},
		{"raw quotes and entities mixed", `<a b="@(f("x") &amp;&amp; As&lt;JObject&gt;())"/>`, `<a b=expr[@(f("x") && As<JObject>())]></>`},
		{"white space around an expression", "<a b=\" \n @(1) \"/>", `<a b=expr[@(1)]></>`},
		{"statement block over lines", "<a b=\"@{\n  // it's }\n  return \"}\";\n}\"/>", "<a b=expr[@{\n  // it's }\n  return \"}\";\n}]></>"},
		{"text beside an expression is a literal", `<a b="@(1) and more"/>`, `<a b="@(1) and more"></>`},
		{"other at signs are literals", `<a b="@example.com" c="me@(x)"/>`, `<a b="@example.com" c="me@(x)"></>`},
		{"raw text expression", `<v>@(a < b && c["</v>"] > 1)</v>`, `<v>expr[@(a < b && c["</v>"] > 1)]</>`},
		{"escaped text expression", `<v>@(a &lt; b &amp;&amp; c)</v>`, `<v>expr[@(a < b && c)]</>`},
		{"escaped brackets in a string", `<v>@(x == &quot;)&quot;)</v>`, `<v>expr[@(x == ")")]</>`},
		{"comment before an expression", `<v><!-- why --> @(1) <!-- so --></v>`, `<v>expr[@(1)]</>`},
		{"CDATA around an expression", `<v><![CDATA[ @(a < b) ]]></v>`, `<v>expr[@(a < b)]</>`},
		{"CDATA text", `<v>a<![CDATA[<b>&amp;]]>c</v>`, `<v>"a<b>&amp;c"</>`},
		{"bare ampersand", `<v>a & b &nbsp; &#65;&#x42;</v>`, `<v>"a & b &nbsp; AB"</>`},
		{"an entity that is meant", `<a b="@("&quot;")"/>`, `<a b=expr[@("&quot;")]></>`},
		{"generics and comparison in text", `<v>@(context.Request.Body.As<JObject>(preserveContent: true)["a"].ToString())</v>`, `<v>expr[@(context.Request.Body.As<JObject>(preserveContent: true)["a"].ToString())]</>`},
		{"comments anywhere", `<!-- a --><a><!-- <b> --><b/></a><!-- z -->`, `<a><b>""</></>`},
		{"XML declaration and mark", "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a/>", `<a>""</>`},
		{"interpolated string with a hole", `<v>@($"a{(string)context.Variables["k"]}b")</v>`, `<v>expr[@($"a{(string)context.Variables["k"]}b")]</>`},
		{"named value in a string", `<v>@("{{key}}")</v>`, `<v>expr[@("{{key}}")]</>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, err := policy.Parse(test.in, policy.FormatRaw)
			if err != nil {
				t.Fatal(err)
			}
			want := test.want
			if got := tree(d.Root); strings.ReplaceAll(got, `>""</>`, `></>`) != strings.ReplaceAll(want, `>""</>`, `></>`) {
				t.Error(cmp.Diff(want, got))
			}
		})
	}
}

func TestParseErrorsSayWhereAndWhy(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<a>", 65)
	tests := []struct {
		name, in     string
		format       policy.Format
		line, column int
		want         string
	}{
		{"empty", "", policy.FormatRaw, 1, 1, "the document is empty"},
		{"not closed", "<a>\n  <b>\n", policy.FormatRaw, 3, 1, "<b> of line 2 is not closed"},
		{"wrong end tag", "<a>\n  </b>", policy.FormatRaw, 2, 3, "</b> does not close <a> of line 1"},
		{"no quotes", "<a b=c/>", policy.FormatRaw, 1, 6, "needs quotes"},
		{"twice", `<a b="1" b="2"/>`, policy.FormatRaw, 1, 10, "stands twice"},
		{"quote in a literal", `<a b="x "y" z"/>`, policy.FormatRaw, 1, 10, "white space is expected between attributes"},
		{"document type", `<!DOCTYPE a><a/>`, policy.FormatRaw, 1, 1, "document type is not allowed"},
		{"processing instruction", `<a><?php ?></a>`, policy.FormatRaw, 1, 4, "processing instructions are not allowed"},
		{"two roots", `<a/><b/>`, policy.FormatRaw, 1, 5, "second root element"},
		{"text outside", `<a/>x`, policy.FormatRaw, 1, 5, "text outside"},
		{"depth", deep, policy.FormatRaw, 1, 193, "nested more than 64 deep"},
		{"size", "<policies>" + strings.Repeat(" ", policy.MaxDocument) + "</policies>", policy.FormatRaw, 1, 1, "a policy may have 262144"},
		{"fragment size", "<fragment>" + strings.Repeat(" ", policy.MaxFragment) + "</fragment>", policy.FormatRaw, 1, 1, "a fragment 524288"},
		{"string not closed", "<a>\n <b c=\"@(f('x\"/>\n</a>", policy.FormatRaw, 2, 0, ""},
		{"expression not closed", "<a>\n<b>@(f(1)</b></a>", policy.FormatRaw, 2, 4, "not closed"},
		{"raw expression as xml", "<a>\n<b c=\"@(f(\"x\"))\"/></a>", policy.FormatXML, 2, 0, "not valid XML"},
		{"bare ampersand as xml", "<a>x & y</a>", policy.FormatXML, 1, 0, "send unescaped expressions with the format rawxml"},
		{"bytes", "<a>\xff</a>", policy.FormatRaw, 1, 1, "not valid UTF-8"},
		{"format", "<a/>", policy.Format("json"), 1, 1, "use xml or rawxml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := policy.Parse(test.in, test.format)
			var bad *policy.SyntaxError
			if !errors.As(err, &bad) {
				t.Fatalf("error is %v", err)
			}
			if bad.Line != test.line || test.column > 0 && bad.Column != test.column || !strings.Contains(bad.Message, test.want) {
				t.Errorf("got %d:%d %s, want %d:%d %s", bad.Line, bad.Column, bad.Message, test.line, test.column, test.want)
			}
		})
	}
}

func TestErrorsDrawTheLineWithACaret(t *testing.T) {
	t.Parallel()
	_, err := policy.Parse("<policies>\n\t<inbound x=1/>\n</policies>", policy.FormatRaw)
	want := "line 2, column 13: the value of attribute 'x' needs quotes around it\n  \t<inbound x=1/>\n  \t           ^"
	if err == nil || err.Error() != want {
		t.Error(cmp.Diff(want, fmt.Sprint(err)))
	}
}

// forms are documents in raw and in escaped form.
var forms = []struct{ name, raw, xml string }{
	{"attribute", `<a b="@(f("x") < 1 && g('y'))" c="x & y"/>`, `<a b="@(f(&quot;x&quot;) &lt; 1 &amp;&amp; g('y'))" c="x & y"/>`},
	{"apostrophes", `<a b='@(f("x", 'y'))'/>`, `<a b='@(f("x", &apos;y&apos;))'/>`},
	{"line breaks", "<a b=\"@{\n\treturn 1; // x\n}\"/>", `<a b="@{&#xA;&#x9;return 1; // x&#xA;}"/>`},
	{"text", "<v>\n @(a < b) <!-- & --></v>", "<v>\n @(a &lt; b) <!-- & --></v>"},
	{"literals stay", `<v>a &lt; b & "c"</v>`, `<v>a &lt; b & "c"</v>`},
	{"CDATA stays", `<v><![CDATA[@(a < b)]]></v>`, `<v><![CDATA[@(a < b)]]></v>`},
	{"entities that are meant", `<v>@(x.Replace("&amp;lt;", "<"))</v>`, `<v>@(x.Replace(&quot;&amp;lt;&quot;, &quot;&lt;&quot;))</v>`},
}

func TestBothFormsAreOneDocument(t *testing.T) {
	t.Parallel()
	for _, test := range forms {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, in := range []string{test.raw, test.xml} {
				if got, err := policy.ToXML(in); err != nil || got != test.xml {
					t.Errorf("ToXML(%s) = %s, %v; want %s", in, got, err, test.xml)
				}
			}
			back, err := policy.ToRaw(test.xml)
			if err != nil || treeOf(t, back) != treeOf(t, test.raw) {
				t.Errorf("ToRaw = %s, %v; want the tree of %s", back, err, test.raw)
			}
		})
	}
}

func treeOf(t *testing.T, source string) string {
	t.Helper()
	d, err := policy.Parse(source, policy.FormatRaw)
	if err != nil {
		t.Fatal(err)
	}
	return tree(d.Root)
}

// A document of any size is read in time that grows with its size, on one line or on many.
func TestLongLinesAreCheap(t *testing.T) {
	t.Parallel()
	source := "<fragment>" + strings.Repeat(`<a b="1"/>`, 50_000) + "</fragment>"
	if _, err := policy.Parse(source, policy.FormatRaw); err != nil {
		t.Fatal(err)
	}
}

// Text that looks like the beginning of an expression, over and over, costs no more than a document of its size.
func TestFalseBeginningsAreCheap(t *testing.T) {
	t.Parallel()
	const n = 30_000
	source := "<fragment>" + strings.Repeat("<b>@(</b>", n) + strings.Repeat(")", n) + "x</fragment>"
	start := time.Now()
	_, err := policy.Parse(source, policy.FormatRaw)
	if err == nil || time.Since(start) > 2*time.Second {
		t.Errorf("took %v, error %v", time.Since(start), err)
	}
}

// Whatever is parsed: no panic, errors have a place, and both forms give the same tree.
func FuzzParse(f *testing.F) {
	for _, form := range forms {
		f.Add(form.raw)
		f.Add(form.xml)
	}
	f.Add(policy.DefaultGlobal)
	f.Fuzz(func(t *testing.T, source string) {
		d, err := policy.Parse(source, policy.FormatRaw)
		if err != nil {
			var bad *policy.SyntaxError
			if !errors.As(err, &bad) || bad.Line < 1 || bad.Column < 1 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		xml, err := policy.ToXML(source)
		if err != nil {
			t.Fatal(err)
		}
		escaped, err := policy.Parse(xml, policy.FormatRaw)
		if err != nil {
			t.Fatalf("the escaped form does not parse: %v\n%s", err, xml)
		}
		if got, want := tree(escaped.Root), tree(d.Root); got != want {
			t.Fatalf("escaped form differs\n%s\n%s", got, want)
		}
		raw, err := policy.ToRaw(xml)
		if err != nil {
			t.Fatal(err)
		}
		again, err := policy.Parse(raw, policy.FormatRaw)
		if err != nil {
			t.Fatalf("the raw form does not parse: %v\n%s", err, raw)
		}
		if got, want := tree(again.Root), tree(d.Root); got != want {
			t.Fatalf("raw form differs\n%s\n%s", got, want)
		}
	})
}
