package apim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"

	"github.com/atelier-apim/atelier/internal/oas"
)

// importedSchema is the name of the schema that an import makes.
const importedSchema = "imported"

func schemaOf(typeName string) string {
	if typeName == "" {
		return ""
	}
	return importedSchema
}

// imported is a document on its way from Prepare to Expand.
type imported struct {
	api    *oas.API
	source []byte
	query  bool // required query parameters stay in the query
	proto  bool // the document declares gRPC services
}

// ImportSource is an imported document as it came.
type ImportSource struct {
	Document []byte      `json:"document"` // compressed
	Version  oas.Version `json:"version"`
	Query    bool        `json:"query,omitempty"`
}

// schema holds the named types of the document, and the document itself.
func (i *imported) schema() (*Schema, error) {
	if i.proto {
		return protoSchema(i.source), nil
	}
	named := json.RawMessage(i.api.SchemaDocument())
	out := &Schema{ContentType: i.api.Version.SchemaContentType(), Document: &SchemaDocument{}, ProvisioningState: "Succeeded"}
	if i.api.Version == oas.Swagger2 {
		out.Document.Definitions = named
	} else {
		out.Document.Components = append(append([]byte(`{"schemas":`), named...), '}')
	}
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
	out.Source = &ImportSource{Document: b.Bytes(), Version: i.api.Version, Query: i.query}
	return out, nil
}

// open is the document as it came.
func (s *ImportSource) open() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(s.Document))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, oas.MaxDocument+1))
}
