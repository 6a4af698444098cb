package wsdl

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// port is one port that speaks SOAP.
type port struct {
	service, port, binding *xmltree.Node
	soap                   string // namespace of the binding's words
	definitions            *xmltree.Node
}

// service makes the model of the port that is asked for.
func (l *loader) service() (*Service, error) {
	p, others, err := l.choose()
	if err != nil {
		return nil, err
	}
	s := &Service{
		Name: p.service.Get("name"), Port: p.port.Get("name"), Space: p.definitions.Get("targetNamespace"), SOAP12: p.soap == spaceSOAP12, types: l.types,
		Documentation: documentation(p.service),
	}
	if s.Documentation == "" {
		s.Documentation = documentation(p.definitions)
	}
	for _, other := range others {
		s.warn(fmt.Sprintf("The port '%s' of the service '%s' was left out; wsdlSelector can name it.", other.port.Get("name"), other.service.Get("name")))
	}
	if a := p.port.First(p.soap, "address"); a != nil {
		s.Address = a.Get("location")
	}
	if u, err := url.Parse(s.Address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		if s.Address != "" {
			s.warn(fmt.Sprintf("The address %q can't be called; give the API a serviceUrl.", xmltree.Shorten(s.Address, 200)))
		}
		s.Address = ""
	}
	typ, err := p.binding.Resolve(p.binding.Get("type"))
	if err != nil {
		return nil, err
	}
	portType := l.find("portType", typ)
	if portType == nil {
		return nil, fmt.Errorf("the binding '%s' is of the port type %s, which is not there", p.binding.Get("name"), typ)
	}
	s.PortType = typ.Local
	return s, l.operations(s, p, portType)
}

// choose finds the port that is asked for, or the first; others are those that would have done as well.
func (l *loader) choose() (*port, []*port, error) {
	var all, fit []*port
	var names []string
	for _, d := range l.definitions {
		for _, s := range d.Elements(spaceWSDL, "service") {
			for _, e := range s.Elements(spaceWSDL, "port") {
				p := &port{service: s, port: e, definitions: d}
				name, err := e.Resolve(e.Get("binding"))
				if err != nil {
					return nil, nil, err
				}
				if p.binding = l.find("binding", name); p.binding == nil {
					return nil, nil, fmt.Errorf("the port '%s' is of the binding %s, which is not there", e.Get("name"), name)
				}
				for _, space := range []string{spaceSOAP11, spaceSOAP12} {
					if p.binding.First(space, "binding") != nil {
						p.soap = space
					}
				}
				if p.soap == "" {
					continue // HTTP GET and POST of older makers
				}
				all = append(all, p)
				names = append(names, s.Get("name")+"/"+e.Get("name"))
				if (l.opt.Service == "" || l.opt.Service == s.Get("name")) && (l.opt.Port == "" || l.opt.Port == e.Get("name")) {
					fit = append(fit, p)
				}
			}
		}
	}
	switch {
	case len(all) == 0:
		return nil, nil, errors.New("the document has no service with a port that speaks SOAP")
	case len(fit) == 0:
		return nil, nil, fmt.Errorf("wsdlSelector asks for the service '%s' and the endpoint '%s'; the document has %s",
			xmltree.Shorten(l.opt.Service, 80), xmltree.Shorten(l.opt.Port, 80), xmltree.Shorten(strings.Join(names, ", "), 600))
	}
	first := fit[0]
	for _, p := range fit {
		if first.soap == spaceSOAP12 && p.soap == spaceSOAP11 {
			first = p
		}
	}
	var others []*port
	for _, p := range fit {
		if p != first {
			others = append(others, p)
		}
	}
	return first, others, nil
}

// find is a message, port type or binding of any of the documents. Makers that split a document are loose about its namespaces: a name that is there
// once is found in whichever it is.
func (l *loader) find(word string, name xmltree.Name) *xmltree.Node {
	if l.named == nil {
		l.named = map[string][]found{}
		for _, d := range l.definitions {
			for _, n := range d.Children {
				if n.Space == spaceWSDL {
					key := n.Local + " " + n.Get("name")
					l.named[key] = append(l.named[key], found{d.Get("targetNamespace"), n})
				}
			}
		}
	}
	list := l.named[word+" "+name.Local]
	for _, f := range list {
		if f.space == name.Space {
			return f.node
		}
	}
	if len(list) == 1 {
		return list[0].node
	}
	return nil
}

// found is a named part of a document, with the document's namespace.
type found struct {
	space string
	node  *xmltree.Node
}

func (l *loader) operations(s *Service, p *port, portType *xmltree.Node) error {
	bound, style := p.binding.Elements(spaceWSDL, "operation"), p.binding.First(p.soap, "binding").Get("style")
	if len(bound) > MaxOperations {
		return fmt.Errorf("the binding has %d operations; an API can be made from at most %d", len(bound), MaxOperations)
	}
	abstract := map[string][]*xmltree.Node{}
	for _, n := range portType.Elements(spaceWSDL, "operation") {
		abstract[n.Get("name")] = append(abstract[n.Get("name")], n)
	}
	for _, b := range bound {
		name := b.Get("name")
		a := overload(abstract[name], b)
		switch {
		case name == "":
			return fmt.Errorf("line %d: an operation of the binding has no name", b.Line)
		case a == nil:
			return fmt.Errorf("the binding has an operation '%s' that its port type lacks", xmltree.Shorten(name, 80))
		case a.First(spaceWSDL, "input") == nil:
			s.warn(fmt.Sprintf("The operation '%s' takes nothing from callers and was left out.", name))
			continue
		}
		o := Operation{Name: name, Documentation: documentation(a), RPC: style == "rpc"}
		if e := b.First(p.soap, "operation"); e != nil {
			o.Action = e.Get("soapAction")
			if own := e.Get("style"); own != "" {
				o.RPC = own == "rpc"
			}
		}
		if err := l.fill(&o, p, a, b); err != nil {
			return fmt.Errorf("operation '%s': %w", xmltree.Shorten(name, 80), err)
		}
		s.Operations = append(s.Operations, o)
	}
	if len(s.Operations) == 0 {
		return errors.New("the binding has no operations")
	}
	return nil
}

// overload is the operation of the port type that one of the binding is: of several with its name, the one with the same input.
func overload(list []*xmltree.Node, bound *xmltree.Node) *xmltree.Node {
	if len(list) == 0 {
		return nil
	}
	for _, a := range list {
		if a.First(spaceWSDL, "input").Get("name") == bound.First(spaceWSDL, "input").Get("name") {
			return a
		}
	}
	return list[0]
}

// fill reads the messages of an operation.
func (l *loader) fill(o *Operation, p *port, abstract, bound *xmltree.Node) error {
	input, err := l.message(p, abstract.First(spaceWSDL, "input"), bound.First(spaceWSDL, "input"))
	if err != nil {
		return err
	}
	o.Input = *input
	if out := abstract.First(spaceWSDL, "output"); out != nil {
		if o.Output, err = l.message(p, out, bound.First(spaceWSDL, "output")); err != nil {
			return err
		}
	}
	for _, f := range abstract.Elements(spaceWSDL, "fault") {
		m, err := l.abstractMessage(f)
		if err != nil {
			return err
		}
		parts, err := partsOf(m)
		if err != nil {
			return err
		}
		o.Faults = append(o.Faults, Fault{Name: f.Get("name"), Message: m.Get("name"), Parts: parts})
	}
	return nil
}

// message is one direction: what the port type says of it, and how the binding puts it on the wire.
func (l *loader) message(p *port, abstract, bound *xmltree.Node) (*Message, error) {
	node, err := l.abstractMessage(abstract)
	if err != nil {
		return nil, err
	}
	m := &Message{Name: node.Get("name")}
	all, err := partsOf(node)
	if err != nil {
		return nil, err
	}
	body, headers := soapParts(p.soap, bound)
	inHeader := map[string]bool{}
	for _, h := range headers {
		name, err := h.Resolve(h.Get("message"))
		if err != nil {
			return nil, err
		}
		from := l.find("message", name)
		if from == nil {
			return nil, fmt.Errorf("the message %s of a header is not there", name)
		}
		parts, err := partsOf(from)
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			if part.Name == h.Get("part") {
				m.Headers = append(m.Headers, Header{part, name.Local})
				if from == node {
					inHeader[part.Name] = true
				}
			}
		}
	}
	listed, some := body.Has("parts")
	m.Space, m.Encoded = body.Get("namespace"), body.Get("use") == "encoded"
	for _, part := range all {
		if inHeader[part.Name] || some && !slices.Contains(strings.Fields(listed), part.Name) {
			continue
		}
		m.Parts = append(m.Parts, part)
	}
	return m, nil
}

// soapParts are the body and the headers of a direction of the binding, which may be inside the first part of a MIME package.
func soapParts(soap string, bound *xmltree.Node) (body *xmltree.Node, headers []*xmltree.Node) {
	if bound == nil {
		return nil, nil
	}
	places := []*xmltree.Node{bound}
	for _, m := range bound.Elements(spaceMIME, "multipartRelated") {
		places = append(places, m.Elements(spaceMIME, "part")...)
	}
	for _, at := range places {
		if body == nil {
			body = at.First(soap, "body")
		}
		headers = append(headers, at.Elements(soap, "header")...)
	}
	return body, headers
}

func (l *loader) abstractMessage(direction *xmltree.Node) (*xmltree.Node, error) {
	name, err := direction.Resolve(direction.Get("message"))
	if err != nil {
		return nil, err
	}
	if m := l.find("message", name); m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("the message %s is not there", name)
}

func partsOf(message *xmltree.Node) ([]Part, error) {
	var out []Part
	for _, n := range message.Elements(spaceWSDL, "part") {
		p := Part{Name: n.Get("name")}
		var err error
		if v, ok := n.Has("element"); ok {
			p.Element, err = n.Resolve(v)
		} else if v, ok := n.Has("type"); ok {
			p.Type, err = n.Resolve(v)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
