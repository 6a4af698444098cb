package apim

import (
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/oas/wadl"
)

var wadlFormats = map[string]format{"wadl-xml": {read: readWADL}, "wadl-link-json": {link: true, read: readWADL}}

// readWADL is the reader of WADL documents.
func readWADL(doc source, a *API) (reading, error) {
	api, err := wadl.Read(doc.text)
	if err != nil {
		return nil, arm.InvalidField("value", "value: %s.", err)
	}
	if err := fewEnough(len(api.Operations)); err != nil {
		return nil, err
	}
	fillFromDocument(a, api, doc.from)
	return &imported{api: api, source: doc.text}, nil
}

// writeWADL is an API as WADL, with the schemas in XML that it has.
func writeWADL(model *oas.API, a *API, l kind.Lookup, id arm.ID) []byte {
	for _, r := range l.Children(id, "schemas") {
		if s, ok := r.Value.(*Schema); ok && s.Document != nil && s.ContentType == oas.WADL.SchemaContentType() && s.Document.Value != "" {
			model.XML = append(model.XML, oas.XMLSchema{Name: r.ID.Name(), Document: s.Document.Value})
		}
	}
	header, query := "", ""
	if a.KeyNames != nil && a.NeedsSubscription() {
		header, query = a.KeyNames.Header, a.KeyNames.Query
	}
	return wadl.Write(model, header, query)
}
