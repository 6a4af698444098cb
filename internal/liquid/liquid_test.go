package liquid_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/liquid"
)

const order = `{"id": 7, "price": 12.5, "placed": "2026-03-21T05:40:00Z", "paid": true, "note": null,
"customer": {"name": "ann lee", "Tags": ["b", "a", "C", "a"]}, "lines": [{"sku": "x", "qty": 2}, {"sku": "y", "qty": 1}], "none": [], "text": "a.b"}`

var start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func environment() *types.Env {
	env := &types.Env{Clock: func() time.Time { return start }}
	env.Begin()
	return env
}

func render(t *testing.T, source, body string) (string, error) {
	t.Helper()
	tpl, err := liquid.Parse(source)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	env := environment()
	v, err := liquid.FromJSON(env, body, true)
	if err != nil {
		t.Fatal(err)
	}
	return tpl.Render(env, liquid.NewHash("body", v), 1<<20)
}

func TestTemplatesRenderAsDotLiquidDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"text alone", "a {b} %", "a {b} %"},
		{"a property", "{{ body.id }}", "7"},
		{"names without regard to case", "{{ BODY.Customer.NAME }}{{body.customer.tags[0]}}", "ann leeb"},
		{"nothing for what isn't there", "[{{ body.x.y }}{{ z }}]", "[]"},
		{"booleans in lower case", "{{ body.paid }}", "true"},
		{"null as nothing", "[{{ body.note }}]", "[]"},
		{"dates of the invariant culture", "{{ body.placed }}", "03/21/2026 05:40:00"},
		{"lists without anything between", "{{ body.customer.Tags }}", "baCa"},
		{"an index from the end", "{{ body.lines[-1].sku }}", "y"},
		{"a property by a variable", "{% assign k = 'id' %}{{ body[k] }}", "7"},
		{"size, first and last", "{{ body.lines.size }}{{ body.lines.first.sku }}{{ body.lines.last.sku }}{{ body.text.Size }}", "2xy3"},
		{"decimals without zeros", "{{ 3.0 | DividedBy: 2 }} {{ 12.5 | Times: 10 }}", "1.5 125"},
		{"doubles of the body as decimals", "{{ body.price | Plus: 0.1 }}", "12.6"},
		{"whole division", "{{ 7 | DividedBy: 2 }} {{ 7 | Modulo: 2 }} {{ 7 | Minus: 9 }}", "3 1 -2"},
		{"filters that don't exist change nothing", "{{ body.text | upcase }}", "a.b"},
		{"one line break behind a dash", "a{% if true -%}\n\n b{% endif %}", "a\n b"},
		{"blanks before a dash", "a \t{%- if true %}b{% endif %}", "ab"},
		{"line breaks before a dash stay", "a\n  {{- 1 }}", "a\n1"},
		{"blanks behind a dash", "{{ 1 -}}   b", "1b"},
		{"raw", "{% raw %}{{ x }} {% y %}{% endraw %}", "{{ x }} {% y %}"},
		{"comment", "a{% comment %}{{ x {% endcomment %}b", "ab"},
		{"assign with filters", "{% assign n = body.customer.name | Capitalize | Append: '!' %}{{ n }}", "Ann Lee!"},
		{"capture", "{% capture n %}<{{ body.id }}>{% endcapture %}{{ n }}{{ n }}", "<7><7>"},
		{"if and its branches", "{% if body.id > 9 %}a{% elsif body.id == 7 %}b{% else %}c{% endif %}", "b"},
		{"unless", "{% unless body.note %}a{% else %}b{% endunless %}", "a"},
		{"conditions from the right", "{% if false and true or true %}a{% else %}b{% endif %}", "b"},
		{"zero and empty text are true", "{% if 0 %}a{% endif %}{% if '' %}b{% endif %}", "ab"},
		{"contains", "{% if body.text contains 'a.' %}a{% endif %}{% if body.customer.tags contains 'C' %}b{% endif %}", "ab"},
		{"numbers and text", "{% if body.id == '7' %}a{% endif %}{% if '7' == body.id %}b{% endif %}{% if body.price == 12.5 %}c{% endif %}", "abc"},
		{"nil is smaller than nothing", "{% if body.note < 1 %}a{% else %}b{% endif %}", "b"},
		{"blank and empty", "{% if body.none == empty %}a{% endif %}{% if body.note == blank %}b{% endif %}{% if body.id == blank %}c{% endif %}", "ab"},
		{"startsWith and hasKey", "{% if body.text startsWith 'a' %}a{% endif %}{% if body.customer hasKey 'name' %}b{% endif %}", "ab"},
		{"case", "{% case body.id %}{% when 1, 2 %}a{% when 3 or 7 %}b{% else %}c{% endcase %}", "b"},
		{"case without a match", "{% case body.id %} {% when 'x' %}a{% else %}c{% endcase %}", "c"},
		{"for", "{% for l in body.lines %}{{ l.sku }}{{ l.qty }}{% unless forloop.Last %},{% endunless %}{% endfor %}", "x2,y1"},
		{"for over nothing", "{% for l in body.none %}a{% else %}b{% endfor %}{% for l in body.q %}a{% else %}b{% endfor %}", "bb"},
		{"for with limit and offset", "{% for i in (1..9) limit:2 offset:3 %}{{ i }}{% endfor %}", "45"},
		{"for that goes on", "{% for i in (1..9) limit:2 %}{{ i }}{% endfor %}-{% for i in (1..9) limit:2 offset:continue %}{{ i }}{% endfor %}", "12-34"},
		{"for reversed", "{% for i in (1..3) reversed %}{{ i }}{% endfor %}", "321"},
		{"for over an object", "{% for p in body.lines[0] %}{{ p.Key }}={{ p.Value }};{{ p[0] }} {% endfor %}", "sku=x;sku qty=2;qty "},
		{"for over text", "{% for c in 'ab' %}{{ c }}.{% endfor %}", "a.b."},
		{"break and continue", "{% for i in (1..5) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "13"},
		{"forloop", "{% for i in (5..6) %}{{ forloop.index }}{{ forloop.index0 }}{{ forloop.rindex }}{{ forloop.rindex0 }}{{ forloop.first }}{{ forloop.length }} {% endfor %}", "1021true2 2110false2 "},
		{"JSONArrayFor", "[{% JSONArrayFor l in body.lines %}\"{{ l.sku }}\"{% endJSONArrayFor %}]", `["x","y"]`},
		{"JSONArrayFor over one value", "[{% JSONArrayFor l in body.customer %}{{ l.name }}{% endJSONArrayFor %}]", "[ann lee]"},
		{"JSONArrayFor over nothing", "[{% JSONArrayFor l in body.note %}x{% endJSONArrayFor %}]", "[]"},
		{"cycle", "{% for i in (1..3) %}{% cycle 'a', 'b' %}{% endfor %}{% cycle 'x': 'a', 'b' %}", "abaa"},
		{"increment and decrement", "{% increment n %}{% increment n %}{{ n }}{% decrement m %}", "012-1"},
		{"ifchanged", "{% for t in body.customer.tags %}{% ifchanged %}{{ t | Upcase }}{% endifchanged %}{% endfor %}", "BACA"},
		{"tablerow", "{% tablerow i in (1..3) cols:2 %}{{ i }}{% endtablerow %}", "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n<tr class=\"row2\"><td class=\"col1\">3</td></tr>\n"},
		{"break outside of a loop ends the template", "a{% break %}b", "a"},
		{"quotes hide delimiters", "{{ '}}' }}{{ \"%}\" }}", "}}%}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := render(t, c.source, order)
			if err != nil || got != c.want {
				t.Errorf("%s gives\n%q, %v; want\n%q", c.source, got, err, c.want)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ source, want string }{
		{"'a' | Append: 'b' | Prepend: 'c'", "cab"},
		{"nil | Append: 'b'", "b"},
		{"'hello wORLD_x y' | Capitalize", "Hello WORLD_x Y"},
		{"'' | Default: 'x'", "x"},
		{"' ' | Default: 'x'", "x"},
		{"body.id | Default: 'x'", "7"},
		{"'ÄB' | Downcase", "äb"},
		{"'äb' | Upcase", "ÄB"},
		{"'<a b=\"é\">&' | Escape", "&lt;a b=&quot;&#233;&quot;&gt;&amp;"},
		{"\"it's\" | H", "it&#39;s"},
		{"' a ' | Lstrip | Append: '|'", "a |"},
		{"' a ' | Rstrip", " a"},
		{"' a ' | Strip", "a"},
		{"'a.b' | Remove: '.'", "ab"},
		{"'aXbX' | RemoveFirst: 'X'", "abX"},
		{"'a.b' | Replace: '.', '-'", "---"},
		{`'a.b' | Replace: '\.', '-'`, "a-b"},
		{"'ab' | Replace: '(a)(b)', '$2$1'", "ba"},
		{"'aa' | ReplaceFirst: 'a', 'b'", "ba"},
		{"'a,,b' | Split: ',' | Join: '-'", "a-b"},
		{"'abc' | Split: '' | Join: '-'", "a-b-c"},
		{"'<p>a<!-- x --><script>y</script></p>' | StripHtml", "a"},
		{"'abcdef' | Truncate: 5", "ab..."},
		{"'abcdef' | Truncate: 5, '!'", "abcd!"},
		{"'a b c' | TruncateWords: 2", "a b..."},
		{"'a b&é' | UrlEncode", "a+b%26%C3%A9"},
		{"'a+b%26' | UrlDecode", "a b&"},
		{"body.customer.tags | Size", "4"},
		{"'äö' | Size", "2"},
		{"5 | Size", "0"},
		{"body.customer.tags | First", "b"},
		{"body.customer.tags | Last", "a"},
		{"body.customer.tags | Sort | Join", "a a b C"},
		{"body.customer.tags | Uniq | Join: ''", "baC"},
		{"body.lines | Map: 'sku' | Join: ','", "x,y"},
		{"body.lines | Sort: 'qty' | Map: 'sku' | Join: ','", "y,x"},
		{"'abcdef' | Slice: 1, 3", "bcd"},
		{"'abcdef' | Slice: -2, 9", "ef"},
		{"'abcdef' | Slice: 2", "c"},
		{"body.customer.tags | Slice: 1, 2 | Join: ''", "aC"},
		{"body.none | Compact | Size", "0"},
		{"-3.5 | Abs", "3.5"},
		{"4 | AtLeast: 5", "5"},
		{"4 | AtMost: 3", "3"},
		{"2.5 | Round", "2"},
		{"2.345 | Round: 2", "2.34"},
		{"'x' | Round", ""},
		{"'5' | Plus: 1", "51"},
		{"5 | Plus: 1", "6"},
		{"'ab' | Times: 2", "abab"},
		{"0.1 | Plus: 10 | Minus: 10", "0.1"},
		{"nil | Plus: 1", ""},
		{"1.0 | DividedBy: 0.0", "Infinity"},
		{"1234.5 | Currency", "¤1,234.50"},
		{"-1234.5 | Currency: 'en-US'", "-$1,234.50"},
		{"1234.5 | Currency: 'de-DE'", "1.234,50 €"},
		{"body.placed | Date: 'yyyy-MM-dd'", "2026-03-21"},
		{"'2026-03-21T05:40Z' | Date: 'dd MMM yyyy HH:mm'", "21 Mar 2026 05:40"},
		{"'now' | Date: 'yyyy'", "2026"},
		{"'no date' | Date: 'yyyy'", "no date"},
		{"nil | Date: 'yyyy'", ""},
	} {
		t.Run(c.source, func(t *testing.T) {
			t.Parallel()
			got, err := render(t, "{{ "+c.source+" }}", order)
			if err != nil || got != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestTemplatesThatAreNoneSayWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		source       string
		line, column int
		message      string
	}{
		{"a\n {{ b", 2, 2, "the output that begins here is not closed"},
		{"{% if a", 1, 1, "the tag that begins here is not closed"},
		{"{% if a %}", 1, 4, "the tag if is not closed; end it with {% endif %}"},
		{"a\nä{% nope %}", 2, 5, "the tag nope is not known"},
		{"{% else %}", 1, 4, "stands outside"},
		{"{% for a b %}{% endfor %}", 1, 4, "for is written"},
		{"{% if %}{% endif %}", 1, 4, "needs a condition"},
		{"{% if a ~ b %}{% endif %}", 1, 4, "the operator ~ is not known"},
		{"{% if a == %}{% endif %}", 1, 4, "incomplete"},
		{"{% for a in b %}{% endif %}", 1, 20, "endif does not close for"},
		{"{% include 'x' %}", 1, 4, "a template stands alone"},
		{"{% extends 'x' %}", 1, 4, "a template stands alone"},
		{"{% raw %}", 1, 1, "the tag raw is not closed"},
		{"{% %}", 1, 3, "a tag needs a name"},
		{strings.Repeat("{% if a %}", 100), 1, 794, "nested more than 80 deep"},
	} {
		_, err := liquid.Parse(c.source)
		var e *liquid.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", c.source, err)
			continue
		}
		if e.Line != c.line || e.Column != c.column || !strings.Contains(e.Message, c.message) {
			t.Errorf("%q: %v; want %d:%d %s", c.source, e, c.line, c.column, c.message)
		}
	}
}

func TestOddTemplatesAreWarnedOf(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"{{ a | strip_html }}":       "there is no filter 'strip_html', so that it changes nothing; the name is StripHtml",
		"{% if a=='b' %}{% endif %}": "put blanks around the operator",
		"{{ a | Append }}":           "the filter Append takes 1 arguments",
	} {
		tpl, err := liquid.Parse(source)
		if err != nil || len(tpl.Warnings) != 1 || !strings.Contains(tpl.Warnings[0].Message, want) {
			t.Errorf("%s: %v %v; want %s", source, tpl, err, want)
		}
	}
}

func TestErrorsEndTheRendering(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"{{ 1 | DividedBy: 0 }}":          "divide by zero",
		"{{ 'x' | Minus: 1 }}":            "not defined",
		"{{ body.lines | Upcase }}":       "a list can't be used as text",
		"{{ body.customer | Upcase }}":    "an object can't be used as text",
		"{{ body.id | Append }}":          "takes 1 arguments",
		"{{ 'a' | Replace: '(', 'b' }}":   "parsing",
		"{{ body.placed | Date: '%' }}":   "format",
		"{% if 1 < 'x' %}{% endif %}":     "format",
		"{{ 1 | Currency: 'xx-unknown'}}": "culture",
	} {
		if got, err := render(t, source, order); err == nil || !strings.Contains(strings.ToLower(err.Error()), want) {
			t.Errorf("%s gives %q, %v; want an error with %s", source, got, err, want)
		}
	}
}

func TestBudgetsHold(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"{% for i in (1..2000000000) %}{% endfor %}",
		"{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}",
		"{% assign a = 'x' %}{% for i in (1..60) %}{% assign a = a | Append: a %}{% endfor %}",
		"{% capture a %}x{% endcapture %}{% for i in (1..60) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
		"{{ 'xxxxxxxxxx' | Times: 2000000000 }}",
		"{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | Replace: '(a+)+$', 'b' }}",
		"{% for i in (1..60) %}{% capture a %}{{ a }}0123456789{% endcapture %}{% for j in (1..9999) %}{{ a }}{% endfor %}{% endfor %}",
	} {
		begun := time.Now()
		_, err := render(t, source, "{}")
		if err == nil {
			t.Errorf("%s ends", source)
		}
		if took := time.Since(begun); took > 8*time.Second {
			t.Errorf("%s takes %v", source, took)
		}
	}
}

func TestXMLIsReadByLocalNames(t *testing.T) {
	t.Parallel()
	const source = `<s:Envelope xmlns:s="urn:s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Body><order id="7" xmlns="urn:o">
<line>a</line><line>b</line><none xsi:nil="true"/><empty/><price currency="EUR">5</price></order></s:Body></s:Envelope>`
	for _, c := range []struct {
		template, want string
		nulls          bool
	}{
		{"{{ body.envelope.body.order.id }}", "7", false},
		{"{{ body.Envelope.Body.order['@id'] }}", "7", false},
		{"{{ body.envelope.body.order.line | Join: '+' }}", "a+b", false},
		{"{{ body.envelope.body.order.price }}{{ body.envelope.body.order.price.currency }}", "5EUR", false},
		{"{% if body.envelope.body.order.none == '' %}blank{% endif %}", "blank", false},
		{"{% if body.envelope.body.order.none == nil %}null{% endif %}", "null", true},
		{"[{{ body.envelope.body.order.empty }}]", "[]", false},
		{"{% JSONArrayFor l in body.envelope.body.order.line %}{{ l }}{% endJSONArrayFor %}", "a,b", false},
	} {
		tpl, err := liquid.Parse(c.template)
		if err != nil {
			t.Fatal(err)
		}
		env := environment()
		v, err := liquid.FromXML(env, source, c.nulls)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := tpl.Render(env, liquid.NewHash("body", v), 1<<20); err != nil || got != c.want {
			t.Errorf("%s gives %q, %v; want %q", c.template, got, err, c.want)
		}
	}
}

func TestDatesMayStayText(t *testing.T) {
	t.Parallel()
	v, err := liquid.FromJSON(environment(), `{"d": "2026-03-21T05:40:00Z"}`, false)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := v.(*liquid.Hash).Get("d")
	if d != "2026-03-21T05:40:00Z" {
		t.Errorf("the date became %v", d)
	}
}

func FuzzTemplates(f *testing.F) {
	for _, s := range []string{
		"{% for i in (1..3) %}{{ i | Plus: 1 | Append: 'x' }}{% endfor %}", "{% if a == 'b' or c contains d %}{% else %}{% endif %}",
		"{{ body.lines | Map: 'sku' | Sort | Uniq | Join: ',' | Replace: '.', '$0' }}", "{% case a %}{% when 1 %}{% endcase %}", "{%- raw -%}{{ {% endraw -%}",
		"{% tablerow i in body.lines cols:2 %}{{ tablerowloop.col }}{% endtablerow %}", "{% cycle 'a', b %}{% increment c %}", "{{ body['x'][0].first.size }}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		tpl, err := liquid.Parse(source)
		if err != nil {
			var e *liquid.Error
			if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 {
				t.Fatalf("%q: %v says no place", source, err)
			}
			return
		}
		env := &types.Env{Limits: types.Limits{Steps: 100_000, Bytes: 4 << 20, Depth: 100, Wall: time.Second}}
		env.Begin()
		v, err := liquid.FromJSON(env, order, true)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := tpl.Render(env, liquid.NewHash("body", v), 1<<20); err == nil && len(out) > 1<<20 {
			t.Fatalf("%d bytes", len(out))
		}
	})
}
