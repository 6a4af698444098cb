package oas

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// large is a document of n operations, two a path, each path with a schema of its own.
func large(n int) []byte {
	var b strings.Builder
	b.WriteString("openapi: 3.0.3\ninfo:\n  title: Large\n  version: '1'\npaths:\n")
	for i := range n / 2 {
		fmt.Fprintf(&b, `  /things%[1]d/{id}:
    parameters:
      - name: id
        in: path
        required: true
        schema: {type: string}
    get:
      operationId: get%[1]d
      summary: Get thing %[1]d
      parameters:
        - name: expand
          in: query
          description: What to expand
          schema: {type: string, enum: [a, b]}
      responses:
        '200':
          description: The thing
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing%[1]d'}
        '404': {description: Not found}
    put:
      operationId: put%[1]d
      summary: Put thing %[1]d
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing%[1]d'}
            example: {id: a, name: b, count: 3}
      responses:
        '200':
          description: The thing
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing%[1]d'}
`, i)
	}
	b.WriteString("components:\n  schemas:\n")
	for i := range n / 2 {
		fmt.Fprintf(&b, `    Thing%d:
      type: object
      required: [id]
      properties:
        id: {type: string, description: Identifier}
        name: {type: string, maxLength: 80}
        count: {type: integer, format: int32}
        tags:
          type: array
          items: {type: string}
`, i)
	}
	return []byte(b.String())
}

// asJSON is a document of YAML written as JSON.
func asJSON(t testing.TB, doc []byte) []byte {
	t.Helper()
	n, err := readYAML(doc)
	if err != nil {
		t.Fatal(err)
	}
	return appendJSON(nil, n, true, 0)
}

func TestOrderIsKept(t *testing.T) {
	t.Parallel()
	a, err := Import(large(500), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range a.Operations {
		if want := fmt.Sprintf("%s%d", []string{"get", "put"}[i%2], i/2); o.ID != want {
			t.Fatalf("operation %d is %s, want %s", i, o.ID, want)
		}
	}
	if len(a.Operations) != 500 || len(a.Schemas) != 250 {
		t.Errorf("%d operations, %d schemas", len(a.Operations), len(a.Schemas))
	}
}

// TestJSONAndYAMLMeanTheSame imports every document of the archives also as JSON.
func TestJSONAndYAMLMeanTheSame(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc := archive.Files[0].Data
		fromYAML, err := Import(doc, Options{})
		if err != nil {
			continue
		}
		fromJSON, err := Import(asJSON(t, doc), Options{})
		if err != nil {
			t.Errorf("%s as JSON: %v", file, err)
			continue
		}
		if diff := cmp.Diff(fromYAML, fromJSON); diff != "" {
			t.Errorf("%s (-YAML +JSON):\n%s", file, diff)
		}
		compared++
	}
	if compared < 8 {
		t.Errorf("only %d documents were compared", compared)
	}
}

func TestSchemaDocument(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		head + "components: {schemas: {B: {type: object}, 'A \"': {$ref: '#/components/schemas/B'}}}": `application/vnd.oai.openapi.components+json {"B":{"type":"object"},"A \"":{"$ref":"#/components/schemas/B"}}`,
		"swagger: '2.0'\ndefinitions: {B: {}}":                                                        `application/vnd.ms-azure-apim.swagger.definitions+json {"B":{}}`,
		head:                                                                                          `application/vnd.oai.openapi.components+json {}`,
	} {
		a, err := Import([]byte(doc), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Version.SchemaContentType() + " " + string(a.SchemaDocument()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestReferencesInAnySpelling resolves names that need escapes in a pointer, and gives types their plain names.
func TestReferencesInAnySpelling(t *testing.T) {
	t.Parallel()
	a, err := Import([]byte(head+`paths:
  /a:
    get:
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/My%20Type'}}}}
        201: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/a~1b~0c'}}}}
        202: {$ref: '#/paths/~1a/get/responses/200'}
components: {schemas: {My Type: {type: string}, a/b~c: {type: string}}}
`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range a.Operations[0].Responses {
		got = append(got, r.Representations[0].TypeName)
	}
	if diff := cmp.Diff([]string{"My Type", "a/b~c", "My Type"}, got); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}

func TestFlowYAMLAndByteOrderMark(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		"\ufeff" + `{"openapi": "3.0.0", "info": {"title": "B"}}`,
		`{openapi: 3.0.0, info: {title: B}}`,
		"\ufeffopenapi: 3.0.0\ninfo: {title: B}\n",
		"---\nopenapi: 3.0.0\ninfo: {title: B}\n...\n",
		"openapi: 3.0.0\r\ninfo:\r\n  title: B\r\n",
	} {
		if a, err := Import([]byte(doc), Options{}); err != nil || a.Title != "B" {
			t.Errorf("%q: %+v, %v", doc, a, err)
		}
	}
}

func TestJSONReaderAgreesWithStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{}`, `[]`, `[1, -0, 0.5, 1e9, -1.5E-3, 10]`, `[true, false, null]`, `{"a": {"b": [[]]}}`,
		`"\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00 \ud800 x \udc00"`, `"é 😀"`, " {\n\t\"a\" : 1 } ",
		`01`, `1.`, `.5`, `+1`, `1e`, `-`, `tru`, `nul`, `[1,]`, `{"a":}`, `{"a" 1}`, `{a: 1}`, `{"a":1,}`, `[1 2]`, `"\x"`, `"\u12"`, `"`, `{`, `[`, ``, `1 2`, "\"\n\"",
	} {
		var want any
		wantErr := json.Unmarshal([]byte(doc), &want)
		n, err := readJSON([]byte(doc))
		if (err != nil) != (wantErr != nil) {
			t.Errorf("%s: error %v, the standard library says %v", doc, err, wantErr)
			continue
		}
		if err != nil {
			continue
		}
		var got any
		if err := json.Unmarshal(appendJSON(nil, n, true, 0), &got); err != nil {
			t.Errorf("%s: written as what does not read: %v", doc, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", doc, diff)
		}
	}
}

func TestNumbersOfYAMLInJSON(t *testing.T) {
	t.Parallel()
	n, err := readYAML([]byte("[0x1F, 1_000, 0o17, .5, 1e3, -7, .inf, 010, 08, +1, 1., 1.50]"))
	if err != nil {
		t.Fatal(err)
	}
	got := string(appendJSON(nil, n, false, 0))
	if want := `[31,"1_000",15,0.5,1e3,-7,".inf",10,8,1,1,1.50]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzImport(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(txtar.Parse(data).Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := Import(doc, Options{})
		if err != nil {
			var fault *Error
			if !errors.As(err, &fault) || fault.Reason == "" {
				t.Errorf("an error of the wrong kind: %v", err)
			}
			return
		}
		ids := map[string]bool{}
		for _, o := range a.Operations {
			if ids[o.ID] || len(o.ID) > 80 || o.Method == "" || !strings.HasPrefix(o.URLTemplate, "/") {
				t.Errorf("operation %+v", o)
			}
			ids[o.ID] = true
		}
		for _, s := range a.Schemas {
			if !json.Valid(s.JSON) {
				t.Errorf("schema %s is not JSON: %s", s.Name, s.JSON)
			}
		}
	})
}

func BenchmarkImport(b *testing.B) {
	for _, operations := range []int{500, 2000} {
		doc := large(operations)
		for name, doc := range map[string][]byte{"yaml": doc, "json": asJSON(b, doc)} {
			b.Run(fmt.Sprintf("%d-operations-%s", operations, name), func(b *testing.B) {
				b.SetBytes(int64(len(doc)))
				b.ReportAllocs()
				for b.Loop() {
					if a, err := Import(doc, Options{}); err != nil || len(a.Operations) != operations {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
