package policies

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/libxml"
	"github.com/atelier-apim/atelier/internal/policy"
)

// compareXML compares a document, or what a SOAP envelope holds. What can't be compared within the limits of the engine doesn't conform.
func (r *contentRule) compareXML(x *policy.Exchange, ref policy.SchemaRef, data []byte, report reporting) error {
	schema := r.xml
	if schema == nil {
		var err error
		if schema, err = apiXMLSchema(x.API, ref); err != nil {
			return err
		}
	}
	ctx := x.Context
	if ctx == nil {
		ctx = context.Background()
	}
	validate := schema.ValidateXML
	if r.as == "soap" {
		validate = schema.ValidateSOAP
	}
	err := x.Heavy(func() error { return validate(ctx, data) })
	var problems libxml.Problems
	var limit *libxml.LimitError
	switch {
	case errors.As(err, &problems):
		for _, p := range problems {
			report(p.Message, p.Line, p.Column)
		}
		return nil
	case errors.As(err, &limit) && ctx.Err() == nil:
		report(limit.Text, 0, 0)
		return nil
	}
	return err
}

// xmlSchemas is the set of an API's XML schemas, compiled together at the first message that is compared with one of them: they import each other, by
// their ids or by namespace. An error that says nothing of the schemas, such as an engine without a free seat, is not kept.
type xmlSchemas struct {
	documents []libxml.Document

	mu     sync.Mutex
	schema *libxml.Schema
	err    error
}

type xmlSchemasKey struct{}

func apiXMLSchema(api *policy.API, ref policy.SchemaRef) (*libxml.Schema, error) {
	switch document, ok := api.Schemas.Document(ref.ID); {
	case !ok:
		return nil, fmt.Errorf("the API has no schema '%s'", ref.ID)
	case document.Kind != "xml":
		return nil, fmt.Errorf("the schema '%s' is no XML schema", ref.ID)
	}
	return xmlSchemasOf(api).compiled()
}

func xmlSchemasOf(api *policy.API) *xmlSchemas {
	return api.Schemas.Once(xmlSchemasKey{}, func() any {
		s := &xmlSchemas{}
		for _, id := range slices.Sorted(maps.Keys(api.Schemas.Documents)) {
			if d := api.Schemas.Documents[id]; strings.EqualFold(d.Kind, "xml") {
				s.documents = append(s.documents, libxml.Document{Name: id, Text: d.Text})
			}
		}
		return s
	}).(*xmlSchemas)
}

func (s *xmlSchemas) compiled() (*libxml.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.schema != nil || s.err != nil {
		return s.schema, s.err
	}
	schema, err := libxml.Shared().Schema(context.Background(), s.documents...)
	var problems libxml.Problems
	if s.schema = schema; errors.As(err, &problems) {
		s.err = err
	}
	return schema, err
}
