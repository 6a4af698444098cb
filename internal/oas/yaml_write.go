package oas

import (
	"strings"
)

// appendYAML writes a node in block style. It begins where the line stands and ends with a line break.
func appendYAML(b []byte, n *node, indent int) []byte {
	switch {
	case n.kind == object && len(n.members) > 0:
		for i, m := range n.members {
			if i > 0 {
				b = indentYAML(b, indent)
			}
			b = append(appendYAMLText(b, m.key), ':')
			b = appendYAMLValue(b, m.value, indent)
		}
		return b
	case n.kind == list && len(n.items) > 0:
		for i, item := range n.items {
			if i > 0 {
				b = indentYAML(b, indent)
			}
			b = append(b, '-')
			b = appendYAMLItem(b, item, indent)
		}
		return b
	}
	return append(appendYAMLScalar(b, n), '\n')
}

// appendYAMLValue writes what follows a key: scalars on its line, the rest below it.
func appendYAMLValue(b []byte, n *node, indent int) []byte {
	if len(n.members)+len(n.items) == 0 {
		return append(appendYAMLScalar(append(b, ' '), n), '\n')
	}
	b = indentYAML(append(b, '\n'), indent+1)
	return appendYAML(b, n, indent+1)
}

// appendYAMLItem writes what follows the dash of an item.
func appendYAMLItem(b []byte, n *node, indent int) []byte {
	return appendYAML(append(b, ' '), n, indent+1)
}

func indentYAML(b []byte, indent int) []byte {
	for range indent {
		b = append(b, "  "...)
	}
	return b
}

func appendYAMLScalar(b []byte, n *node) []byte {
	switch n.kind {
	case text:
		return appendYAMLText(b, n.value)
	case object:
		return append(b, "{}"...)
	case list:
		return append(b, "[]"...)
	}
	return appendJSON(b, n, false, 0)
}

// appendYAMLText writes a text without quotes when every reader takes it for that text, else as JSON does, which is YAML too.
func appendYAMLText(b []byte, s string) []byte {
	if isPlainYAML(s) {
		return append(b, s...)
	}
	return appendText(b, s)
}

// isPlainYAML is strict: letters first, nothing that means something, and no word that some reader takes for a truth, a number or nothing.
func isPlainYAML(s string) bool {
	if s == "" || len(s) > 200 || strings.HasSuffix(s, " ") {
		return false
	}
	if isVersion(s) {
		return true
	}
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '/' || c == '$'
		switch {
		case letter:
		case i > 0 && ('0' <= c && c <= '9' || strings.IndexByte("-_. {}()+", c) >= 0):
		default:
			return false
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf":
		return false
	}
	return true
}

// isVersion says whether s is like 3.0.3, which is no number.
func isVersion(s string) bool {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if p == "" || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return len(parts) == 3
}
