package apim

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"io"

	"github.com/atelier-apim/atelier/internal/oas"
)

// importedSchema is the name of the schema that an import makes.
const importedSchema = "imported"

func schemaOf(r oas.Representation) string {
	switch {
	case r.TypeName == "" || r.Schema == oas.NoSchema:
		return ""
	case r.Schema != "":
		return r.Schema
	}
	return importedSchema
}

// imported is a document on its way from Prepare to Expand.
type imported struct {
	api    *oas.API
	source []byte
	query  bool // required query parameters stay in the query
	proto  bool // the document declares gRPC services
	// version is the form of source; of what api was made, when it is "".
	version  oas.Version
	policies []string // of the operations, in their order; "" for none
}

// ImportSource is an imported document as it came.
type ImportSource struct {
	Document []byte      `json:"document"` // compressed
	Version  oas.Version `json:"version"`
	Query    bool        `json:"query,omitempty"`
}

// schemas hold the types of the document by their names, and the first of them the document itself.
func (i *imported) schemas() (map[string]*Schema, error) {
	if i.proto {
		return map[string]*Schema{importedSchema: protoSchema(i.source)}, nil
	}
	first := &Schema{ContentType: i.api.Version.SchemaContentType(), Document: &SchemaDocument{}, ProvisioningState: "Succeeded"}
	out := map[string]*Schema{importedSchema: first}
	named := json.RawMessage(i.api.SchemaDocument())
	switch i.api.Version {
	case oas.WSDL, oas.WADL:
		for _, x := range i.api.XML {
			s := first
			if x.Name != importedSchema {
				s = &Schema{ContentType: first.ContentType, Document: &SchemaDocument{}, ProvisioningState: "Succeeded"}
				out[x.Name] = s
			}
			s.Document.Value = x.Document
		}
	case oas.Swagger2:
		first.Document.Definitions = named
	default:
		first.Document.Components = append(append([]byte(`{"schemas":`), named...), '}')
	}
	var err error
	first.Source, err = i.kept()
	return out, err
}

// kept is the document as it is stored.
func (i *imported) kept() (*ImportSource, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(i.source); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return &ImportSource{Document: b.Bytes(), Version: cmp.Or(i.version, i.api.Version), Query: i.query}, nil
}

// open is the document as it came.
func (s *ImportSource) open() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(s.Document))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, oas.MaxDocument+1))
}
