package apim

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
)

// An API may be made from a document: its PUT carries format and value. The document is fetched and read before the transaction (Prepare), fills
// what the body leaves out (importDocument), and becomes operations in the transaction (expandImport).

var openAPIFormats = map[string]format{
	"openapi": {read: readOpenAPI}, "openapi+json": {read: readOpenAPI}, "swagger-json": {read: readOpenAPI},
	"openapi-link": {link: true, read: readOpenAPI}, "openapi+json-link": {link: true, read: readOpenAPI}, "swagger-link-json": {link: true, read: readOpenAPI},
}

// maxOperations bounds what one import stores: it is one transaction, for which everybody else's writes wait.
const maxOperations = 5000

// importDocument reads the document of a PUT that has one, with the reader of its format (api_type.go).
func (c *Catalogue) importDocument(ctx context.Context, w *kind.Typed[API]) error {
	w.New.APIType = wordOfType(w.New.APIType)
	if w.New.Value == "" && w.New.Format == "" {
		return nil
	}
	f, err := formatOf(w.New)
	switch {
	case err != nil:
		return err
	case w.New.Value == "":
		return arm.InvalidField("value", "value is required with format: the document, or its URL for a -link format.")
	}
	doc := source{text: []byte(w.New.Value)}
	if f.link {
		if doc, err = c.fetchDocument(ctx, w, f); err != nil {
			return arm.InvalidField("value", "value: the document can't be fetched: %s.", err)
		}
	}
	defer doc.follow(ctx, w.Fetch)()
	read, err := f.read(doc, w.New)
	if err != nil {
		return err
	}
	w.Scratch = read
	return nil
}

func (c *Catalogue) fetchDocument(ctx context.Context, w *kind.Typed[API], f format) (source, error) {
	link := strings.TrimSpace(w.New.Value)
	if f.fetch != nil {
		return f.fetch(ctx, c, w, link)
	}
	text, err := w.Fetch(ctx, link)
	return source{text: text, from: link}, err
}

// readOpenAPI is the reader of OpenAPI documents.
func readOpenAPI(doc source, a *API) (reading, error) {
	opt := oas.Options{}
	if strings.EqualFold(a.TranslateParams, "query") {
		opt.RequiredQuery = oas.InQuery
	}
	api, err := oas.Import(doc.text, opt)
	if err != nil {
		return nil, arm.InvalidField("value", "value: %s.", err)
	}
	if err := fewEnough(len(api.Operations)); err != nil {
		return nil, err
	}
	fillFromDocument(a, api, doc.from)
	return &imported{api: api, source: doc.text, query: opt.RequiredQuery == oas.InQuery}, nil
}

func fewEnough(operations int) error {
	if operations > maxOperations {
		return arm.InvalidField("value", "value: the document has %d operations; an API can be made from at most %d.", operations, maxOperations)
	}
	return nil
}

// fillFromDocument takes from the document what the body doesn't say.
func fillFromDocument(a *API, doc *oas.API, from string) {
	a.DisplayName = cmp.Or(a.DisplayName, clipRunes(doc.Title, 300))
	a.Description = cmp.Or(a.Description, doc.Description)
	a.TermsOfServiceURL = cmp.Or(a.TermsOfServiceURL, doc.Terms)
	if a.Contact == nil && doc.Contact != (oas.Contact{}) {
		a.Contact = &Contact{doc.Contact.Name, doc.Contact.URL, doc.Contact.Email}
	}
	if a.License == nil && doc.License != (oas.License{}) {
		a.License = &License{doc.License.Name, doc.License.URL}
	}
	for _, server := range doc.Servers {
		if a.ServiceURL != "" {
			break
		}
		a.ServiceURL = absolute(server, from)
	}
}

// absolute is a server's address, resolved against where the document came from; "" when that doesn't make one.
func absolute(server, from string) string {
	u, err := url.Parse(server)
	if err != nil {
		return ""
	}
	if base, err := url.Parse(from); err == nil && from != "" {
		u = base.ResolveReference(u)
	}
	if u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return strings.TrimSuffix(u.String(), "/")
}

func clipRunes(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit])
}

// expandImport makes what an API gets of the document that it is made from.
func expandImport(w *kind.Typed[API], existing arm.ID) ([]kind.Extra, error) {
	doc, ok := w.Scratch.(reading)
	if !ok {
		return nil, nil
	}
	return doc.expand(w, existing)
}

// expand makes the operations of a document, and the schemas of which the first holds it. Schemas of an earlier import that are no more go.
func (i *imported) expand(w *kind.Typed[API], existing arm.ID) ([]kind.Extra, error) {
	out, err := expandOperations(w, existing, i.api)
	if err != nil {
		return nil, err
	}
	schemas, err := i.schemas()
	if err != nil {
		return nil, err
	}
	for _, s := range w.Lookup.Children(existing, "schemas") {
		name := s.ID.Name()
		if _, stays := schemas[name]; !stays && (name == importedSchema || strings.HasPrefix(name, importedSchema+"-")) {
			out = append([]kind.Extra{{ID: w.ID.Child("schemas", name), Delete: true}}, out...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		out = append(out, kind.Extra{ID: w.ID.Child("schemas", name), Value: schemas[name], Kept: true})
	}
	return append(out, i.expandPolicies(w, existing)...), nil
}

// expandOperations makes the operations of a document. Those that it still has keep their names and therefore their policies; those that it no
// longer has go.
func expandOperations(w *kind.Typed[API], existing arm.ID, doc *oas.API) ([]kind.Extra, error) {
	there := w.Lookup.Children(existing, "operations")
	names, here := namesOfImported(doc, there), map[string]bool{}
	var removed, written []kind.Extra
	for i := range doc.Operations {
		here[strings.ToLower(names[i])] = true
		value, err := operationFrom(&doc.Operations[i])
		if err != nil {
			return nil, err
		}
		written = append(written, kind.Extra{ID: w.ID.Child("operations", names[i]), Value: value})
	}
	for _, op := range there {
		if !here[strings.ToLower(op.ID.Name())] {
			removed = append(removed, kind.Extra{ID: w.ID.Child("operations", op.ID.Name()), Delete: true})
		}
	}
	return append(removed, written...), nil
}

// namesOfImported names the operations of a document: like the operation that has the method and template already, else by the document, with a number
// where that name is taken by one of the others.
func namesOfImported(doc *oas.API, there []*kind.Resource) []string {
	known := map[string]string{} // method and template to name
	for _, op := range there {
		if v, ok := op.Value.(*Operation); ok {
			known[v.Method+" "+v.URLTemplate] = op.ID.Name()
		}
	}
	out, taken := make([]string, len(doc.Operations)), map[string]bool{}
	for i, op := range doc.Operations {
		out[i] = known[op.Method+" "+op.URLTemplate]
		taken[strings.ToLower(out[i])] = true
	}
	for i, op := range doc.Operations {
		for n := 1; out[i] == ""; n++ {
			name := op.ID
			if n > 1 {
				name = fmt.Sprintf("%s-%d", clipRunes(op.ID, 74), n)
			}
			if !taken[strings.ToLower(name)] {
				out[i], taken[strings.ToLower(name)] = name, true
			}
		}
	}
	return out
}

func operationFrom(op *oas.Operation) (*Operation, error) {
	v := &Operation{
		DisplayName: clipRunes(op.DisplayName, 300), Method: op.Method, URLTemplate: op.URLTemplate, Description: op.Description,
		TemplateParameters: parametersFrom(op.TemplateParameters),
		Responses:          []Response{},
	}
	if len([]rune(v.URLTemplate)) > 1000 {
		return nil, arm.InvalidField("value", "value: the URL template of operation '%s' is longer than 1000 characters.", op.ID)
	}
	v.Request = &Request{
		Description:     op.Request.Description,
		QueryParameters: parametersFrom(op.Request.QueryParameters),
		Headers:         parametersFrom(op.Request.Headers),
		Representations: representationsFrom(op.Request.Representations),
	}
	for _, r := range op.Responses {
		v.Responses = append(v.Responses, Response{
			StatusCode: r.StatusCode, Description: r.Description, Headers: parametersFrom(r.Headers), Representations: representationsFrom(r.Representations),
		})
	}
	return v, nil
}

func parametersFrom(list []oas.Parameter) []Parameter {
	out := make([]Parameter, len(list))
	for i, p := range list {
		out[i] = Parameter{Name: p.Name, Description: p.Description, Type: cmp.Or(p.Type, "string"), Required: p.Required, DefaultValue: p.Default, Values: p.Values}
	}
	return out
}

func representationsFrom(list []oas.Representation) []Representation {
	out := make([]Representation, 0, len(list))
	for _, r := range list {
		rep := Representation{ContentType: r.ContentType, SchemaID: schemaOf(r), TypeName: r.TypeName, FormParameters: parametersFrom(r.FormParameters)}
		for i, e := range r.Examples {
			if e.Generated {
				rep.Generated = string(e.Value)
				continue
			}
			if rep.Examples == nil {
				rep.Examples = map[string]Example{}
			}
			rep.Examples[cmp.Or(e.Name, fmt.Sprintf("example%d", i+1))] = Example{Summary: e.Summary, Description: e.Description, Value: exampleValue(e.Value), ExternalValue: e.External}
		}
		out = append(out, rep)
	}
	return out
}

// exampleValue is an example as JSON when it is JSON, else as text.
func exampleValue(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	if json.Valid(b) {
		return json.RawMessage(b)
	}
	return string(b)
}
