package apim

import (
	"cmp"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/oas"
	"github.com/atelier-apim/atelier/internal/odata"
)

// odataContent is the content type of the metadata of OData APIs, odataSchemaName the name that an import gives to it.
const (
	odataContent    = "application/vnd.ms-azure-apim.odata.schema"
	odataSchemaName = "odata"
)

var odataFormats = map[string]format{"odata": {read: readOData}, "odata-link": {link: true, read: readOData}}

// odataReading is metadata on its way to the API that is made of it.
type odataReading struct {
	text  string
	model *oas.API
}

// readOData is the reader of metadata. Where it lies at …/$metadata, the service is what stands before.
func readOData(doc source, a *API) (reading, error) {
	m, err := odata.Read(doc.text)
	if err != nil {
		return nil, arm.InvalidField("value", "value: %s.", err)
	}
	operations := m.Operations()
	if err := fewEnough(len(operations)); err != nil {
		return nil, err
	}
	if root, ok := strings.CutSuffix(strings.TrimSuffix(doc.from, "/"), "/$metadata"); ok {
		a.ServiceURL = cmp.Or(a.ServiceURL, root)
	}
	return odataReading{string(doc.text), modelOfOData(operations)}, nil
}

// modelOfOData puts the operations of a service into the form of imported documents.
func modelOfOData(list []odata.Operation) *oas.API {
	out := &oas.API{}
	for _, o := range list {
		made := oas.Operation{ID: o.ID, DisplayName: o.Title, Method: o.Method, URLTemplate: o.Template}
		for _, p := range o.Parameters {
			made.TemplateParameters = append(made.TemplateParameters, oas.Parameter{Name: p, Type: "string", Required: true})
		}
		out.Operations = append(out.Operations, made)
	}
	return out
}

func (o odataReading) expand(w *kind.Typed[API], existing arm.ID) ([]kind.Extra, error) {
	out, err := expandOperations(w, existing, o.model)
	if err != nil {
		return nil, err
	}
	s := &Schema{ContentType: odataContent, Document: &SchemaDocument{Value: o.text}, ProvisioningState: "Succeeded"}
	return append(out, kind.Extra{ID: w.ID.Child("schemas", nameOfSchema(w.Lookup, existing, odataContent, odataSchemaName)), Value: s, Kept: true}), nil
}

// checkODataSchema refuses metadata that can't be that of its API.
func checkODataSchema(w *kind.Typed[Schema]) error {
	if a, ok := kind.Of[API](w.Lookup, ResolveRevision(w.Lookup, w.ID.Parent())); !ok || !strings.EqualFold(a.Type, "odata") {
		return arm.InvalidField("contentType", "contentType: '%s' is for APIs of type odata; '%s' is not one.", w.New.ContentType, w.ID.Parent().Name())
	}
	if w.New.Document.Value == "" {
		return arm.InvalidField("document.value", "document.value must be the text of the metadata.")
	}
	if _, err := odata.Read([]byte(w.New.Document.Value)); err != nil {
		return arm.InvalidField("document.value", "document.value: %s.", err)
	}
	return nil
}

// exportOData gives out the metadata as it is stored; other forms are written from the operations.
func exportOData(r *kind.Rendering, _ *API, format string) (*kind.Export, error) {
	plain, link := strings.CutSuffix(strings.ToLower(format), "-link")
	if plain != "odata" {
		return nil, nil
	}
	s := schemaOfType(r.Lookup, r.ID, odataContent)
	if s == nil {
		return nil, arm.InvalidField("format", "format: the API has no metadata; put it at schemas/%s first.", odataSchemaName)
	}
	return &kind.Export{Format: strings.ToLower(format), Link: link, Body: []byte(s.Document.Value), Type: "application/xml", File: withoutRevision(r.ID).Name() + ".xml"}, nil
}
