package apim

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
)

// exportForm is a form that an API can be exported in.
type exportForm struct {
	oas.Form
	xml    oas.Version // of a form in XML; then Form says nothing
	link   bool
	result string // the format as the answer names it
}

var exportForms = map[string]exportForm{
	"swagger-link":      {Form: oas.Form{Version: oas.Swagger2}, link: true, result: "swagger-link-json"},
	"openapi-link":      {Form: oas.Form{Version: oas.OpenAPI30, YAML: true}, link: true, result: "openapi-link"},
	"openapi+json-link": {Form: oas.Form{Version: oas.OpenAPI30}, link: true, result: "openapi-link"},
	"swagger":           {Form: oas.Form{Version: oas.Swagger2}, result: "swagger"},
	"swagger-json":      {Form: oas.Form{Version: oas.Swagger2}, result: "swagger-json"},
	"openapi":           {Form: oas.Form{Version: oas.OpenAPI30, YAML: true}, result: "openapi"},
	"openapi+json":      {Form: oas.Form{Version: oas.OpenAPI30}, result: "openapi+json"},
	"wsdl-link":         {xml: oas.WSDL, link: true, result: "wsdl-link+xml"},
	"wsdl":              {xml: oas.WSDL, result: "wsdl"},
	"wadl-link":         {xml: oas.WADL, link: true, result: "wadl-link-json"},
	"wadl":              {xml: oas.WADL, result: "wadl"},
}

// exportAPI writes an API as a document. An API that nobody has changed since its import is given out as it came, when it came in the form that is asked
// for. openApiVersion=3.1 asks for that version; APIs that came in it are exported in it unasked.
func (c *Catalogue) exportAPI(r *kind.Rendering, a *API) (*kind.Export, error) {
	format := strings.ReplaceAll(r.Query.Get("format"), " ", "+") // a plus sign that the client didn't encode
	if t := typeOfAPI(a.Type); t != nil && t.export != nil {
		if out, err := t.export(r, a, format); out != nil || err != nil {
			return out, err
		}
	}
	f, ok := exportForms[strings.ToLower(format)]
	if !ok || isWebSocket(a) || (f.xml == oas.WSDL) != (a.Type == "soap") {
		return nil, refuseExport(a, format)
	}
	if f.xml != "" {
		return c.exportXML(r, a, f)
	}
	model, source, err := c.modelOf(r.Lookup, r.ID, a)
	if err != nil {
		return nil, err
	}
	switch asked := r.Query.Get("openApiVersion"); {
	case f.Version == oas.Swagger2:
	case asked == "3.1" || asked == "" && model.Version == oas.OpenAPI31:
		f.Version = oas.OpenAPI31
	case asked != "" && asked != "3.0":
		return nil, arm.InvalidField("openApiVersion", "openApiVersion must be 3.0 or 3.1.")
	}
	if names := a.KeyNames; names != nil && a.NeedsSubscription() {
		f.KeyHeader, f.KeyQuery = names.Header, names.Query
	}
	body := asItCame(model, source, f.Form)
	if body == nil {
		if body, err = oas.Write(model, f.Form); err != nil {
			return nil, err
		}
	}
	out := &kind.Export{Format: f.result, Link: f.link, Body: body, Type: "application/json", File: withoutRevision(r.ID).Name() + ".json"}
	if f.YAML {
		out.Type, out.File = "application/yaml", withoutRevision(r.ID).Name()+".yaml"
	}
	return out, nil
}

// asItCame is the imported document when it is in the form and still says what is stored; nil otherwise.
func asItCame(now *oas.API, source *ImportSource, f oas.Form) []byte {
	if source == nil || source.Version == oas.WSDL || source.Version == oas.WADL {
		return nil
	}
	doc, err := source.open()
	if err != nil || bytes.HasPrefix(bytes.TrimSpace(doc), []byte("{")) == f.YAML {
		return nil
	}
	opt := oas.Options{}
	if source.Query {
		opt.RequiredQuery = oas.InQuery
	}
	was, err := oas.Import(doc, opt)
	if err != nil || was.Version != f.Version || len(was.Operations) != len(now.Operations) {
		return nil
	}
	stored := map[string]*oas.Operation{}
	for i := range now.Operations {
		stored[now.Operations[i].Method+" "+now.Operations[i].URLTemplate] = &now.Operations[i]
	}
	for i := range was.Operations {
		o := &was.Operations[i]
		s := stored[o.Method+" "+o.URLTemplate]
		if s == nil || !sameOperation(o, s) {
			return nil
		}
	}
	if !bytes.Equal(was.SchemaDocument(), now.SchemaDocument()) {
		return nil
	}
	return doc
}

// sameOperation compares an operation of a document with a stored one in the stored form.
func sameOperation(was, now *oas.Operation) bool {
	x, errX := operationFrom(was)
	y, errY := operationFrom(now)
	if errX != nil || errY != nil {
		return false
	}
	hideSamples(x)
	hideSamples(y)
	a, errA := canonical(x)
	b, errB := canonical(y)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// canonical is JSON with the members of free values in one order.
func canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var free any
	if err := json.Unmarshal(b, &free); err != nil {
		return nil, err
	}
	return json.Marshal(free)
}

// modelOf is what is stored of an API as the model of a document, and what it was imported from; nil when it wasn't.
func (c *Catalogue) modelOf(l kind.Lookup, id arm.ID, a *API) (*oas.API, *ImportSource, error) {
	m := &oas.API{
		Version: oas.OpenAPI30, Title: a.DisplayName, Description: a.Description, APIVersion: a.APIVersion, Terms: a.TermsOfServiceURL,
		Servers: c.serversOf(l, id, a),
	}
	if a.Contact != nil {
		m.Contact = oas.Contact(*a.Contact)
	}
	if a.License != nil {
		m.License = oas.License(*a.License)
	}
	var source *ImportSource
	for _, r := range l.Children(id, "schemas") {
		s, ok := r.Value.(*Schema)
		if !ok || s.Document == nil {
			continue
		}
		named, version, err := namedSchemas(s)
		if err != nil {
			return nil, nil, err
		}
		m.Schemas = append(m.Schemas, named...)
		if s.Source != nil {
			source, m.Version = s.Source, version
		}
	}
	for _, r := range l.Children(id, "operations") {
		if o, ok := r.Value.(*Operation); ok {
			m.Operations = append(m.Operations, modelOfOperation(r.ID.Name(), o))
		}
	}
	return m, source, nil
}

// namedSchemas are the types of a stored schema, and the version whose words they are in.
func namedSchemas(s *Schema) ([]oas.Schema, oas.Version, error) {
	if s.Document.Definitions != nil {
		named, err := oas.Named(s.Document.Definitions)
		return named, oas.Swagger2, err
	}
	var components struct {
		Schemas json.RawMessage `json:"schemas"`
	}
	if s.Document.Components == nil || json.Unmarshal(s.Document.Components, &components) != nil || components.Schemas == nil {
		return nil, oas.OpenAPI30, nil
	}
	version := oas.OpenAPI30
	if s.Source != nil && (s.Source.Version == oas.OpenAPI30 || s.Source.Version == oas.OpenAPI31) {
		version = s.Source.Version
	}
	named, err := oas.Named(components.Schemas)
	return named, version, err
}

// serversOf are the addresses at which gateways serve an API.
func (c *Catalogue) serversOf(l kind.Lookup, id arm.ID, a *API) []string {
	if c.GatewayURL == nil {
		return nil
	}
	host := strings.ToLower(serviceOf(id).Name()) + "." + c.GatewayDomain
	for _, from := range l.Referrers(homeOf(id)) {
		if v, ok := kind.Of[ConfigConnection](l, from); ok && v.DefaultHostname != "" {
			host = v.DefaultHostname
		}
	}
	_, set, _ := setOf(l, a)
	return []string{strings.TrimSuffix(c.GatewayURL(host)+effectivePath(a, set), "/")}
}

func modelOfOperation(name string, v *Operation) oas.Operation {
	o := oas.Operation{
		ID: name, DisplayName: v.DisplayName, Description: v.Description, Method: v.Method, URLTemplate: v.URLTemplate,
		TemplateParameters: modelOfParameters(v.TemplateParameters),
	}
	if r := v.Request; r != nil {
		o.Request = oas.Request{
			Description: r.Description, QueryParameters: modelOfParameters(r.QueryParameters), Headers: modelOfParameters(r.Headers),
			Representations: modelOfBodies(r.Representations),
		}
	}
	for _, r := range v.Responses {
		o.Responses = append(o.Responses, oas.Response{
			StatusCode: r.StatusCode, Description: r.Description, Headers: modelOfParameters(r.Headers), Representations: modelOfBodies(r.Representations),
		})
	}
	return o
}

func modelOfParameters(list []Parameter) []oas.Parameter {
	out := make([]oas.Parameter, len(list))
	for i, p := range list {
		out[i] = oas.Parameter{Name: p.Name, Description: p.Description, Type: p.Type, Required: p.Required, Default: p.DefaultValue, Values: p.Values, Examples: modelOfExamples(p.Examples)}
	}
	return out
}

func modelOfBodies(list []Representation) []oas.Representation {
	out := make([]oas.Representation, len(list))
	for i, r := range list {
		out[i] = oas.Representation{ContentType: r.ContentType, TypeName: r.TypeName, FormParameters: modelOfParameters(r.FormParameters), Examples: modelOfExamples(r.Examples)}
	}
	return out
}

func modelOfExamples(all map[string]Example) []oas.Example {
	var out []oas.Example
	for _, name := range slices.Sorted(maps.Keys(all)) {
		e := all[name]
		one := oas.Example{Name: name, Summary: e.Summary, Description: e.Description, External: e.ExternalValue}
		switch v := e.Value.(type) {
		case nil:
		case string:
			one.Value = []byte(v)
		default:
			if b, err := json.Marshal(v); err == nil {
				one.Value = b
			}
		}
		out = append(out, one)
	}
	return out
}
