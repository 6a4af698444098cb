package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/wsdl"
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// A WSDL becomes an API of type soap, whose calls go through as they are, or one of type http, whose calls are translated by policies of its operations.

var wsdlFormats = map[string]format{"wsdl": {read: readPassThrough}, "wsdl-link": {link: true, read: readPassThrough}}

// wordOfType is the word of apiType as it is in the table of types: the SDKs call the two ways of a WSDL by names of their own.
func wordOfType(word string) string {
	switch strings.ToLower(word) {
	case "soaptorest":
		return "http"
	case "soappassthrough":
		return "soap"
	}
	return word
}

// readPassThrough is the reader of WSDL documents whose calls go through.
func readPassThrough(doc source, a *API) (reading, error) {
	s, document, err := readWSDL(doc, a)
	if err != nil {
		return nil, err
	}
	api := wsdl.PassThrough(s)
	fillFromDocument(a, api, doc.from)
	return &imported{api: api, source: document}, nil
}

// readWSDL reads a WSDL, and joins what it imports with it.
func readWSDL(doc source, a *API) (*wsdl.Service, []byte, error) {
	o := wsdl.Options{From: doc.from, Fetch: doc.fetch}
	if sel := a.WSDLSelector; sel != nil {
		o.Service, o.Port = sel.Service, sel.Endpoint
	}
	s, err := wsdl.Read(doc.text, o)
	if err != nil {
		return nil, nil, arm.InvalidField("value", "value: %s.", err)
	}
	joined := wsdl.Write(s, s.Address, nil)
	if len(joined) > xmltree.MaxBytes {
		return nil, nil, arm.InvalidField("value", "value: the document and what it imports have more than %d bytes together.", xmltree.MaxBytes)
	}
	return s, joined, nil
}

// exportXML writes an API as WSDL or WADL.
func (c *Catalogue) exportXML(r *kind.Rendering, a *API, f exportForm) (*kind.Export, error) {
	model, source, err := c.modelOf(r.Lookup, r.ID, a)
	if err != nil {
		return nil, err
	}
	out := &kind.Export{Format: f.result, Link: f.link, File: withoutRevision(r.ID).Name() + "." + string(f.xml)}
	if f.xml == oas.WADL {
		out.Type, out.Body = "application/vnd.sun.wadl+xml", writeWADL(model, a, r.Lookup, r.ID)
		return out, nil
	}
	out.Type = "application/wsdl+xml"
	out.Body, err = writeWSDL(model, source)
	return out, err
}

// writeWSDL is the WSDL that an API was made of, with what gateways are called by, and without the operations that are gone.
func writeWSDL(model *oas.API, source *ImportSource) ([]byte, error) {
	if source == nil || source.Version != oas.WSDL {
		return nil, arm.InvalidField("format", "format: the API was made without a WSDL, so that there is none to give out.")
	}
	doc, err := source.open()
	if err != nil {
		return nil, err
	}
	s, err := wsdl.Read(doc, wsdl.Options{})
	if err != nil {
		return nil, err
	}
	stored := map[string]bool{}
	for _, o := range model.Operations {
		stored[o.Method+" "+o.URLTemplate] = true
	}
	there := map[*wsdl.Operation]bool{}
	for i, o := range wsdl.PassThrough(s).Operations {
		there[&s.Operations[i]] = stored[o.Method+" "+o.URLTemplate]
	}
	address := s.Address
	if len(model.Servers) > 0 {
		address = model.Servers[0]
	}
	return wsdl.Write(s, address, func(o *wsdl.Operation) bool { return there[o] }), nil
}

// refuseExport says what an API can be exported as.
func refuseExport(a *API, format string) error {
	words := "openapi-link, openapi+json-link, swagger-link or wadl-link, or openapi, openapi+json, swagger or wadl for the document itself"
	if a.Type == "soap" {
		words = "wsdl-link, or wsdl for the document itself"
	}
	return arm.InvalidField("format", "format: APIs of type '%s' can't be exported as '%s'; use %s.", a.Type, format, words)
}
