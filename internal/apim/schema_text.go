package apim

import (
	"encoding/json"
	"strings"
)

// Text is the schema as one document, and whether it is "json" or "xml".
func (s *Schema) Text() (kind string, text []byte) {
	d := s.Document
	if d == nil {
		return "json", []byte("{}")
	}
	switch {
	case d.Components != nil:
		return "json", wrapped("components", d.Components)
	case d.Definitions != nil:
		return "json", wrapped("definitions", d.Definitions)
	case strings.Contains(strings.ToLower(s.ContentType), "xml") || strings.HasPrefix(strings.TrimSpace(d.Value), "<"):
		return "xml", []byte(d.Value)
	}
	return "json", []byte(d.Value)
}

func wrapped(member string, v json.RawMessage) []byte {
	out := make([]byte, 0, len(v)+len(member)+8)
	out = append(append(out, `{"`...), member...)
	return append(append(append(out, `":`...), v...), '}')
}

// Text is the schema as a document, and whether it is "json" or "xml".
func (s *GlobalSchema) Text() (kind string, text []byte) {
	kind = strings.ToLower(s.SchemaType)
	if s.Document != nil {
		return kind, s.Document
	}
	var inText string
	if json.Unmarshal(s.Value, &inText) == nil {
		return kind, []byte(inText)
	}
	return kind, s.Value
}
