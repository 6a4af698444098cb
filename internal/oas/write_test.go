package oas

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"
)

// every form that a document can be written in.
var forms = []Form{
	{Version: OpenAPI30}, {Version: OpenAPI30, YAML: true}, {Version: OpenAPI31}, {Version: OpenAPI31, YAML: true}, {Version: Swagger2}, {Version: Swagger2, YAML: true},
}

func (f Form) String() string { return fmt.Sprintf("%s yaml=%v", f.Version, f.YAML) }

func TestADocumentThatWasWrittenReadsAsTheSameAPI(t *testing.T) {
	t.Parallel()
	for name, doc := range documents(t) {
		want, err := Import(doc, Options{})
		if err != nil {
			continue // an archive about mistakes
		}
		for _, f := range forms {
			t.Run(name+" "+f.String(), func(t *testing.T) {
				t.Parallel()
				two := f.Version == Swagger2 || want.Version == Swagger2
				text, err := Write(want, f)
				if err != nil {
					t.Fatal(err)
				}
				got, err := Import(text, Options{})
				if err != nil {
					t.Fatalf("the document can't be read: %v\n%s", err, text)
				}
				if diff := cmp.Diff(essence(want, two), essence(got, two), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("the API changed (-want +got):\n%s\n%s", diff, text)
				}
				again, err := Write(got, f)
				if err != nil {
					t.Fatal(err)
				}
				if f.Version == want.Version && string(again) != string(text) {
					t.Errorf("written again it differs:\n%s", cmp.Diff(string(text), string(again)))
				}
			})
		}
	}
}

// documents are the documents of the archives, by name.
func documents(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	out := map[string][]byte{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".txtar")] = a.Files[0].Data
	}
	return out
}

// essence is what every form keeps of an API: not the words of its schemas, which differ by version, nor samples made from them. With
// two it leaves out what Swagger 2 can't say.
func essence(a *API, two bool) *API {
	out := *a
	out.Version, out.Warnings = "", nil
	out.Schemas = nil
	for _, s := range a.Schemas {
		out.Schemas = append(out.Schemas, Schema{Name: s.Name})
	}
	out.Operations = nil
	if two {
		out.Servers, out.License, out.Schemas = nil, License{}, nil
	}
	for _, o := range a.Operations {
		o.TemplateParameters = parametersOf(o.TemplateParameters, two)
		o.Request.QueryParameters = parametersOf(o.Request.QueryParameters, two)
		o.Request.Headers = parametersOf(o.Request.Headers, two)
		o.Request.Representations = bodiesOf(o.Request.Representations, two)
		if len(o.Responses) == 0 {
			o.Responses = []Response{{StatusCode: 200}}
		}
		responses := make([]Response, len(o.Responses))
		for i, r := range o.Responses {
			r.Headers, r.Representations = parametersOf(r.Headers, two), bodiesOf(r.Representations, two)
			responses[i] = r
		}
		o.Responses = responses
		if two {
			o.Request.Description, o.Request.Representations = "", nil
			for i := range o.Responses {
				o.Responses[i].Representations = nil
			}
		}
		out.Operations = append(out.Operations, o)
	}
	return &out
}

func parametersOf(all []Parameter, two bool) []Parameter {
	out := make([]Parameter, len(all))
	for i, p := range all {
		if two {
			p.Examples, p.Required = nil, false
		}
		out[i] = p
	}
	return out
}

func bodiesOf(all []Representation, two bool) []Representation {
	out := make([]Representation, len(all))
	for i, r := range all {
		var given []Example
		for _, e := range r.Examples {
			if !e.Generated {
				e.Value = []byte(strings.Join(strings.Fields(string(e.Value)), "")) // laid out anew
				given = append(given, e)
			}
		}
		r.Examples, r.FormParameters = given, parametersOf(r.FormParameters, two)
		out[i] = r
	}
	return out
}

func TestSchemasAreSaidInTheWordsOfEachVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, two, three, threeOne string }{
		{
			"a reference", `{"$ref":"#/definitions/A"}`,
			`{"$ref":"#/definitions/A"}`, `{"$ref":"#/components/schemas/A"}`, `{"$ref":"#/components/schemas/A"}`,
		},
		{
			"null among types", `{"type":["string","null"]}`,
			`{"type":"string","x-nullable":true}`, `{"type":"string","nullable":true}`, `{"type":["string","null"]}`,
		},
		{
			"nullable", `{"type":"object","nullable":true,"properties":{"a":{"x-nullable":true,"type":"integer"}}}`,
			`{"type":"object","properties":{"a":{"type":"integer","x-nullable":true}},"x-nullable":true}`,
			`{"type":"object","properties":{"a":{"type":"integer","nullable":true}},"nullable":true}`,
			`{"type":["object","null"],"properties":{"a":{"type":["integer","null"]}}}`,
		},
		{
			"an exclusive bound as a number", `{"exclusiveMinimum":3}`,
			`{"minimum":3,"exclusiveMinimum":true}`, `{"minimum":3,"exclusiveMinimum":true}`, `{"exclusiveMinimum":3}`,
		},
		{
			"an exclusive bound as a word", `{"maximum":3,"exclusiveMaximum":true}`,
			`{"maximum":3,"exclusiveMaximum":true}`, `{"maximum":3,"exclusiveMaximum":true}`, `{"exclusiveMaximum":3}`,
		},
		{
			"a constant", `{"const":"a"}`,
			`{"enum":["a"]}`, `{"enum":["a"]}`, `{"const":"a"}`,
		},
		{
			"alternatives", `{"oneOf":[{"$ref":"#/components/schemas/A"}],"discriminator":{"propertyName":"k","mapping":{"a":"#/components/schemas/A"}}}`,
			`{"x-oneOf":[{"$ref":"#/definitions/A"}],"discriminator":"k"}`,
			`{"oneOf":[{"$ref":"#/components/schemas/A"}],"discriminator":{"propertyName":"k","mapping":{"a":"#/components/schemas/A"}}}`,
			`{"oneOf":[{"$ref":"#/components/schemas/A"}],"discriminator":{"propertyName":"k","mapping":{"a":"#/components/schemas/A"}}}`,
		},
		{
			"words that are data", `{"example":{"nullable":true,"$ref":"#/definitions/A"},"enum":[{"const":1}]}`,
			`{"example":{"nullable":true,"$ref":"#/definitions/A"},"enum":[{"const":1}]}`,
			`{"example":{"nullable":true,"$ref":"#/definitions/A"},"enum":[{"const":1}]}`,
			`{"example":{"nullable":true,"$ref":"#/definitions/A"},"enum":[{"const":1}]}`,
		},
		{
			"a property that is named like a word", `{"properties":{"nullable":{"type":"boolean"},"type":{"type":["integer","null"]}}}`,
			`{"properties":{"nullable":{"type":"boolean"},"type":{"type":"integer","x-nullable":true}}}`,
			`{"properties":{"nullable":{"type":"boolean"},"type":{"type":"integer","nullable":true}}}`,
			`{"properties":{"nullable":{"type":"boolean"},"type":{"type":["integer","null"]}}}`,
		},
		{
			"a file", `{"type":"file"}`,
			`{"type":"file"}`, `{"type":"string","format":"binary"}`, `{"type":"string","format":"binary"}`,
		},
	} {
		in, err := readJSON([]byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		for to, want := range map[Version]string{Swagger2: c.two, OpenAPI30: c.three, OpenAPI31: c.threeOne} {
			if got := string(appendJSON(nil, translateSchema(in, to), false, 0)); got != want {
				t.Errorf("%s in %s:\n got %s\nwant %s", c.name, to, got, want)
			}
		}
	}
}

func TestTextsKeepTheirValueInYAML(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "a", "true", "No", "null", "~", "1", "1.0", "0x1F", "- a", "a: b", "a #b", " a", "a ", "a\nb", "a\tb", `"a"`, "'a'", "{a}", "/x/{id}", "[a]", "é", "*a", "&a", "!a", "%a", "@a", "`a", "?", "|", "2020-01-01", "\u2028",
	} {
		doc := newObject()
		doc.add("k", newText(s))
		doc.add(s+"l", newText(s))
		n, err := readYAML(appendYAML(nil, doc, 0))
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if v := n.get("k"); v == nil || v.kind != text || v.value != s || n.get(s+"l") == nil {
			t.Errorf("%q reads as %+v", s, v)
		}
	}
}

func FuzzWrite(f *testing.F) {
	f.Add([]byte("openapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok}}}}}\n"))
	f.Add([]byte(`{"swagger":"2.0","paths":{"/a/{b}?c={d}":{"post":{"parameters":[{"in":"body","name":"b","schema":{"type":["string","null"]}}]}}}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		api, err := Import(doc, Options{})
		if err != nil {
			return
		}
		for _, form := range forms {
			began := time.Now()
			text, err := Write(api, form)
			if d := time.Since(began); d > 3*time.Second {
				t.Fatalf("%s: writing takes %s for a document of %d bytes", form, d, len(doc))
			}
			if err != nil {
				t.Fatalf("%s: what was read can't be written: %v", form, err)
			}
			again, err := read(text)
			if err != nil {
				t.Fatalf("%s: what was written can't be read: %v\n%s", form, err, text)
			}
			if v, err := versionOf(again); err != nil || v != form.Version {
				t.Fatalf("%s: the document says %q, %v", form, v, err)
			}
		}
	})
}
