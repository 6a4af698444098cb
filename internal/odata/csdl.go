package odata

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Bounds on documents.
const (
	MaxDocument = 4 << 20 // bytes, the service's own limit of schemas
	maxDepth    = 50
	maxElements = 200_000
	maxBases    = 100 // types in a line of inheritance
)

// Error is what is wrong with a metadata document, with its place.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Read reads a metadata document: CSDL in XML, of OData 4.
func Read(doc []byte) (*Model, error) {
	doc = bytes.TrimPrefix(doc, []byte("\ufeff"))
	switch trimmed := bytes.TrimSpace(doc); {
	case len(doc) > MaxDocument:
		return nil, &Error{Message: fmt.Sprintf("the document has %d bytes; %d are allowed", len(doc), MaxDocument)}
	case !utf8.Valid(doc):
		return nil, &Error{Message: "the document is not encoded in UTF-8"}
	case len(trimmed) == 0:
		return nil, &Error{Message: "the document is empty"}
	case trimmed[0] == '{':
		return nil, &Error{Message: "metadata in JSON is not supported; use the metadata in XML, which servers give for $metadata?$format=application/xml"}
	}
	root, err := readXML(doc)
	if err != nil {
		return nil, err
	}
	return newModel(root)
}

// element is one element of the document.
type element struct {
	name         string
	attrs        map[string]string
	children     []*element
	line, column int
}

func (e *element) fail(format string, args ...any) error {
	return &Error{e.line, e.column, fmt.Sprintf(format, args...)}
}

// each calls f for the children of a name.
func (e *element) each(name string, f func(*element) error) error {
	for _, c := range e.children {
		if c.name == name {
			if err := f(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// readXML reads the document's elements. Text is of no interest, annotations neither.
func readXML(doc []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var root *element
	var open []*element
	for count := 0; ; {
		line, column := d.InputPos()
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, column = d.InputPos()
			return nil, &Error{line, column, "it is not well-formed XML: " + strings.TrimPrefix(err.Error(), "XML syntax error on ")}
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, &Error{line, column, "a document type definition is not allowed"}
		case xml.StartElement:
			if count++; count > maxElements || len(open) >= maxDepth {
				return nil, &Error{line, column, fmt.Sprintf("the document has more than %d elements, or more than %d in one another", maxElements, maxDepth)}
			}
			e := &element{name: t.Name.Local, attrs: make(map[string]string, len(t.Attr)), line: line, column: column}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				if e.name != "Annotation" && e.name != "Annotations" {
					parent.children = append(parent.children, e)
				}
			case root != nil:
				return nil, &Error{line, column, "the document has more than one root element"}
			default:
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	if root == nil {
		return nil, &Error{Message: "the document holds no element"}
	}
	return root, nil
}
