package libxml

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// Document is one schema document of a set.
type Document struct {
	Name string // what schemaLocation of the others calls it: a file name, a path or an address
	Text []byte
}

// Schema is a set of XML Schema documents that compile together. It is immutable and may be used by many goroutines.
type Schema struct {
	engine    *Engine
	documents []Document
	urls      []string
	key       digest
}

const maxDocuments = 256

// Schema compiles a set of schema documents. Locations of include, redefine and import are looked up in the set and nowhere else; an import whose
// location is not there is resolved by its namespace. The error of documents that don't compile is Problems.
func (e *Engine) Schema(ctx context.Context, documents ...Document) (*Schema, error) {
	s := &Schema{engine: e, documents: documents}
	parts, size, seen := [][]byte{[]byte("schema")}, 0, map[string]bool{}
	for _, d := range documents {
		u := location(d.Name)
		if seen[u] {
			return nil, fmt.Errorf("two schema documents have the name '%s'; give each a name of its own", d.Name)
		}
		seen[u] = true
		s.urls = append(s.urls, u)
		parts = append(parts, []byte(u), d.Text)
		size += len(d.Text)
	}
	switch {
	case len(documents) == 0:
		return nil, fmt.Errorf("there is no schema document")
	case len(documents) > maxDocuments:
		return nil, fmt.Errorf("there are %d schema documents, more than the limit of %d", len(documents), maxDocuments)
	case size > e.limits.Input:
		return nil, e.limits.tooMuchInput("the schema", size)
	}
	s.key = digestOf(parts...)
	if _, err := s.image(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// location is the address by which the module knows a document: relative names get a common place, so that locations between them resolve.
func location(name string) string {
	if u, err := url.Parse(name); err == nil && u.IsAbs() && u.Host != "" {
		return u.String()
	}
	return (&url.URL{Scheme: "set", Path: path.Join("/", strings.ReplaceAll(name, `\`, "/"))}).String()
}

func (s *Schema) image(ctx context.Context) (*image, error) {
	return s.engine.compiled(ctx, s.key, func(ctx context.Context, m *machine) error {
		for i, d := range s.documents {
			name, err := m.put(ctx, []byte(s.urls[i]))
			if err != nil {
				return err
			}
			text, err := m.put(ctx, d.Text)
			if err != nil {
				return err
			}
			if _, err := m.call(ctx, "schema_add", name, uint64(len(s.urls[i])), text, uint64(len(d.Text))); err != nil {
				return err
			}
		}
		found, err := m.call(ctx, "schema_compile")
		if found {
			return errorsOf(m.told(), s.source)
		}
		return err
	})
}

// source finds a document by the address that the module knows it by.
func (s *Schema) source(address string) (name string, text []byte) {
	for i, u := range s.urls {
		if u == address {
			return s.documents[i].Name, s.documents[i].Text
		}
	}
	return "", nil
}

// ValidateXML says what is wrong with a document: Problems when it is not well-formed, has a document type, or is not what the schema describes; a
// *LimitError when it can't be told within the limits.
func (s *Schema) ValidateXML(ctx context.Context, document []byte) error {
	return s.validate(ctx, document, 0)
}

// ValidateSOAP is ValidateXML for what the body of a SOAP 1.1 or 1.2 envelope holds; the envelope itself is checked as well. A fault, which SOAP
// describes and not the schema, is valid.
func (s *Schema) ValidateSOAP(ctx context.Context, envelope []byte) error {
	return s.validate(ctx, envelope, 1)
}

func (s *Schema) validate(ctx context.Context, document []byte, soap uint64) error {
	if len(document) > s.engine.limits.Input {
		return s.engine.limits.tooMuchInput("the document", len(document))
	}
	img, err := s.image(ctx)
	if err != nil {
		return err
	}
	return s.engine.work(ctx, img, func(ctx context.Context, m *machine) error {
		at, err := m.put(ctx, document)
		if err != nil {
			return err
		}
		found, err := m.call(ctx, "validate", at, uint64(len(document)), soap)
		if found {
			return errorsOf(m.told(), func(string) (string, []byte) { return "", document })
		}
		return err
	})
}
