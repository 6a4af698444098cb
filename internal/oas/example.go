package oas

import (
	"encoding/json"
	"strings"
)

// examplesOf are the examples beside a schema: a single one, or several with names. They are taken as they are, whether or not they fit.
func (d *document) examplesOf(n *node, contentType string) (all []Example, err error) {
	if e := n.get("example"); e != nil {
		all = append(all, Example{Name: "default", Value: d.write(e, contentType)})
	}
	if n == nil || n.get("examples") == nil || n.get("examples").kind != object {
		return all, nil
	}
	for _, m := range n.fields("examples") {
		e, err := d.resolve(m.value)
		if err != nil {
			return nil, err
		}
		example := Example{Name: m.key, Summary: e.text("summary"), Description: e.text("description"), External: e.text("externalValue")}
		if v := e.get("value"); v != nil {
			example.Value = d.write(v, contentType)
		}
		all = append(all, example)
	}
	return all, nil
}

// write is an example as it travels in the content type.
func (d *document) write(n *node, contentType string) []byte {
	if n.kind == text && (!isJSON(contentType) || looksLikeJSON(n.value)) {
		return []byte(n.value)
	}
	if value, ok := d.written[n]; ok {
		return value
	}
	value := appendJSON(nil, n, true, 0)
	d.written[n] = value
	return value
}

// looksLikeJSON finds examples that authors wrote as a text containing JSON.
func looksLikeJSON(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) > 1 && (s[0] == '{' || s[0] == '[') && json.Valid([]byte(s))
}

func isJSON(contentType string) bool {
	t := mediaType(contentType)
	return t == "*/*" || strings.HasSuffix(t, "/json") || strings.HasSuffix(t, "+json") || strings.HasSuffix(t, "/*")
}

func isXML(contentType string) bool {
	t := mediaType(contentType)
	return strings.HasSuffix(t, "/xml") || strings.HasSuffix(t, "+xml")
}
