package jsonxml_test

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
	"github.com/atelier-apim/atelier/internal/jsonxml"
)

func begin() *types.Env {
	env := &types.Env{}
	env.Begin()
	return env
}

func toXML(t *testing.T, source string, dates bool, o jsonxml.XMLOptions) (string, error) {
	t.Helper()
	env := begin()
	read := lib.ParseJTokenText
	if dates {
		read = lib.ParseJToken
	}
	token, err := read(env, source)
	if err != nil {
		t.Fatal(err)
	}
	return jsonxml.ToXML(env, token, o)
}

func TestJSONToXML(t *testing.T) {
	t.Parallel()
	soap := jsonxml.XMLOptions{Separator: ":", Namespaces: "xmlns", Attributes: "#attrs"}
	for _, c := range []struct {
		name, source, want string
		o                  jsonxml.XMLOptions
		dates              bool
	}{
		{"several properties", `{"a": "x", "b": true, "n": 25, "f": 1.5}`, "<Document><a>x</a><b>True</b><n>25</n><f>1.5</f></Document>", jsonxml.XMLOptions{}, false},
		{"one property is the root", `{"a": {"b": 1}}`, "<a><b>1</b></a>", jsonxml.XMLOptions{}, false},
		{"an array repeats its element", `{"p": [{"t": "home"}, {"t": "mobile"}], "q": []}`, "<Document><p><t>home</t></p><p><t>mobile</t></p><q /></Document>", jsonxml.XMLOptions{}, false},
		{"one property that is an array", `{"p": [1, 2]}`, "<Document><p>1</p><p>2</p></Document>", jsonxml.XMLOptions{}, false},
		{"an array of arrays", `{"r": {"p": [[1], [2, 3]]}}`, "<r><p><p>1</p></p><p><p>2</p><p>3</p></p></r>", jsonxml.XMLOptions{}, false},
		{"an array alone", `[1, "b"]`, "<Document><Item>1</Item><Item>b</Item></Document>", jsonxml.XMLOptions{}, false},
		{"a value alone", `"x"`, "<Document>x</Document>", jsonxml.XMLOptions{}, false},
		{"null", `{"a": {"s": null}}`, `<a><s xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" /></a>`, jsonxml.XMLOptions{}, false},
		{"attributes and text", `{"a": {"@id": 7, "#text": "x<y"}}`, `<a id="7">x&lt;y</a>`, jsonxml.XMLOptions{}, false},
		{"names that XML doesn't have", `{"first name": {"1a": 1, "a_x0020_b": 2, "x:y": 3}}`, "<first_x0020_name><_x0031_a>1</_x0031_a><a_x005F_x0020_b>2</a_x005F_x0020_b><x_x003A_y>3</x_x003A_y></first_x0020_name>", jsonxml.XMLOptions{Separator: "_"}, false},
		{
			"the envelope of the service's reference", `{"soapenv:Envelope": {"xmlns:soapenv": "urn:s", "xmlns:v1": "urn:v", "soapenv:Header": {}, "soapenv:Body": {"v1:QueryList": {"#attrs": {"queryName": "test"}, "v1:QueryItem": {"#text": "dummy text"}}}}}`,
			`<soapenv:Envelope xmlns:soapenv="urn:s" xmlns:v1="urn:v"><soapenv:Header /><soapenv:Body><v1:QueryList queryName="test"><v1:QueryItem>dummy text</v1:QueryItem></v1:QueryList></soapenv:Body></soapenv:Envelope>`, soap, false,
		},
		{"a default namespace", `{"a": {"xmlns": "urn:d", "b": 1}}`, `<a xmlns="urn:d"><b>1</b></a>`, soap, false},
		{"another separator", `{"s_a": {"xmlns_s": "urn:s", "s_first_name": 1, "t_x": 2}}`, `<s:a xmlns:s="urn:s"><s:first_name>1</s:first_name><t_x>2</t_x></s:a>`, jsonxml.XMLOptions{Separator: "_", Namespaces: "xmlns"}, false},
		{"dates as text", `{"a": "2026-03-21T05:40:00Z"}`, "<a>2026-03-21T05:40:00Z</a>", jsonxml.XMLOptions{}, false},
		{"dates as dates", `{"a": "2026-03-21T05:40:00Z"}`, "<a>03/21/2026 05:40:00</a>", jsonxml.XMLOptions{}, true},
		{"characters that XML doesn't have", `{"a": "x\u0000\u0008y"}`, "<a>xy</a>", jsonxml.XMLOptions{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got, err := toXML(t, c.source, c.dates, c.o); err != nil || got != c.want {
				t.Errorf("%s, %v; want\n%s", got, err, c.want)
			}
		})
	}
}

func TestJSONWithoutXMLIsRefused(t *testing.T) {
	t.Parallel()
	o := jsonxml.XMLOptions{Attributes: "#attrs"}
	for source, want := range map[string]string{
		`{"": 1}`:                       "empty property name",
		`{"a": {"@x": {}}}`:             "can't hold an object",
		`{"a": {"#attrs": 1}}`:          "must be an object",
		`{"a": {"#attrs": {"x": [1]}}}`: "can't hold an object",
	} {
		if got, err := toXML(t, source, false, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %s, %v; want %s", source, got, err, want)
		}
	}
}

func TestXMLToJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source, want string
		o                  jsonxml.JSONOptions
	}{
		{"text", "<a>x</a>", `{"a":"x"}`, jsonxml.JSONOptions{}},
		{"empty elements", "<a><b/><c></c></a>", `{"a":{"b":null,"c":""}}`, jsonxml.JSONOptions{}},
		{"attributes and text", `<a id="7">x</a>`, `{"a":{"@id":"7","#text":"x"}}`, jsonxml.JSONOptions{}},
		{"elements of one name", "<a><b>1</b><c/><b>2</b></a>", `{"a":{"b":["1","2"],"c":null}}`, jsonxml.JSONOptions{}},
		{"mixed content", "<a>x<b>y</b>z</a>", `{"a":{"#text":["x","z"],"b":"y"}}`, jsonxml.JSONOptions{}},
		{"namespaces", `<s:a xmlns:s="urn:s"><s:b>1</s:b></s:a>`, `{"s:a":{"@xmlns:s":"urn:s","s:b":"1"}}`, jsonxml.JSONOptions{}},
		{"a declaration", `<?xml version="1.0" encoding="utf-8"?><a>1</a>`, `{"?xml":{"@version":"1.0","@encoding":"utf-8"},"a":"1"}`, jsonxml.JSONOptions{}},
		{"CDATA", "<a><![CDATA[<x>]]></a>", `{"a":{"#cdata-section":"<x>"}}`, jsonxml.JSONOptions{}},
		{"comments are left out", "<a><!-- x --><b>1</b></a>", `{"a":{"b":"1"}}`, jsonxml.JSONOptions{}},
		{"an array that the document asks for", `<a xmlns:json="http://james.newtonking.com/projects/json"><b json:Array="true">1</b></a>`, `{"a":{"b":["1"]}}`, jsonxml.JSONOptions{}},
		{"arrays always", "<a><b>1</b><c><d>2</d></c></a>", `{"a":{"b":["1"],"c":[{"d":["2"]}]}}`, jsonxml.JSONOptions{Arrays: true}},
		{"arrays always, of several", "<a><b>1</b><b>2</b></a>", `{"a":{"b":["1","2"]}}`, jsonxml.JSONOptions{Arrays: true}},
		{"friendly names", `<?xml version="1.0"?><s:a xmlns:s="urn:s" id="7" x="1">t<x>2</x></s:a>`, `{"s$a":{"xmlns$s":"urn:s","id":"7","$x":"1","$text":"t","x":"2"}}`, jsonxml.JSONOptions{Friendly: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			env := begin()
			d, err := lib.ParseXDocument(env, c.source)
			if err != nil {
				t.Fatal(err)
			}
			got, err := jsonxml.ToJSON(env, d, c.o)
			if err != nil || got.JSON(false) != c.want {
				t.Errorf("%v, %v; want\n%s", got, err, c.want)
			}
		})
	}
}

func FuzzConversions(f *testing.F) {
	f.Add(`{"a": {"@b": 1, "xmlns:c": "u", "c:d": [null, [], {"#text": "x"}]}}`)
	f.Add(`[1, "b", {"": 2}]`)
	o := jsonxml.XMLOptions{Separator: ":", Namespaces: "xmlns", Attributes: "#attrs"}
	f.Fuzz(func(t *testing.T, source string) {
		env := &types.Env{Limits: types.Limits{Steps: 100_000, Bytes: 4 << 20, Depth: 200, Wall: 1e9}}
		env.Begin()
		token, err := lib.ParseJToken(env, source)
		if err != nil {
			return
		}
		text, err := jsonxml.ToXML(env, token, o)
		if err != nil || strings.Contains(text, "xmlns") {
			return // a document's own namespaces may be wrong
		}
		env.Begin()
		d, err := lib.ParseXDocument(env, text)
		if err != nil {
			t.Fatalf("%s becomes %s, which is no XML: %v", source, text, err)
		}
		if _, err := jsonxml.ToJSON(env, d, jsonxml.JSONOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}
