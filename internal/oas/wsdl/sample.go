package wsdl

import (
	"github.com/atelier-apim/atelier/internal/oas/xmltree"
)

// maxSample bounds what a sample grows to.
const maxSample = 64 << 10

// sample is the envelope of a message with made-up values; nil stands for an empty body.
func (s *Service) sample(f *field) []byte {
	b := []byte(`<soap:Envelope xmlns:soap="` + s.envelope() + `">`)
	b = append(xmltree.Indent(b, 1), "<soap:Body>"...)
	if f != nil {
		b = f.sample(b, 2, "")
	}
	b = append(xmltree.Indent(b, 1), "</soap:Body>"...)
	return append(xmltree.Indent(b, 0), "</soap:Envelope>"...)
}

func (f *field) sample(b []byte, depth int, around string) []byte {
	if len(b) > maxSample {
		return b
	}
	b = append(append(xmltree.Indent(b, depth), '<'), f.Local...)
	if f.Space != around {
		b = append(xmltree.AppendText(append(b, ` xmlns="`...), f.Space), '"')
	}
	inside := false
	for _, c := range f.fields {
		if !c.attribute {
			inside = true
			continue
		}
		b = append(append(append(b, ' '), c.Local...), `="`...)
		b = append(xmltree.AppendText(b, sampleOf(c.base, c.values)), '"')
	}
	switch {
	case f.kind != "":
		b = append(xmltree.AppendText(append(b, '>'), sampleOf(f.base, f.values)), "</"...)
	case !inside:
		return append(b, "/>"...)
	default:
		b = append(b, '>')
		for _, c := range f.fields {
			if !c.attribute {
				b = c.sample(b, depth+1, f.Space)
			}
		}
		b = append(xmltree.Indent(b, depth), "</"...)
	}
	return append(append(b, f.Local...), '>')
}
