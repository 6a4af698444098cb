package lib

import (
	"strconv"
	"strings"
)

// XML writes the node, indented by two blanks with line feeds or as it is.
func (n *Node) XML(indented bool) string {
	w := &xmlWriter{indented: indented, around: n.parent}
	w.node(n, 0, &scope{prefix: "xml", uri: xmlNamespace, up: &scope{}})
	return w.b.String()
}

type xmlWriter struct {
	b        strings.Builder
	indented bool
	around   *Node // the element around what is written, for its prefixes
}

// usual finds the prefix that elements around the written one bind to a namespace.
func (w *xmlWriter) usual(uri string) string {
	for at := w.around; at != nil; at = at.parent {
		for _, a := range at.attrs {
			if a.value == uri && a.name.Space == xmlnsNamespace {
				return a.name.Local
			}
			if a.value == uri && *a.name == (XName{"", "xmlns"}) {
				return ""
			}
		}
	}
	return ""
}

// scope is a list of prefixes in sight, innermost first.
type scope struct {
	prefix, uri string
	up          *scope
}

// prefixOf finds a prefix bound to a namespace, the empty one only if allowed.
func (s *scope) prefixOf(uri string, allowEmpty bool) (string, bool) {
	for at := s; at != nil; at = at.up {
		if at.uri == uri && (allowEmpty || at.prefix != "") && s.uriOf(at.prefix) == uri {
			return at.prefix, true
		}
	}
	return "", false
}

func (s *scope) uriOf(prefix string) string {
	for at := s; at != nil; at = at.up {
		if at.prefix == prefix {
			return at.uri
		}
	}
	return ""
}

func (w *xmlWriter) node(n *Node, depth int, s *scope) {
	switch n.kind {
	case XElement:
		w.element(n, depth, s)
	case XDocument:
		for i, k := range n.nodes {
			if i > 0 && k.kind != XText && n.nodes[i-1].kind != XText {
				w.line(0)
			}
			w.node(k, 0, s)
		}
	case XAttribute:
		prefix, ok := s.prefixOf(n.name.Space, false)
		if !ok && n.name.Space != "" {
			prefix = w.usual(n.name.Space)
		}
		w.attribute(n, prefix)
	case XText:
		w.b.WriteString(escapeXML(n.value, false))
	case XCData:
		w.b.WriteString("<![CDATA[" + strings.ReplaceAll(n.value, "]]>", "]]]]><![CDATA[>") + "]]>")
	case XComment:
		w.b.WriteString("<!--" + n.value + "-->")
	case XInstruction:
		w.b.WriteString("<?" + n.target)
		if n.value != "" {
			w.b.WriteString(" " + n.value)
		}
		w.b.WriteString("?>")
	case XDocumentType:
		w.documentType(n)
	}
}

func (w *xmlWriter) documentType(n *Node) {
	w.b.WriteString("<!DOCTYPE " + n.target)
	switch {
	case n.ids[0] != "":
		w.b.WriteString(` PUBLIC "` + n.ids[0] + `" "` + n.ids[1] + `"`)
	case n.ids[1] != "":
		w.b.WriteString(` SYSTEM "` + n.ids[1] + `"`)
	}
	if n.value != "" {
		w.b.WriteString("[" + n.value + "]")
	}
	w.b.WriteString(">")
}

func (w *xmlWriter) line(depth int) {
	if w.indented {
		w.b.WriteByte('\n')
		for range depth {
			w.b.WriteString("  ")
		}
	}
}

func (w *xmlWriter) element(n *Node, depth int, s *scope) {
	for _, a := range n.attrs {
		if a.name.Space == xmlnsNamespace {
			s = &scope{a.name.Local, a.value, s}
		} else if *a.name == (XName{"", "xmlns"}) {
			s = &scope{"", a.value, s}
		}
	}
	declare := ""
	prefix, ok := s.prefixOf(n.name.Space, true)
	if n.name.Space == "" {
		prefix, ok = "", s.uriOf("") == ""
	}
	if !ok {
		prefix = w.usual(n.name.Space)
		s = &scope{prefix, n.name.Space, s}
		declare = " xmlns" + strings.TrimSuffix(":"+prefix, ":") + `="` + escapeXML(n.name.Space, true) + `"`
	}
	name := qualified(prefix, n.name.Local)
	w.b.WriteString("<" + name + declare)
	for _, a := range n.attrs {
		s = w.attributeIn(a, s)
	}
	if len(n.nodes) == 0 {
		if n.open {
			w.b.WriteString("></" + name + ">")
		} else {
			w.b.WriteString(" />")
		}
		return
	}
	w.b.WriteByte('>')
	w.content(n, depth, s)
	w.b.WriteString("</" + name + ">")
}

// content indents children up to the first text among them.
func (w *xmlWriter) content(n *Node, depth int, s *scope) {
	was := w.indented
	for _, k := range n.nodes {
		w.indented = w.indented && k.kind != XText && k.kind != XCData
		w.line(depth + 1)
		w.node(k, depth+1, s)
	}
	w.line(depth)
	w.indented = was
}

func qualified(prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}

// attributeIn writes an attribute, declaring a prefix for its namespace if none
// is in sight.
func (w *xmlWriter) attributeIn(a *Node, s *scope) *scope {
	w.b.WriteByte(' ')
	switch a.name.Space {
	case "":
		w.attribute(a, "")
		return s
	case xmlnsNamespace:
		w.attribute(a, "xmlns")
		return s
	}
	prefix, ok := s.prefixOf(a.name.Space, false)
	if !ok {
		prefix = w.usual(a.name.Space)
		for i := 1; prefix == "" || s.uriOf(prefix) != ""; i++ {
			prefix = "p" + strconv.Itoa(i)
		}
		s = &scope{prefix, a.name.Space, s}
		w.attribute(a, prefix)
		w.b.WriteString(" xmlns:" + prefix + `="` + escapeXML(a.name.Space, true) + `"`)
		return s
	}
	w.attribute(a, prefix)
	return s
}

func (w *xmlWriter) attribute(a *Node, prefix string) {
	w.b.WriteString(qualified(prefix, a.name.Local) + `="` + escapeXML(a.value, true) + `"`)
}

var (
	textEscapes      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	attributeEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;", "\t", "&#x9;")
)

func escapeXML(s string, attribute bool) string {
	if attribute {
		return attributeEscapes.Replace(s)
	}
	return textEscapes.Replace(s)
}
