package policy

import (
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Limits of documents (hardening of the product; 256 KiB is the service's own limit).
const (
	MaxDocument = 256 << 10
	MaxFragment = 512 << 10
	MaxDepth    = 64
)

// Format is the form of a document's text.
type Format string

// The formats of policies.md 2 whose text is at hand; links are resolved by whoever may fetch.
const (
	FormatXML Format = "xml"    // well-formed, expressions escaped
	FormatRaw Format = "rawxml" // expressions verbatim
)

// Document is a parsed policy document or fragment. It is immutable and may be shared.
type Document struct {
	ID     string // id of the resource it belongs to, for LastError.PolicyId and traces; set by the owner before it is shared
	Root   *Node
	Format Format

	source string
	lines  []int // offset of each line's first byte
}

// Node is one element.
type Node struct {
	Name         string
	Line, Column int // of its "<", from 1
	Attrs        []Attribute
	Children     []*Node
	// Text is the element's character data. With children it is only kept to be complained about, unless the shape takes markup.
	Text Value

	doc        *Document
	from, to   int // with its tags
	start, end int // content between the tags
}

// Attribute is one attribute.
type Attribute struct {
	Name         string
	Line, Column int // of its name
	Value        Value
}

// Value is the text of an attribute or an element: a literal, or whole one expression.
type Value struct {
	Expr bool // Text is an expression's source, from "@" to its closing bracket
	text
	raw   span // where it stands in the document, an expression without the white space around it
	quote byte // delimiter of the attribute, 0 for element text
	cdata bool // stands in a CDATA section
}

type span struct{ start, end int }

// Text is the value, entities decoded.
func (v Value) Text() string { return v.s }

// Blank says whether there is nothing but white space.
func (v Value) Blank() bool { return strings.TrimSpace(v.s) == "" }

// Attr returns the attribute with the name, nil when it isn't there.
func (n *Node) Attr(name string) *Attribute {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return &n.Attrs[i]
		}
	}
	return nil
}

// Child returns the first child with the name, nil when there is none.
func (n *Node) Child(name string) *Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Inner is the markup between the element's tags, byte for byte.
func (n *Node) Inner() string { return n.doc.source[n.start:n.end] }

// Section returns the element of a section, nil when the document has none.
func (d *Document) Section(s Section) *Node { return d.Root.Child(s.String()) }

// Fragment says whether the document is a policy fragment.
func (d *Document) Fragment() bool { return d.Root.Name == "fragment" }

// position turns an offset into line and column, both from 1; columns count characters.
func (d *Document) position(offset int) (line, column int) {
	offset = min(max(offset, 0), len(d.source))
	line = sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > offset })
	return line, 1 + utf8.RuneCountInString(d.source[d.lines[line-1]:offset])
}

// line returns the text of a line.
func (d *Document) line(n int) string {
	if n < 1 || n > len(d.lines) {
		return ""
	}
	rest := d.source[d.lines[n-1]:]
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	return strings.TrimSuffix(rest, "\r")
}

// Line returns the source text of line n, from 1; "" when there is none.
func (d *Document) Line(n int) string { return d.line(n) }

func lineStarts(s string) []int {
	lines := []int{0}
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// SyntaxError says where a text stops being a policy document.
type SyntaxError struct {
	Element      string // innermost open element, "" before the root
	Line, Column int
	Message      string // reason, and what to do
	Source       string // the line
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s%s", e.Line, e.Column, e.Message, caret(e.Source, e.Column))
}

// Problem is the error as a problem of the document.
func (e *SyntaxError) Problem() Problem {
	target := e.Element
	if target == "" {
		target = "policies"
	}
	return Problem{Line: e.Line, Column: e.Column, Element: target, Message: e.Message, Severity: SeverityError}
}

// caret draws the line and a caret below the column; long lines are cut around it.
func caret(source string, column int) string {
	if source == "" {
		return ""
	}
	runes := []rune(source)
	const margin = 60
	at := min(max(column-1, 0), len(runes))
	from, to := max(at-margin, 0), min(at+margin, len(runes))
	var pad strings.Builder
	for _, r := range runes[from:at] {
		if r != '\t' {
			r = ' '
		}
		pad.WriteRune(r)
	}
	return "\n  " + string(runes[from:to]) + "\n  " + pad.String() + "^"
}
