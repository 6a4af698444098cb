package policy

import (
	"encoding/xml"
	"strings"
)

// A policy may hold a document of another language, such as a stylesheet. It is kept as it was written, comments and white space included; only
// named values take the place of their references, escaped, so that no value can create structure in it.

// foreign reads an element as such a document.
func (c *compiling) foreign(a *Args) {
	n := a.node
	source := n.doc.source[n.from:n.to]
	values := map[string]string{}
	for _, end, name, ok := reference(source, 0); ok; _, end, name, ok = reference(source, end) {
		if value, known := c.src.Home.NamedValues[name]; known {
			values[name] = escaped(value)
		}
	}
	v, ok := c.substitutedFrom(n, Value{text: verbatim(source, n.from)}, values, false)
	if _, _, _, open := reference(v.s, 0); ok && !(open && c.src.Home.Unknown) {
		a.foreign = v.text
	}
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// Foreign is the source of a child element that Foreign declares. It is "" where the document can't be known yet, because it uses named values
// of a home that is not at hand: then there is nothing to compile.
func (a *Args) Foreign() string { return a.foreign.s }

// Mistake is something wrong with a foreign document, at a place of it: line and column from 1, 0 where they are not known.
type Mistake struct {
	Line, Column int
	Message      string
}

// Mistakes is the error of a foreign document, for Compile to return; each mistake becomes a problem at its place in the policy document.
func (a *Args) Mistakes(all []Mistake) error {
	e := &foreignError{}
	for _, m := range all {
		offset := a.foreign.at(m.Line, m.Column)
		p := Problem{Element: a.node.Name, Message: m.Message, Severity: SeverityError}
		p.Line, p.Column = a.node.doc.position(a.foreign.origin(offset))
		e.problems = append(e.problems, p)
	}
	return e
}

// at is the offset of a place in t; of the first character of the line that is no white space when there is no column.
func (t text) at(line, column int) int {
	offset := 0
	for i := 1; i < line; i++ {
		next := strings.IndexByte(t.s[offset:], '\n')
		if next < 0 {
			break
		}
		offset += next + 1
	}
	rest := t.s[offset:]
	if column <= 0 {
		return offset + len(rest) - len(strings.TrimLeft(rest, " \t\r\n"))
	}
	for i := range rest {
		if column--; column == 0 {
			return offset + i
		}
	}
	return len(t.s)
}

type foreignError struct{ problems []Problem }

func (e *foreignError) Error() string {
	if len(e.problems) == 0 {
		return "the document is invalid"
	}
	return e.problems[0].Message
}
