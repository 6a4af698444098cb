package wadl

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// Write makes a document of an API. The subscription key, which every method takes, is one of its parameters when keyHeader or keyQuery name it.
func Write(a *oas.API, keyHeader, keyQuery string) []byte {
	w := &writer{}
	w.Declare()
	w.Open("application", "xmlns", space, "xmlns:xs", spaceXSD)
	w.doc(a.Title, a.Description)
	if len(a.XML) > 0 {
		w.Open("grammars")
		for _, x := range a.XML {
			if schema, err := xmltree.Read([]byte(x.Document)); err == nil { // somebody may have stored what is none
				w.B = schema.Append(xmltree.Indent(w.B, w.Depth), w.Depth)
			}
		}
		w.End("grammars")
	}
	base := ""
	if len(a.Servers) > 0 {
		base = a.Servers[0]
	}
	w.Open("resources", "base", base)
	for i := range a.Operations {
		w.resource(&a.Operations[i], keyHeader, keyQuery)
	}
	w.End("resources")
	w.End("application")
	return append(w.B, '\n')
}

// writer is a document in the making.
type writer struct{ xmltree.Writer }

func (w *writer) doc(title, text string) {
	if title == "" && text == "" {
		return
	}
	w.Leaf("doc", text, "title", title)
}

// resource writes one operation; its query parameters stand with the method, whether the template asks for them or not.
func (w *writer) resource(o *oas.Operation, keyHeader, keyQuery string) {
	path, query, _ := strings.Cut(o.URLTemplate, "?")
	inQuery, fixed := map[string]bool{}, []string{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, ok := strings.Cut(pair, "=")
		if inner, is := strings.CutPrefix(value, "{"); is {
			inQuery[strings.TrimSuffix(inner, "}")] = true
		} else if ok {
			fixed = append(fixed, name, value)
		}
	}
	w.Open("resource", "path", path)
	for _, p := range o.TemplateParameters {
		if !inQuery[p.Name] {
			w.param(p, "template")
		}
	}
	w.Open("method", "id", o.ID, "name", o.Method)
	w.doc(o.DisplayName, o.Description)
	w.Open("request")
	for _, p := range o.TemplateParameters {
		if inQuery[p.Name] {
			p.Required = true
			w.param(p, "query")
		}
	}
	for i := 0; i+1 < len(fixed); i += 2 {
		w.Empty("param", "name", fixed[i], "style", "query", "type", "xs:string", "required", "true", "fixed", fixed[i+1])
	}
	for _, p := range o.Request.QueryParameters {
		w.param(p, "query")
	}
	for _, p := range o.Request.Headers {
		w.param(p, "header")
	}
	if keyQuery != "" {
		w.param(oas.Parameter{Name: keyQuery, Type: "string"}, "query")
	}
	if keyHeader != "" {
		w.param(oas.Parameter{Name: keyHeader, Type: "string"}, "header")
	}
	w.representations(o.Request.Representations)
	w.End("request")
	for _, r := range o.Responses {
		w.response(r)
	}
	w.End("method")
	w.End("resource")
}

func (w *writer) response(r oas.Response) {
	w.Open("response", "status", strconv.Itoa(r.StatusCode))
	w.doc("", r.Description)
	for _, p := range r.Headers {
		w.param(p, "header")
	}
	w.representations(r.Representations)
	w.End("response")
}

func (w *writer) representations(list []oas.Representation) {
	for _, r := range list {
		w.Open("representation", "mediaType", r.ContentType)
		for _, p := range r.FormParameters {
			w.param(p, "query")
		}
		w.End("representation")
	}
}

func (w *writer) param(p oas.Parameter, style string) {
	required := ""
	if p.Required {
		required = "true"
	}
	pairs := []string{"name", p.Name, "style", style, "type", "xs:" + schemaType(p.Type), "required", required, "default", p.Default}
	if p.Description == "" && len(p.Values) == 0 {
		w.Empty("param", pairs...)
		return
	}
	w.Open("param", pairs...)
	w.doc("", p.Description)
	for _, v := range p.Values {
		w.Empty("option", "value", v)
	}
	w.End("param")
}

// schemaType is XML schema's word for one of JSON's.
func schemaType(typ string) string {
	switch typ {
	case "integer", "boolean":
		return typ
	case "number":
		return "decimal"
	}
	return "string"
}
