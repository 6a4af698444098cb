package oas

import (
	"encoding/json"
	"strconv"
	"strings"
)

// appendJSON writes a node as JSON. indent is the indentation of the line on which it begins; without pretty everything is on one line.
func appendJSON(b []byte, n *node, pretty bool, indent int) []byte {
	switch n.kind {
	case text:
		return appendText(b, n.value)
	case boolean:
		return append(b, n.value...)
	case number:
		return appendNumber(b, n.value)
	case list:
		b = append(b, '[')
		for i, item := range n.items {
			b = separate(b, i, pretty, indent+1)
			b = appendJSON(b, item, pretty, indent+1)
		}
		return append(closing(b, len(n.items), pretty, indent), ']')
	case object:
		b = append(b, '{')
		for i, m := range n.members {
			b = separate(b, i, pretty, indent+1)
			b = append(appendText(b, m.key), ':')
			if pretty {
				b = append(b, ' ')
			}
			b = appendJSON(b, m.value, pretty, indent+1)
		}
		return append(closing(b, len(n.members), pretty, indent), '}')
	}
	return append(b, "null"...)
}

func separate(b []byte, i int, pretty bool, indent int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return newLine(b, pretty, indent)
}

func closing(b []byte, items int, pretty bool, indent int) []byte {
	if items == 0 {
		return b
	}
	return newLine(b, pretty, indent)
}

func newLine(b []byte, pretty bool, indent int) []byte {
	if !pretty {
		return b
	}
	b = append(b, '\n')
	for range indent {
		b = append(b, "  "...)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			quoted, _ := json.Marshal(s) // a string always marshals
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendNumber writes numbers of YAML that JSON cannot spell (0x1F, +1, 007) as JSON does. In YAML leading zeros mean nothing.
func appendNumber(b []byte, s string) []byte {
	if isJSONNumber(s) {
		return append(b, s...)
	}
	base := 10
	if unsigned := strings.TrimLeft(s, "+-"); strings.HasPrefix(unsigned, "0x") || strings.HasPrefix(unsigned, "0o") {
		base = 0
	}
	if i, err := strconv.ParseInt(s, base, 64); err == nil {
		return strconv.AppendInt(b, i, 10)
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if out, err := json.Marshal(f); err == nil {
			return append(b, out...)
		}
	}
	return appendText(b, s)
}
