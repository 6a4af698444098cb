package lib

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

func TestJSONIsReadAsNewtonsoftReadsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{`{ a: 1, 'b': "x", /* c */ "d": [ ] }`, `{"a":1,"b":"x","d":[]}`},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`}, // the last of equal names wins, in the first place
		{`{"a":1,}`, `{"a":1}`},
		{`{"n":0x10,"o":010,"e":1e2,"f":1.50}`, `{"n":16,"o":8,"e":100.0,"f":1.5}`},
		{`99999999999999999999`, `99999999999999999999`},
		{`NaN`, `"NaN"`},
		{`"2024-05-06T07:08:09.120Z"`, `"2024-05-06T07:08:09.12Z"`}, // dates are dates
		{`"2024-05-06T07:08:09"`, `"2024-05-06T07:08:09"`},
		{`"2024-05-06T07:08:09+02:00"`, `"2024-05-06T05:08:09+00:00"`},
		{`"2024-05-06"`, `"2024-05-06"`},
		{`"\/Date(0)\/"`, `"1970-01-01T00:00:00Z"`},
		{`"\u00e9\n\ud83d\ude00"`, `"é\n😀"`},
		{`new Date(1)`, `new Date(1)`},
		{`[1,,2]`, `[1,undefined,2]`},
		{`{`, "! JsonReaderException"},
		{``, "! JsonReaderException"},
		{`{} x`, "! JsonReaderException"},
		{`{"a"}`, "! JsonReaderException"},
		{`{"a":tru}`, "! JsonReaderException"},
		{`"\q"`, "! JsonReaderException"},
		{`"open`, "! JsonReaderException"},
		{`[1 2]`, "! JsonReaderException"},
		{`-`, "! JsonReaderException"},
		{`1.2.3`, "! JsonReaderException"},
		{strings.Repeat("[", 200) + strings.Repeat("]", 200), "! JsonReaderException"},
	} {
		tok, err := ParseJToken(nil, c.text)
		got := "! " + thrown(err)
		if err == nil {
			got = tok.JSON(false)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestJSONIsIndentedWithLineFeeds(t *testing.T) {
	t.Parallel()
	tok, _ := ParseJToken(nil, `{"a":[1,{}],"b":{"c":null}}`)
	want := "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": null\n  }\n}"
	if got := tok.JSON(true); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestATokenAddedElsewhereIsCopied(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	o, _ := ParseJToken(env, `{"a":{"x":1}}`)
	if err := o.setProperty(env, "b", o.child("a")); err != nil {
		t.Fatal(err)
	}
	if err := o.child("a").setProperty(env, "x", int64(2)); err != nil {
		t.Fatal(err)
	}
	if got, want := o.JSON(false), `{"a":{"x":2},"b":{"x":1}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := o.setProperty(env, "self", o); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(o.JSON(false), `"self":{"a"`) {
		t.Errorf("an object put into itself must be a copy: %s", o.JSON(false))
	}
}

func TestObjectsWithManyPropertiesFindAndForget(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	o := &JToken{kind: JObject}
	for i := range 50 {
		if err := o.setProperty(env, "p"+types.ToString(int32(i)), int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	if v := o.child("p33"); v == nil || v.value != int64(33) {
		t.Fatalf("p33 is %v", v)
	}
	if err := o.property("p33").remove(); err != nil {
		t.Fatal(err)
	}
	if o.child("p33") != nil || o.child("p34") == nil {
		t.Error("after removing p33 it must be gone and p34 still be there")
	}
}

func TestSelectTokens(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	doc, _ := ParseJToken(env, `{"store":{"items":[{"n":"x","p":1},{"n":"y","p":2.5},{"n":"z","tags":["a","b"]}],"odd key":true,"when":"2024-01-02T03:04:05Z"}}`)
	for _, c := range []struct{ path, want string }{
		{"$.store.items[0].n", `"x"`},
		{"store['odd key']", `true`},
		{"$..p", `1 2.5`},
		{"store.items[*].n", `"x" "y" "z"`},
		{"store.items[-1:].n", `"z"`},
		{"store.items[0,2].n", `"x" "z"`},
		{"store.items[::-1].n", `"z" "y" "x"`},
		{"store.items[?(@.p > 1)].n", `"y"`},
		{"store.items[?(@.p >= 1 && @.n != 'y')].n", `"x"`},
		{"store.items[?(@.tags)].n", `"z"`},
		{"store.items[?(@.n == 'x' || @.n == 'z')].n", `"x" "z"`},
		{"store.items[?(@.n =~ /^[yz]$/)].n", `"y" "z"`},
		{"store.items[?(@.tags[1] == 'b')].n", `"z"`},
		{"$.store[?(@ == '2024-01-02T03:04:05Z')]", ``},
		{"store.nothing.at.all", ``},
		{"store.items[9]", ``},
		{"$", ""},
		{"store[", "! JsonException"},
		{"store..", "! JsonException"},
		{"store.items[?(@.p >)]", "! JsonException"},
		{"store.items['open]", "! JsonException"},
	} {
		found, err := doc.SelectTokens(env, c.path, false)
		if c.path == "$" {
			if len(found) != 1 || found[0] != doc {
				t.Errorf("$ must be the document, got %v", found)
			}
			continue
		}
		var parts []string
		for _, k := range found {
			parts = append(parts, k.JSON(false))
		}
		got := strings.Join(parts, " ")
		if err != nil {
			got = "! " + thrown(err)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.path, got, c.want)
		}
	}
	if _, err := doc.SelectTokens(env, "store.nope", true); thrown(err) != "JsonException" {
		t.Errorf("a strict path without a match: %v", err)
	}
}

func TestCastsOfTokens(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	casts := map[string]jsonCast{}
	for _, c := range jsonCasts {
		casts[c.t.Name] = c
	}
	for _, c := range []struct{ json, to, want string }{
		{`"12"`, "Int32", "12"},
		{`1.6`, "Int32", "2"},
		{`true`, "String", "True"},
		{`7`, "Boolean", "True"},
		{`"x"`, "Int32", "! FormatException"},
		{`null`, "Int32", "! ArgumentException"},
		{`{}`, "String", "! ArgumentException"},
		{`[1]`, "Int32", "! ArgumentException"},
		{`99999999999999999999`, "Int64", "! OverflowException"},
		{`"2024-01-02T03:04:05Z"`, "String", "01/02/2024 03:04:05"},
		{`"x"`, "Guid", "! FormatException"},
		{`"https://h.example/"`, "Uri", "https://h.example/"},
	} {
		tok, err := ParseJToken(env, c.json)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcome(castToken(env, tok, casts[c.to], c.to == "String")); got != c.want {
			t.Errorf("(%s)%s: got %s, want %s", c.to, c.json, got, c.want)
		}
	}
}

func TestAHugeDocumentIsChargedToTheBudget(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	_, err := ParseJToken(env, "["+strings.Repeat("1,", 1<<20)+"1]")
	if thrown(err) != "limit" {
		t.Errorf("a million numbers within 64 MiB: got %v, want a limit", err)
	}
}
