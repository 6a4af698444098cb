package wsdl

import (
	"fmt"
	"slices"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// Write is a WSDL document of the service by itself: with the schemas of all that it imports, the address that callers use in the place of the
// service's own, and of the operations those that keep says; nil keeps all. Reading it gives the same service.
func Write(s *Service, address string, keep func(*Operation) bool) []byte {
	w := &writer{service: s, messages: map[string]string{}}
	for i := range s.Operations {
		if keep == nil || keep(&s.Operations[i]) {
			w.operations = append(w.operations, &s.Operations[i])
		}
	}
	return w.document(address)
}

// writer is a document in the making.
type writer struct {
	xmltree.Writer
	service    *Service
	operations []*Operation
	messages   map[string]string // that are written, by name
}

func (w *writer) documentation(text string) {
	if text == "" {
		return
	}
	w.Leaf("wsdl:documentation", text)
}

func (w *writer) document(address string) []byte {
	s := w.service
	w.Declare()
	soap := spaceSOAP11
	if s.SOAP12 {
		soap = spaceSOAP12
	}
	w.Open("wsdl:definitions", "name", s.Name, "targetNamespace", s.Space, "xmlns:tns", s.Space, "xmlns:wsdl", spaceWSDL, "xmlns:soap", soap, "xmlns:xsd", spaceXSD)
	if len(s.types.schemas) > 0 {
		w.Open("wsdl:types")
		for _, d := range s.types.schemas {
			w.B = append(xmltree.Indent(w.B, w.Depth), d.document(w.Depth)...)
		}
		w.End("wsdl:types")
	}
	for _, o := range w.operations {
		w.message(o.Input.Name, o.Input.Parts, o.Input.Headers)
		if o.Output != nil {
			w.message(o.Output.Name, o.Output.Parts, o.Output.Headers)
		}
		for _, f := range o.Faults {
			w.message(f.Message, f.Parts, nil)
		}
	}
	w.portType()
	w.binding()
	w.Open("wsdl:service", "name", s.Name)
	w.documentation(s.Documentation)
	w.Open("wsdl:port", "name", s.Port, "binding", w.own(s.Port))
	w.Empty("soap:address", "location", address)
	w.End("wsdl:port")
	w.End("wsdl:service")
	w.End("wsdl:definitions")
	return append(w.B, '\n')
}

// own is a name of this document, which may be in no namespace.
func (w *writer) own(name string) string {
	if w.service.Space == "" {
		return name
	}
	return "tns:" + name
}

// message writes a message, and those that only headers name. Messages of two namespaces that share a name were one in all that we know of.
func (w *writer) message(name string, parts []Part, headers []Header) {
	of := map[string][]Part{name: parts}
	order := []string{name}
	for _, h := range headers {
		if !slices.Contains(order, h.Message) {
			order = append(order, h.Message)
		}
		of[h.Message] = append(slices.Clip(of[h.Message]), h.Part)
	}
	for _, n := range order {
		if _, done := w.messages[n]; done {
			continue
		}
		w.messages[n] = n
		w.Open("wsdl:message", "name", n)
		for _, p := range of[n] {
			w.part(p)
		}
		w.End("wsdl:message")
	}
}

func (w *writer) part(p Part) {
	word, name := "element", p.Element
	if name.Local == "" {
		word, name = "type", p.Type
	}
	switch {
	case name.Local == "":
		w.Empty("wsdl:part", "name", p.Name)
	case name.Space == spaceXSD:
		w.Empty("wsdl:part", "name", p.Name, word, "xsd:"+name.Local)
	case name.Space == "":
		w.Empty("wsdl:part", "name", p.Name, word, name.Local)
	default:
		w.Empty("wsdl:part", "name", p.Name, word, "q:"+name.Local, "xmlns:q", name.Space)
	}
}

func (w *writer) portType() {
	w.Open("wsdl:portType", "name", w.service.PortType)
	for i, o := range w.operations {
		w.Open("wsdl:operation", "name", o.Name)
		w.documentation(o.Documentation)
		w.Empty("wsdl:input", "name", w.inputName(i), "message", w.own(o.Input.Name))
		if o.Output != nil {
			w.Empty("wsdl:output", "message", w.own(o.Output.Name))
		}
		for _, f := range o.Faults {
			w.Empty("wsdl:fault", "name", f.Name, "message", w.own(f.Message))
		}
		w.End("wsdl:operation")
	}
	w.End("wsdl:portType")
}

// inputName tells operations of one name apart; "" for the others.
func (w *writer) inputName(i int) string {
	for j, other := range w.operations {
		if j != i && other.Name == w.operations[i].Name {
			return fmt.Sprintf("%s%d", other.Name, i+1)
		}
	}
	return ""
}

func (w *writer) binding() {
	s := w.service
	w.Open("wsdl:binding", "name", s.Port, "type", w.own(s.PortType))
	w.Empty("soap:binding", "style", "document", "transport", transport)
	for i, o := range w.operations {
		style := "document"
		if o.RPC {
			style = "rpc"
		}
		w.Open("wsdl:operation", "name", o.Name)
		// An empty action is written as well.
		w.B = append(xmltree.AppendText(append(xmltree.Indent(w.B, w.Depth), `<soap:operation soapAction="`...), o.Action), `" style="`+style+`"/>`...)
		w.Open("wsdl:input", "name", w.inputName(i))
		w.direction(&o.Input)
		w.End("wsdl:input")
		if o.Output != nil {
			w.Open("wsdl:output")
			w.direction(o.Output)
			w.End("wsdl:output")
		}
		for _, f := range o.Faults {
			w.Open("wsdl:fault", "name", f.Name)
			w.Empty("soap:fault", "name", f.Name, "use", "literal")
			w.End("wsdl:fault")
		}
		w.End("wsdl:operation")
	}
	w.End("wsdl:binding")
}

func (w *writer) direction(m *Message) {
	use := "literal"
	if m.Encoded {
		use = "encoded"
	}
	parts := ""
	for _, p := range m.Parts {
		parts += " " + p.Name
	}
	for _, h := range m.Headers {
		w.Empty("soap:header", "message", w.own(h.Message), "part", h.Name, "use", "literal")
	}
	if len(m.Headers) == 0 || parts == "" {
		parts = " "
	}
	w.Empty("soap:body", "use", use, "namespace", m.Space, "parts", parts[1:])
}
