package policy

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Parse reads a policy document or fragment. Errors are *SyntaxError.
func Parse(source string, format Format) (*Document, error) {
	source = strings.TrimPrefix(source, "\ufeff")
	d := &Document{Format: format, source: source, lines: lineStarts(source)}
	p := &parser{doc: d, src: source}
	switch {
	case format != FormatXML && format != FormatRaw:
		return nil, p.fail(0, "format %q is not known; use xml or rawxml", string(format))
	case len(source) > MaxFragment:
		return nil, p.fail(0, "the document has %d bytes; a policy may have %d, a fragment %d", len(source), MaxDocument, MaxFragment)
	case !utf8.ValidString(source):
		return nil, p.fail(0, "the document is not valid UTF-8")
	}
	if format == FormatXML {
		if err := p.wellFormed(); err != nil {
			return nil, err
		}
	}
	root, err := p.document()
	if err != nil {
		return nil, err
	}
	d.Root = root
	if len(source) > MaxDocument && !d.Fragment() {
		return nil, p.fail(0, "the document has %d bytes; a policy may have %d", len(source), MaxDocument)
	}
	return d, nil
}

// parser reads one text once, from left to right.
type parser struct {
	doc  *Document
	src  string
	pos  int
	open []string // names of the open elements
	// effort counts the bytes that were scanned for the ends of expressions.
	effort int

	// The last place that was asked for. Places are asked for from left to right, so a document on one endless line costs no more than others.
	known, line, column int
}

// place is Document.position for offsets that grow.
func (p *parser) place(offset int) (line, column int) {
	if p.line == 0 || offset < p.known || p.line < len(p.doc.lines) && offset >= p.doc.lines[p.line] {
		p.line, p.column = p.doc.position(offset)
	} else {
		p.column += utf8.RuneCountInString(p.src[p.known:offset])
	}
	p.known = offset
	return p.line, p.column
}

func (p *parser) fail(offset int, format string, args ...any) *SyntaxError {
	line, column := p.doc.position(offset)
	e := &SyntaxError{Line: line, Column: column, Message: fmt.Sprintf(format, args...), Source: p.doc.line(line)}
	if len(p.open) > 0 {
		e.Element = p.open[len(p.open)-1]
	}
	return e
}

func (p *parser) rest() string { return p.src[p.pos:] }

func (p *parser) at(prefix string) bool { return strings.HasPrefix(p.src[p.pos:], prefix) }

func (p *parser) space() {
	for p.pos < len(p.src) && isSpace(p.src[p.pos]) {
		p.pos++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// document reads white space and comments, the root, and nothing after it.
func (p *parser) document() (*Node, error) {
	p.space()
	if p.at("<?xml") {
		end := strings.Index(p.rest(), "?>")
		if end < 0 {
			return nil, p.fail(p.pos, "the XML declaration is not closed; end it with ?>")
		}
		p.pos += end + 2
	}
	var root *Node
	for {
		p.space()
		switch {
		case p.pos == len(p.src) && root == nil:
			return nil, p.fail(p.pos, "the document is empty; a policy has the root element policies")
		case p.pos == len(p.src):
			return root, nil
		case p.at("<!--"):
			if err := p.comment(); err != nil {
				return nil, err
			}
		case p.src[p.pos] != '<':
			return nil, p.fail(p.pos, "text outside of the root element; remove it")
		case root != nil && !p.at("<!") && !p.at("<?"):
			return nil, p.fail(p.pos, "a second root element; a document has one")
		default:
			var err error
			if root, err = p.element(); err != nil {
				return nil, err
			}
		}
	}
}

func (p *parser) comment() error {
	end := strings.Index(p.src[p.pos+4:], "-->")
	if end < 0 {
		return p.fail(p.pos, "the comment is not closed; end it with -->")
	}
	p.pos += 4 + end + 3
	return nil
}

// element reads from "<" to the end of the matching end tag.
func (p *parser) element() (*Node, error) {
	start := p.pos
	switch {
	case p.at("<!DOCTYPE"), p.at("<!doctype"):
		return nil, p.fail(start, "a document type is not allowed; remove the DOCTYPE")
	case p.at("<!"):
		return nil, p.fail(start, "unknown markup; a comment begins with <!--")
	case p.at("<?"):
		return nil, p.fail(start, "processing instructions are not allowed; remove this one")
	case len(p.open) >= MaxDepth:
		return nil, p.fail(start, "elements are nested more than %d deep", MaxDepth)
	}
	p.pos++
	name := p.name()
	if name == "" {
		return nil, p.fail(start, "an element name is expected after <; write &lt; for the character itself")
	}
	line, column := p.place(start)
	n := &Node{Name: name, Line: line, Column: column, doc: p.doc, from: start}
	p.open = append(p.open, name)
	defer func() { p.open = p.open[:len(p.open)-1] }()
	closed, err := p.attributes(n)
	if err != nil {
		return nil, err
	}
	n.start, n.end = p.pos, p.pos
	if !closed {
		if err := p.content(n); err != nil {
			return nil, err
		}
	}
	n.from, n.to = start, p.pos
	return n, nil
}

// name reads a name; "" when there is none.
func (p *parser) name() string {
	start := p.pos
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		first := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
		if !first && (p.pos == start || !(c >= '0' && c <= '9' || c == '-' || c == '.' || c == ':')) {
			break
		}
		p.pos++
	}
	return p.src[start:p.pos]
}

// attributes reads up to the end of the start tag and says whether the element is closed already.
func (p *parser) attributes(n *Node) (closed bool, err error) {
	for {
		before := p.pos
		p.space()
		switch {
		case p.pos >= len(p.src):
			return false, p.fail(p.pos, "the tag of <%s> is not closed; end it with >", n.Name)
		case p.at("/>"):
			p.pos += 2
			return true, nil
		case p.src[p.pos] == '>':
			p.pos++
			return false, nil
		case p.pos == before:
			return false, p.fail(p.pos, "white space is expected between attributes; a quote inside a literal is written &quot;, and only a value that is whole one expression may hold bare quotes")
		}
		a, err := p.attribute(n)
		if err != nil {
			return false, err
		}
		n.Attrs = append(n.Attrs, a)
	}
}

func (p *parser) attribute(n *Node) (Attribute, error) {
	start := p.pos
	name := p.name()
	if name == "" {
		return Attribute{}, p.fail(p.pos, "an attribute name is expected, or > to end the tag")
	}
	if n.Attr(name) != nil {
		return Attribute{}, p.fail(start, "attribute '%s' stands twice", name)
	}
	p.space()
	if !p.at("=") {
		return Attribute{}, p.fail(p.pos, "= is expected after attribute '%s'", name)
	}
	p.pos++
	p.space()
	if !p.at(`"`) && !p.at(`'`) {
		return Attribute{}, p.fail(p.pos, "the value of attribute '%s' needs quotes around it", name)
	}
	line, column := p.place(start)
	v, err := p.quoted(name)
	if err != nil {
		return Attribute{}, err
	}
	return Attribute{Name: name, Line: line, Column: column, Value: v}, nil
}

// content reads children and text up to the end tag.
func (p *parser) content(n *Node) error {
	var run textRun
	for {
		switch {
		case p.pos >= len(p.src):
			return p.fail(p.pos, "<%s> of line %d is not closed; add </%s>", n.Name, n.Line, n.Name)
		case p.at("</"):
			n.end = p.pos
			n.Text = run.value()
			return p.endTag(n)
		case p.at("<!--"):
			if err := p.comment(); err != nil {
				return err
			}
		case p.at("<![CDATA["):
			if err := p.cdata(&run); err != nil {
				return err
			}
		case p.src[p.pos] == '<':
			child, err := p.element()
			if err != nil {
				return err
			}
			n.Children = append(n.Children, child)
		default:
			if err := p.characters(&run, len(n.Children) == 0); err != nil {
				return err
			}
		}
	}
}

func (p *parser) endTag(n *Node) error {
	start := p.pos
	p.pos += 2
	name := p.name()
	if name != n.Name {
		return p.fail(start, "</%s> does not close <%s> of line %d", name, n.Name, n.Line)
	}
	p.space()
	if !p.at(">") {
		return p.fail(p.pos, "> is expected at the end of </%s", name)
	}
	p.pos++
	return nil
}
