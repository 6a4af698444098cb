package apim

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/wsdl"
)

var wsdlToREST = map[string]format{"wsdl": {read: readToREST}, "wsdl-link": {link: true, read: readToREST}}

// readToREST is the reader of WSDL documents whose calls are translated.
func readToREST(doc source, a *API) (reading, error) {
	s, document, err := readWSDL(doc, a)
	if err != nil {
		return nil, err
	}
	api, policies, err := wsdl.ToREST(s)
	if err != nil {
		return nil, arm.InvalidField("value", "value: %s. With apiType 'soap' its calls go through as they are.", err)
	}
	fillFromDocument(a, api, doc.from)
	return &imported{api: api, source: document, version: oas.WSDL, policies: policies}, nil
}

// givenPolicies are the policies that the last import gave the operations of an API, by method and template.
func givenPolicies(l kind.Lookup, api arm.ID) map[string]string {
	schema, ok := kind.Of[Schema](l, api.Child("schemas", importedSchema))
	if !ok || schema.Source == nil || schema.Source.Version != oas.WSDL {
		return nil
	}
	doc, err := schema.Source.open()
	if err != nil {
		return nil
	}
	s, err := wsdl.Read(doc, wsdl.Options{})
	if err != nil {
		return nil
	}
	model, policies, err := wsdl.ToREST(s)
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for i, text := range policies {
		out[model.Operations[i].Method+" "+model.Operations[i].URLTemplate] = text
	}
	return out
}
