package oas

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"strings"
)

// xmlSample writes a sample as XML: the element is named by the schema's xml.name or its own name, properties become elements.
func (d *document) xmlSample(schema, value *node) []byte {
	name := cmp.Or(d.xmlName(schema), d.schemaName(schema), "root")
	return d.appendXML(nil, name, schema, value, 0)
}

func (d *document) xmlName(schema *node) string {
	target, err := d.resolve(schema)
	if err != nil {
		return ""
	}
	return target.get("xml").text("name")
}

func (d *document) appendXML(b []byte, name string, schema, value *node, depth int) []byte {
	name = xmlNameOf(name)
	indent := strings.Repeat("  ", depth)
	target, err := d.resolve(schema)
	if err != nil {
		target = nil
	}
	switch value.kind {
	case object:
		b = append(b, indent+"<"+name+">\n"...)
		for _, m := range value.members {
			property := target.get("properties").get(m.key)
			b = d.appendXML(b, cmp.Or(d.xmlName(property), m.key), property, m.value, depth+1)
		}
		return append(b, indent+"</"+name+">\n"...)
	case list:
		items := target.get("items")
		for _, item := range value.items {
			b = d.appendXML(b, cmp.Or(d.xmlName(items), name), items, item, depth)
		}
		return b
	}
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, []byte(value.value)) // a buffer takes everything
	b = append(b, indent+"<"+name+">"...)
	b = append(b, escaped.Bytes()...)
	return append(b, "</"+name+">\n"...)
}

// xmlNameOf makes a name of XML from any text.
func xmlNameOf(s string) string {
	ok := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' || r == '.' {
			return r
		}
		return '_'
	}
	s = strings.Map(ok, s)
	if s == "" || s[0] >= '0' && s[0] <= '9' || s[0] == '-' || s[0] == '.' {
		s = "_" + s
	}
	return s
}
