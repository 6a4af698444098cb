package proto

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Bounds on what is read: a tree of a document takes some hundred times its bytes.
const (
	MaxDocument = 1 << 20 // bytes
	maxDepth    = 64      // brackets in one another
)

// Document is what a .proto document declares.
type Document struct {
	Package string
	Methods []Method // of all services, in the document's order
}

// Method is one rpc.
type Method struct {
	Service          string // with its package: "shop.v1.Orders"
	Name             string
	Input, Output    string // names of the messages, as the document writes them
	ClientStreams    bool
	ServerStreams    bool
	serviceShortName string
}

// Path is what calls of the method ask for.
func (m *Method) Path() string { return "/" + m.Service + "/" + m.Name }

// ShortService is the service's name without the package.
func (m *Method) ShortService() string { return m.serviceShortName }

// Read reads a document. The error says what is wrong with it and where.
func Read(text []byte) (doc *Document, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(text) > MaxDocument:
		return nil, fmt.Errorf("the document has %d bytes; %d are allowed", len(text), MaxDocument)
	case !utf8.Valid(text):
		return nil, errors.New("the document is not encoded in UTF-8")
	case len(bytes.TrimSpace(text)) == 0:
		return nil, errors.New("the document is empty")
	case depth(text) > maxDepth:
		return nil, fmt.Errorf("the document nests deeper than %d brackets", maxDepth)
	}
	defer func() {
		if recover() != nil { // a document that is too much for the parser is its author's problem and nobody else's
			doc, err = nil, errors.New("the document can't be read")
		}
	}()
	file, err := parse(text)
	if err != nil {
		return nil, err
	}
	doc = methodsOf(file)
	if len(doc.Methods) == 0 {
		return nil, errors.New("the document declares no service with a method")
	}
	return doc, nil
}

func parse(text []byte) (*descriptorpb.FileDescriptorProto, error) {
	var first error
	handler := reporter.NewHandler(reporter.NewReporter(func(err reporter.ErrorWithPos) error {
		if first == nil {
			at := err.GetPosition()
			first = fmt.Errorf("line %d, column %d: %w", at.Line, at.Col, err.Unwrap())
		}
		return first
	}, nil))
	tree, err := parser.Parse("document.proto", bytes.NewReader(text), handler)
	if err == nil {
		var result parser.Result
		if result, err = parser.ResultFromAST(tree, true, handler); err == nil {
			return result.FileDescriptorProto(), nil
		}
	}
	if first != nil {
		err = first
	}
	return nil, err
}

func methodsOf(file *descriptorpb.FileDescriptorProto) *Document {
	doc := &Document{Package: file.GetPackage()}
	for _, s := range file.GetService() {
		name := s.GetName()
		if doc.Package != "" {
			name = doc.Package + "." + name
		}
		for _, m := range s.GetMethod() {
			doc.Methods = append(doc.Methods, Method{
				Service: name, Name: m.GetName(), Input: strings.TrimPrefix(m.GetInputType(), "."), Output: strings.TrimPrefix(m.GetOutputType(), "."),
				ClientStreams: m.GetClientStreaming(), ServerStreams: m.GetServerStreaming(), serviceShortName: s.GetName(),
			})
		}
	}
	return doc
}
