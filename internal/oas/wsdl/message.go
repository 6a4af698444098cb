package wsdl

import (
	"errors"
	"fmt"

	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// shape is the content of a message: the one element in the body of its envelope.
func (s *Service) shape(o *Operation, m *Message, all *int) (*field, error) {
	f, err := s.content(o, m, all)
	if f != nil {
		f.top = true
	}
	return f, err
}

func (s *Service) content(o *Operation, m *Message, all *int) (*field, error) {
	if m.Encoded {
		return nil, errors.New("its messages are in the encoding of SOAP section 5 (use=\"encoded\")")
	}
	sh := &shaper{types: s.types, open: map[xmltree.Name]bool{}, left: maxFields, all: all}
	if !o.RPC {
		switch {
		case len(m.Parts) == 0:
			return nil, nil // an empty body
		case len(m.Parts) > 1:
			return nil, errors.New("its message has several parts in the body")
		case m.Parts[0].Element.Local == "":
			return nil, fmt.Errorf("the part '%s' of its message names no element", m.Parts[0].Name)
		}
		return sh.element(m.Parts[0].Element, 0)
	}
	name, _ := o.element(m)
	f, err := sh.make(&field{Name: name})
	if err != nil {
		return nil, err
	}
	for _, p := range m.Parts {
		part, err := sh.make(&field{Name: xmltree.Name{Local: p.Name}}) // parts of an RPC call are outside any namespace
		if err != nil {
			return nil, err
		}
		if p.Element.Local != "" {
			inner, err := sh.element(p.Element, 0)
			if err != nil {
				return nil, err
			}
			part.fields = []*field{inner}
		} else if err := sh.typed(part, p.Type, 0); err != nil {
			return nil, err
		}
		f.add(part)
	}
	return f, nil
}
