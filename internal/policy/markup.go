package policy

import "strings"

// ToXML gives the escaped form of a document: special characters inside expressions become entities, everything else stays byte for byte.
// Either form may be given.
func ToXML(source string) (string, error) {
	return rewrite(source, FormatRaw, func(v Value) string { return escape(v.s, v.quote) })
}

// ToRaw gives the unescaped form of a document: expressions stand verbatim, everything else stays byte for byte. Either form may be given.
func ToRaw(source string) (string, error) {
	return rewrite(source, FormatRaw, func(v Value) string { return unescape(v.s) })
}

// rewrite replaces the text of each expression. CDATA sections hold verbatim text in both forms.
func rewrite(source string, format Format, write func(Value) string) (string, error) {
	d, err := Parse(source, format)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	done := 0
	d.Root.expressions(func(v Value) {
		if v.cdata {
			return
		}
		b.WriteString(d.source[done:v.raw.start])
		b.WriteString(write(v))
		done = v.raw.end
	})
	b.WriteString(d.source[done:])
	return b.String(), nil
}

// expressions calls visit for each expression below n, in the order of the document.
func (n *Node) expressions(visit func(Value)) {
	for _, a := range n.Attrs {
		if a.Value.Expr {
			visit(a.Value)
		}
	}
	if n.Text.Expr && len(n.Children) == 0 {
		visit(n.Text)
	}
	for _, c := range n.Children {
		c.expressions(visit)
	}
}
