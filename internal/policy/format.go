package policy

import (
	"strings"
)

// Indent is the text of a document or fragment with one element a line, four blanks deeper for each level. Tags, expressions, comments, and elements
// that hold text or markup of their own stay byte for byte; one blank line stays where there was any. The error is a *SyntaxError.
func (e *Engine) Indent(source string) (string, error) {
	doc, err := Parse(source, FormatRaw)
	if err != nil {
		return "", err
	}
	in := indenting{engine: e, src: doc.source}
	in.gap(0, doc.Root.from, 0)
	in.element(doc.Root, nil, 0)
	in.gap(doc.Root.to, len(doc.source), 0)
	return in.b.String(), nil
}

// indenting writes a document anew.
type indenting struct {
	engine *Engine
	src    string
	b      strings.Builder
}

func (in *indenting) line(text string, depth int) {
	in.b.WriteString(strings.Repeat(indentation, depth))
	in.b.WriteString(text)
	in.b.WriteByte('\n')
}

// element writes one element; shape is that of its parent, nil where policies stand.
func (in *indenting) element(n *Node, parent *Shape, depth int) {
	shape := in.shape(n, parent)
	if len(n.Children) == 0 && !in.comments(n) || in.holdsText(n, shape) {
		in.line(in.src[n.from:n.to], depth)
		return
	}
	in.line(in.src[n.from:n.start], depth)
	at := n.start
	for _, c := range n.Children {
		in.gap(at, c.from, depth+1)
		in.element(c, shape, depth+1)
		at = c.to
	}
	in.gap(at, n.end, depth+1)
	in.line(in.src[n.end:n.to], depth)
}

// shape is what the element may hold; nil when that isn't known, as for sections.
func (in *indenting) shape(n *Node, parent *Shape) *Shape {
	if parent != nil {
		if e := parent.element(n.Name); e != nil {
			return e.Shape
		}
	}
	if spec := in.engine.specs[n.Name]; spec != nil {
		return spec.Shape
	}
	return nil
}

// comments says whether an element holds comments and nothing else.
func (in *indenting) comments(n *Node) bool {
	return n.Text.Blank() && strings.Contains(in.src[n.start:n.end], "<!--")
}

// holdsText says whether what is between the tags is text, or markup that a policy takes as it stands.
func (in *indenting) holdsText(n *Node, shape *Shape) bool {
	if shape != nil && (shape.Foreign || shape.Text != nil && shape.Text.TakesMarkup) {
		return true
	}
	return !n.Text.Blank()
}

// gap writes what stands between elements: comments, the XML declaration, and a blank line for any.
func (in *indenting) gap(from, to, depth int) {
	between := in.src[from:to]
	for {
		rest := strings.TrimLeft(between, " \t\r\n")
		if blank := between[:len(between)-len(rest)]; strings.Count(blank, "\n") > 1 && in.b.Len() > 0 && (rest != "" || to < len(in.src)) {
			in.b.WriteByte('\n')
		}
		end := ending(rest)
		if end == 0 {
			return
		}
		in.line(rest[:end], depth)
		between = rest[end:]
	}
}

// ending is the length of the comment or declaration that s begins with; 0 when there is none.
func ending(s string) int {
	for _, p := range [...][2]string{{"<!--", "-->"}, {"<?", "?>"}} {
		if strings.HasPrefix(s, p[0]) {
			return strings.Index(s, p[1]) + len(p[1])
		}
	}
	return 0
}
