package wadl

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/oas"
)

func sample(t testing.TB) []byte {
	t.Helper()
	doc, err := os.ReadFile("testdata/jersey.wadl")
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestADocumentBecomesOperations(t *testing.T) {
	t.Parallel()
	a, err := Read(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s at %v\n", a.Title, a.Servers)
	for _, o := range a.Operations {
		fmt.Fprintf(&b, "%s: %s %s (%s) %s\n", o.ID, o.Method, o.URLTemplate, o.DisplayName, o.Description)
		for _, p := range o.TemplateParameters {
			fmt.Fprintf(&b, "  template %s %s\n", p.Name, p.Type)
		}
		for _, p := range o.Request.QueryParameters {
			fmt.Fprintf(&b, "  query %s %s %v\n", p.Name, p.Type, p.Values)
		}
		for _, p := range o.Request.Headers {
			fmt.Fprintf(&b, "  header %s %v\n", p.Name, p.Required)
		}
		for _, r := range o.Request.Representations {
			fmt.Fprintf(&b, "  takes %s with %d fields\n", r.ContentType, len(r.FormParameters))
		}
		for _, r := range o.Responses {
			fmt.Fprintf(&b, "  answers %d, %d headers:", r.StatusCode, len(r.Headers))
			for _, rep := range r.Representations {
				fmt.Fprintf(&b, " %s %s %s", rep.ContentType, rep.TypeName, rep.Schema)
			}
			b.WriteString("\n")
		}
	}
	for _, w := range a.Warnings {
		b.WriteString(w + "\n")
	}
	want := `Orders at [https://orders.example/api/]
list: GET /orders?page={page} (List orders) All that there are.
  template page integer
  query state string [open done]
  header X-Tenant true
  answers 200, 0 headers: application/xml order imported application/json  
  answers 206, 0 headers: application/xml order imported application/json  
add: POST /orders (add) 
  header X-Tenant true
  takes application/x-www-form-urlencoded with 1 fields
  answers 201, 1 headers:
one: GET /orders/{id} (one) 
  template id integer
  header X-Tenant true
  answers 200, 0 headers: application/xml order imported
  answers 404, 0 headers:
delete-orders-id: DELETE /orders/{id} (DELETE /orders/{id}) 
  template id integer
  header X-Tenant true
The grammar "application.wadl/xsd0.xsd" is elsewhere and was left out.
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsWrittenIsTheSameAPI(t *testing.T) {
	t.Parallel()
	a, err := Read(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	a.Operations[3].Description = `a "b" & <c>`
	a.Operations[3].URLTemplate = "/orders/{id}?force=yes"
	again, err := Read(Write(a, "X-Key", ""))
	if err != nil {
		t.Fatal(err)
	}
	a.Operations[3].URLTemplate = "/orders/{id}?force={force}" // a fixed value becomes the only one that is allowed
	a.Operations[3].TemplateParameters = append(a.Operations[3].TemplateParameters, oas.Parameter{Name: "force", Type: "string", Required: true, Default: "yes", Values: []string{"yes"}})
	for i := range a.Operations {
		o := &a.Operations[i]
		o.Request.Headers = append(o.Request.Headers, oas.Parameter{Name: "X-Key", Type: "string"})
		for j := range o.Responses {
			for k := range o.Responses[j].Representations {
				o.Responses[j].Representations[k].TypeName, o.Responses[j].Representations[k].Schema = "", ""
			}
		}
	}
	if diff := cmp.Diff(a.Operations, again.Operations); diff != "" {
		t.Error(diff)
	}
}

func TestDocumentsThatAreRefused(t *testing.T) {
	t.Parallel()
	wrap := func(s string) string {
		return `<application xmlns="http://wadl.dev.java.net/2009/02"><resources><resource path="a">` + s + `</resource></resources></application>`
	}
	for name, c := range map[string]struct{ doc, says string }{
		"another document":       {`<html/>`, "no WADL"},
		"a document type":        {`<!DOCTYPE a>` + wrap(""), "document type"},
		"no methods":             {wrap(""), "no methods"},
		"a method without name":  {wrap(`<method/>`), "name such as GET"},
		"a dangling reference":   {wrap(`<method href="#no"/>`), "leads to no method"},
		"a reference elsewhere":  {wrap(`<method href="other.wadl#x"/>`), "out of the document"},
		"references in a circle": {wrap(`<method id="a" href="#b"/><method id="b" href="#a"/>`), "without end"},
		"a parameter of no name": {wrap(`<param style="query"/><method name="GET"/>`), "no name"},
		"a strange status":       {wrap(`<method name="GET"><response status="ok"/></method>`), "code of an answer"},
		"a name twice in a path": {strings.Replace(wrap(`<method name="GET"/>`), `path="a"`, `path="{a}/{a}"`, 1), "of its own"},
		"too many methods":       {many(), "more than 5000"},
		"what references make":   {wrap(strings.Repeat(`<method href="#m"/>`, 300) + `<method id="m" name="GET">` + strings.Repeat(`<response><representation href="#r"/></response>`, 1000) + `</method><representation id="r"/>`), "when references are followed"},
		"too many parameters":    {wrap(strings.Repeat(`<param name="x" style="query"/>`, 600)), "more than 500"},
	} {
		_, err := Read([]byte(c.doc))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func many() string {
	var b strings.Builder
	b.WriteString(`<application xmlns="http://wadl.dev.java.net/2009/02"><resources>`)
	for i := range 5001 {
		fmt.Fprintf(&b, `<resource path="r%d"><method name="GET"/></resource>`, i)
	}
	return b.String() + `</resources></application>`
}

// FuzzRead: whatever is read can be written, and what is written is read again with as many operations.
func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte(`<application xmlns="http://wadl.dev.java.net/2009/02"><resources><resource path="{a}"><method name="GET"/></resource></resources></application>`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		a, err := Read(doc)
		if err != nil {
			return
		}
		again, err := Read(Write(a, "", ""))
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, Write(a, "", ""))
		}
		if len(again.Operations) > len(a.Operations) {
			t.Fatalf("%d operations became %d", len(a.Operations), len(again.Operations))
		}
	})
}
