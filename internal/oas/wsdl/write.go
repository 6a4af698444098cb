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
	service    *Service
	operations []*Operation
	b          []byte
	depth      int
	messages   map[string]string // that are written, by name
}

// open begins an element; pairs are names and values of attributes, of which those without a value are left out.
func (w *writer) open(name string, pairs ...string) {
	w.start(name, pairs)
	w.b = append(w.b, '>')
	w.depth++
}

func (w *writer) empty(name string, pairs ...string) {
	w.start(name, pairs)
	w.b = append(w.b, "/>"...)
}

func (w *writer) start(name string, pairs []string) {
	w.b = append(append(xmltree.Indent(w.b, w.depth), '<'), name...)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			w.b = append(append(append(w.b, ' '), pairs[i]...), `="`...)
			w.b = append(xmltree.AppendText(w.b, pairs[i+1]), '"')
		}
	}
}

func (w *writer) end(name string) {
	w.depth--
	w.b = append(append(append(xmltree.Indent(w.b, w.depth), "</"...), name...), '>')
}

func (w *writer) documentation(text string) {
	if text == "" {
		return
	}
	w.start("wsdl:documentation", nil)
	w.b = append(xmltree.AppendText(append(w.b, '>'), text), "</wsdl:documentation>"...)
}

func (w *writer) document(address string) []byte {
	s := w.service
	w.b = append(w.b, `<?xml version="1.0" encoding="utf-8"?>`...)
	soap := spaceSOAP11
	if s.SOAP12 {
		soap = spaceSOAP12
	}
	w.open("wsdl:definitions", "name", s.Name, "targetNamespace", s.Space, "xmlns:tns", s.Space, "xmlns:wsdl", spaceWSDL, "xmlns:soap", soap, "xmlns:xsd", spaceXSD)
	if len(s.types.schemas) > 0 {
		w.open("wsdl:types")
		for _, d := range s.types.schemas {
			w.b = append(xmltree.Indent(w.b, w.depth), d.document(w.depth)...)
		}
		w.end("wsdl:types")
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
	w.open("wsdl:service", "name", s.Name)
	w.documentation(s.Documentation)
	w.open("wsdl:port", "name", s.Port, "binding", w.own(s.Port))
	w.empty("soap:address", "location", address)
	w.end("wsdl:port")
	w.end("wsdl:service")
	w.end("wsdl:definitions")
	return append(w.b, '\n')
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
		w.open("wsdl:message", "name", n)
		for _, p := range of[n] {
			w.part(p)
		}
		w.end("wsdl:message")
	}
}

func (w *writer) part(p Part) {
	word, name := "element", p.Element
	if name.Local == "" {
		word, name = "type", p.Type
	}
	switch {
	case name.Local == "":
		w.empty("wsdl:part", "name", p.Name)
	case name.Space == spaceXSD:
		w.empty("wsdl:part", "name", p.Name, word, "xsd:"+name.Local)
	case name.Space == "":
		w.empty("wsdl:part", "name", p.Name, word, name.Local)
	default:
		w.empty("wsdl:part", "name", p.Name, word, "q:"+name.Local, "xmlns:q", name.Space)
	}
}

func (w *writer) portType() {
	w.open("wsdl:portType", "name", w.service.PortType)
	for i, o := range w.operations {
		w.open("wsdl:operation", "name", o.Name)
		w.documentation(o.Documentation)
		w.empty("wsdl:input", "name", w.inputName(i), "message", w.own(o.Input.Name))
		if o.Output != nil {
			w.empty("wsdl:output", "message", w.own(o.Output.Name))
		}
		for _, f := range o.Faults {
			w.empty("wsdl:fault", "name", f.Name, "message", w.own(f.Message))
		}
		w.end("wsdl:operation")
	}
	w.end("wsdl:portType")
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
	w.open("wsdl:binding", "name", s.Port, "type", w.own(s.PortType))
	w.empty("soap:binding", "style", "document", "transport", transport)
	for i, o := range w.operations {
		style := "document"
		if o.RPC {
			style = "rpc"
		}
		w.open("wsdl:operation", "name", o.Name)
		w.start("soap:operation", nil)
		w.b = append(xmltree.AppendText(append(w.b, ` soapAction="`...), o.Action), `" style="`+style+`"/>`...)
		w.open("wsdl:input", "name", w.inputName(i))
		w.direction(&o.Input)
		w.end("wsdl:input")
		if o.Output != nil {
			w.open("wsdl:output")
			w.direction(o.Output)
			w.end("wsdl:output")
		}
		for _, f := range o.Faults {
			w.open("wsdl:fault", "name", f.Name)
			w.empty("soap:fault", "name", f.Name, "use", "literal")
			w.end("wsdl:fault")
		}
		w.end("wsdl:operation")
	}
	w.end("wsdl:binding")
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
		w.empty("soap:header", "message", w.own(h.Message), "part", h.Name, "use", "literal")
	}
	if len(m.Headers) == 0 || parts == "" {
		parts = " "
	}
	w.empty("soap:body", "use", use, "namespace", m.Space, "parts", parts[1:])
}
