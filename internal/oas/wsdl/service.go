package wsdl

import (
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// Namespaces.
const (
	spaceWSDL   = "http://schemas.xmlsoap.org/wsdl/"
	spaceSOAP11 = "http://schemas.xmlsoap.org/wsdl/soap/"
	spaceSOAP12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
	spaceMIME   = "http://schemas.xmlsoap.org/wsdl/mime/"
	spaceWSDL20 = "http://www.w3.org/ns/wsdl"
	spaceXSD    = "http://www.w3.org/2001/XMLSchema"
	spaceXSI    = "http://www.w3.org/2001/XMLSchema-instance"

	envelope11 = "http://schemas.xmlsoap.org/soap/envelope/"
	envelope12 = "http://www.w3.org/2003/05/soap-envelope"
	transport  = "http://schemas.xmlsoap.org/soap/http"
)

// Service is one port of one service of a WSDL document.
type Service struct {
	Name, Port    string
	Space         string // target namespace of the document that declares the service
	Documentation string
	Address       string
	SOAP12        bool // the envelope of SOAP 1.2
	PortType      string
	Operations    []Operation
	Warnings      []string // what was left out or adapted, for the person who imports

	types *types
}

// Operation is one call.
type Operation struct {
	Name, Documentation string
	Action              string // soapAction; "" when the service tells calls apart by their content
	RPC                 bool   // the content is named by the operation, and its parts are inside
	Input               Message
	Output              *Message // nil of a one-way call
	Faults              []Fault
}

// Message is what goes one way.
type Message struct {
	Name    string // of the wsdl:message
	Space   string // of the content of an RPC call
	Encoded bool   // in the encoding of SOAP section 5, which has no schema
	Parts   []Part // of the body
	Headers []Header
}

// Part is a piece of a body: an element of a schema, or a type.
type Part struct {
	Name          string
	Element, Type xmltree.Name
}

// Header is a part that travels in the header.
type Header struct {
	Part
	Message string
}

// Fault is an error that a call can answer with.
type Fault struct {
	Name, Message string
	Parts         []Part
}

// element is the name of what stands in the body of a message; false when that can't be said.
func (o *Operation) element(m *Message) (xmltree.Name, bool) {
	switch {
	case o.RPC && m == &o.Input:
		return xmltree.Name{Space: m.Space, Local: o.Name}, true
	case o.RPC:
		return xmltree.Name{Space: m.Space, Local: o.Name + "Response"}, true
	case len(m.Parts) == 1 && m.Parts[0].Element.Local != "":
		return m.Parts[0].Element, true
	}
	return xmltree.Name{}, false
}

func (s *Service) envelope() string {
	if s.SOAP12 {
		return envelope12
	}
	return envelope11
}

// contentType is that of messages.
func (s *Service) contentType() string {
	if s.SOAP12 {
		return "application/soap+xml"
	}
	return "text/xml"
}

// Schema is one of the schemas that messages are written in, as a document of its own.
type Schema struct {
	Space    string
	Document string
}

// Schemas are the schemas in the order in which they were found.
func (s *Service) Schemas() []Schema {
	var out []Schema
	for _, d := range s.types.schemas {
		out = append(out, Schema{d.space, string(d.document(0))})
	}
	return out
}

func (s *Service) warn(text string) {
	if len(s.Warnings) < 100 {
		s.Warnings = append(s.Warnings, text)
	}
}
