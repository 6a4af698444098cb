package oas

import (
	"fmt"
	"strings"
)

// readYAML reads the first document of a YAML stream: YAML 1.2 with its core schema, as far as OpenAPI documents can mean anything by it.
// Left out are names that are objects or lists ("? " keys). It is our own because what it reads comes from strangers: each level of nesting
// is one level of recursion, and nothing else recurses or takes more than linear time.
func readYAML(doc []byte) (*node, error) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(doc))
	r := &yamlReader{s: text, line: 1, anchors: map[string]*node{}}
	if err := r.begin(); err != nil {
		return nil, err
	}
	n, err := r.block(-1, 1, false)
	if err != nil {
		return nil, err
	}
	if err := r.next(); err != nil {
		return nil, err
	}
	switch {
	case !r.ended():
		return nil, r.fault("this does not belong to what precedes it; is its indentation right?")
	case n.kind == null:
		return nil, &Error{Reason: "the document is empty"}
	}
	return n, nil
}

// yamlReader is a place in a text. Columns count from 0 here, because they are indentations, and from 1 in nodes and errors.
type yamlReader struct {
	s         string
	pos       int
	line      int
	lineStart int
	anchors   map[string]*node
	aliases   int
	nodes     int
	opener    *node // the innermost list or object in flow style that is not closed yet
}

func (r *yamlReader) fault(format string, args ...any) error {
	return &Error{r.line, r.column() + 1, fmt.Sprintf(format, args...)}
}

func (r *yamlReader) column() int { return r.pos - r.lineStart }

// at is the byte i places ahead; 0 beyond the end.
func (r *yamlReader) at(i int) byte {
	if r.pos+i < len(r.s) {
		return r.s[r.pos+i]
	}
	return 0
}

// ends says whether the byte i places ahead ends a word: white space or the end.
func (r *yamlReader) ends(i int) bool {
	switch r.at(i) {
	case ' ', '\t', '\n':
		return true
	case 0:
		return r.pos+i >= len(r.s)
	}
	return false
}

// ended says whether the document is over: at the end of the text or at a mark that ends or begins a document.
func (r *yamlReader) ended() bool {
	if r.pos >= len(r.s) {
		return true
	}
	return r.pos == r.lineStart && (strings.HasPrefix(r.s[r.pos:], "---") || strings.HasPrefix(r.s[r.pos:], "...")) && r.ends(3)
}

// begin skips directives and the mark that begins the document.
func (r *yamlReader) begin() error {
	for {
		if err := r.next(); err != nil {
			return err
		}
		switch {
		case r.column() == 0 && r.at(0) == '%':
			r.skipLine()
		case r.pos < len(r.s) && r.ended() && r.at(0) == '-':
			r.pos += 3
			return nil
		default:
			return nil
		}
	}
}

func (r *yamlReader) skipLine() {
	for r.pos < len(r.s) && r.s[r.pos] != '\n' {
		r.pos++
	}
}

func (r *yamlReader) newLine() {
	r.pos++
	r.line++
	r.lineStart = r.pos
}

// blanks skips spaces and tabs of a line.
func (r *yamlReader) blanks() {
	for r.at(0) == ' ' || r.at(0) == '\t' {
		r.pos++
	}
}

// next goes to the next content: over white space, comments and ends of lines.
func (r *yamlReader) next() error {
	for r.pos < len(r.s) {
		begin := r.pos
		r.blanks()
		switch {
		case r.at(0) == '\n':
			r.newLine()
		case r.at(0) == '#' && r.commentMayBegin():
			r.skipLine()
		case begin == r.lineStart && strings.Contains(r.s[begin:r.pos], "\t"):
			return r.fault("a tab cannot indent; use spaces")
		default:
			return nil
		}
	}
	return nil
}

func (r *yamlReader) commentMayBegin() bool {
	return r.pos == r.lineStart || r.s[r.pos-1] == ' ' || r.s[r.pos-1] == '\t'
}

// lineDone skips blanks and says whether nothing but a comment is left of the line.
func (r *yamlReader) lineDone() bool {
	r.blanks()
	return r.pos >= len(r.s) || r.at(0) == '\n' || r.at(0) == '#' && r.commentMayBegin()
}

// make begins a node here.
func (r *yamlReader) make(k kind) (*node, error) {
	if r.nodes++; r.nodes > maxNodes {
		return nil, r.fault("the document has more than %d values", maxNodes)
	}
	return &node{kind: k, line: r.line, column: r.column() + 1, size: 1}, nil
}

// property is what stands before a value: an anchor, a tag, or both.
type property struct{ anchor, tag string }

// properties reads anchors and tags up to the value or the end of the line.
func (r *yamlReader) properties() (p property, err error) {
	for {
		switch r.at(0) {
		case '&':
			r.pos++
			if p.anchor = r.word(); p.anchor == "" {
				return p, r.fault("this anchor has no name")
			}
		case '!':
			p.tag = r.word()
		default:
			return p, nil
		}
		r.blanks()
	}
}

// word is the text up to white space or a mark of flow style.
func (r *yamlReader) word() string {
	start := r.pos
	for !r.ends(0) && !isFlowMark(r.at(0)) {
		r.pos++
	}
	return r.s[start:r.pos]
}

// apply gives a value its properties. Of the tags only !!str matters here, which makes a text of a number.
func (r *yamlReader) apply(p property, n *node) *node {
	if p.tag == "!!str" && n.kind != object && n.kind != list && n.kind != text {
		asText := *n
		asText.kind = text
		n = &asText
	}
	if p.anchor != "" {
		r.anchors[p.anchor] = n
	}
	return n
}

// alias reads *name.
func (r *yamlReader) alias() (*node, error) {
	if r.aliases++; r.aliases > maxAliases {
		return nil, r.fault("the document uses more than %d aliases", maxAliases)
	}
	line, column := r.line, r.column()+1
	r.pos++
	name := r.word()
	if n, ok := r.anchors[name]; ok {
		return n, nil
	}
	return nil, &Error{line, column, fmt.Sprintf("the alias *%s has no anchor before it", shorten(name, 80))}
}

// bound holds that aliases do not blow a small document up.
func (r *yamlReader) bound(n *node) error {
	if n.size > maxNodes {
		return errorAt(n, "the document has more than %d values when its aliases are written out", maxNodes)
	}
	return nil
}
