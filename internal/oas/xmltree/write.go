package xmltree

import (
	"slices"
	"strings"
)

// Append writes the node as XML that stands for itself: what its names and values need of the namespaces around it is declared on it.
func (n *Node) Append(b []byte, indent int) []byte { return n.append(b, indent, n.inherited()) }

// inherited are declarations from around the node that something in it uses.
func (n *Node) inherited() []Attr {
	var out []Attr
	used := map[string]bool{"": true}
	n.prefixes(used)
	seen := map[string]bool{}
	for _, a := range n.Attr {
		if p, ok := a.declares(); ok {
			seen[p] = true
		}
	}
	for at := n.parent; at != nil; at = at.parent {
		for _, a := range at.Attr {
			if p, ok := a.declares(); ok && !seen[p] {
				seen[p] = true
				if used[p] {
					out = append(out, a)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Attr) int { return strings.Compare(a.Prefix+a.Local, b.Prefix+b.Local) })
	return out
}

// prefixes notes the prefixes in names, and in values that may be names.
func (n *Node) prefixes(used map[string]bool) {
	used[n.Prefix] = true
	for _, a := range n.Attr {
		used[a.Prefix] = true
		for word := range strings.FieldsSeq(a.Value) {
			if p, _, ok := strings.Cut(word, ":"); ok {
				used[p] = true
			}
		}
	}
	for _, c := range n.Children {
		c.prefixes(used)
	}
}

func (n *Node) append(b []byte, indent int, extra []Attr) []byte {
	if n.Local == "" {
		return AppendText(b, strings.TrimSpace(n.Text))
	}
	b = append(b, '<')
	b = n.appendName(b)
	for _, a := range slices.Concat(n.Attr, extra) {
		b = append(b, ' ')
		if a.Prefix != "" {
			b = append(append(b, a.Prefix...), ':')
		}
		b = append(append(b, a.Local...), `="`...)
		b = append(AppendText(b, a.Value), '"')
	}
	if len(n.Children) == 0 {
		return append(b, "/>"...)
	}
	b = append(b, '>')
	text := slices.ContainsFunc(n.Children, func(c *Node) bool { return c.Local == "" })
	for _, c := range n.Children {
		if !text {
			b = Indent(b, indent+1)
		}
		b = c.append(b, indent+1, nil)
	}
	if !text {
		b = Indent(b, indent)
	}
	b = append(b, "</"...)
	return append(n.appendName(b), '>')
}

func (n *Node) appendName(b []byte) []byte {
	if n.Prefix != "" {
		b = append(append(b, n.Prefix...), ':')
	}
	return append(b, n.Local...)
}

// Indent begins a line.
func Indent(b []byte, depth int) []byte {
	b = append(b, '\n')
	for range depth {
		b = append(b, "  "...)
	}
	return b
}

// AppendText writes text or the value of an attribute, escaped.
func AppendText(b []byte, s string) []byte {
	for _, r := range s {
		switch r {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		case '"':
			b = append(b, "&quot;"...)
		case '\r':
			b = append(b, "&#xD;"...)
		case '\n':
			b = append(b, "&#xA;"...)
		case '\t':
			b = append(b, "&#x9;"...)
		default:
			if r < ' ' || r == 0xfffe || r == 0xffff {
				continue // not a character of XML
			}
			b = append(b, string(r)...)
		}
	}
	return b
}
