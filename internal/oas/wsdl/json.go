package wsdl

import (
	"encoding/json"
)

func appendJSON(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...)
	}
	return append(b, text...)
}

// schema is the JSON schema of what a field holds.
func (f *field) schema(b []byte) []byte {
	if f.kind != "" && !f.text {
		return f.valueSchema(b)
	}
	if f.cut != "" {
		return append(b, "{}"...)
	}
	if items := f.list(); items != nil {
		return append(items.schema(append(b, `{"type":"array","items":`...)), '}')
	}
	b = append(b, `{"type":"object","properties":{`...)
	var required []string
	if f.text {
		b = f.valueSchema(append(b, `"`+textMember+`":`...))
		required = append(required, textMember)
	}
	for i, m := range named(f) {
		if i > 0 || f.text {
			b = append(b, ',')
		}
		b = append(appendJSON(b, m.json), ':')
		if m.many {
			b = append(m.schema(append(b, `{"type":"array","items":`...)), '}')
		} else {
			b = m.schema(b)
		}
		if !m.optional {
			required = append(required, m.json)
		}
	}
	b = append(b, '}')
	for i, name := range required {
		if i == 0 {
			b = append(b, `,"required":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendJSON(b, name)
	}
	if len(required) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

func (f *field) valueSchema(b []byte) []byte {
	b = append(appendJSON(append(b, `{"type":`...), f.kind), formatOf(f.base)...)
	for i, v := range f.values {
		if f.kind != "string" {
			break
		}
		if i == 0 {
			b = append(b, `,"enum":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendJSON(b, v)
		if i == len(f.values)-1 {
			b = append(b, ']')
		}
	}
	return append(b, '}')
}

// formatOf is JSON schema's word for a type of XML schema, as a member.
func formatOf(base string) string {
	switch base {
	case "dateTime":
		return `,"format":"date-time"`
	case "date", "float", "double":
		return `,"format":"` + base + `"`
	case "int":
		return `,"format":"int32"`
	case "long":
		return `,"format":"int64"`
	case "base64Binary":
		return `,"format":"byte"`
	case "anyURI":
		return `,"format":"uri"`
	}
	return ""
}

// example is made-up JSON of what a field holds.
func (f *field) example(b []byte) []byte {
	switch {
	case len(b) > maxSample:
		return append(b, "null"...)
	case f.kind != "" && !f.text:
		return f.valueExample(b)
	case f.cut != "":
		return append(b, "{}"...)
	}
	if items := f.list(); items != nil {
		return append(items.example(append(b, '[')), ']')
	}
	b = append(b, '{')
	if f.text {
		b = f.valueExample(append(b, `"`+textMember+`":`...))
	}
	for i, m := range named(f) {
		if i > 0 || f.text {
			b = append(b, ',')
		}
		b = append(appendJSON(b, m.json), ':')
		if m.many {
			b = append(m.example(append(b, '[')), ']')
		} else {
			b = m.example(b)
		}
	}
	return append(b, '}')
}

func (f *field) valueExample(b []byte) []byte {
	if f.kind == "string" {
		return appendJSON(b, sampleOf(f.base, f.values))
	}
	return append(b, sampleOf(f.base, nil)...)
}
