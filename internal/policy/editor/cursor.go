package editor

import (
	"strings"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/policy"
)

// kind says what is being written at the cursor.
type kind int

const (
	inText kind = iota
	inElementName
	inEndTag
	inAttributeName
	inAttributeValue
	inExpression
	inComment
)

// cursor is a place of a document. What follows it plays no part.
type cursor struct {
	kind       kind
	stack      []string // elements that are open around it, the root first; not the one whose tag it stands in
	element    string   // whose tag it stands in
	attribute  string   // whose value it stands in
	written    []string // attributes that the tag has so far
	word       string   // what is there of the name, value or end tag
	expression string   // from its @ on
}

// locate reads a document up to an offset.
func locate(source string, offset int) cursor {
	r := &reader{src: source[:min(max(offset, 0), len(source))], open: map[string]int{}}
	for r.more() {
		r.step()
	}
	return r.at
}

// reader goes from left to right and ends where the text does.
type reader struct {
	src string
	pos int
	at  cursor
	// open counts the elements on the stack by name, so that an end tag of none is passed without a search.
	open map[string]int
	// fresh says that a text node begins here: only there an expression can.
	fresh bool
	done  bool
}

func (r *reader) more() bool { return !r.done && r.pos < len(r.src) }

func (r *reader) rest() string { return r.src[r.pos:] }

// end settles what the cursor stands in.
func (r *reader) end(k kind, word string) {
	r.at.kind, r.at.word, r.done = k, word, true
}

func (r *reader) step() {
	rest := r.rest()
	switch {
	case strings.HasPrefix(rest, "<!--"):
		r.skip("-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		r.skip("]]>")
	case strings.HasPrefix(rest, "<?"):
		r.skip("?>")
	case strings.HasPrefix(rest, "</"):
		r.endTag()
	case rest[0] == '<':
		r.startTag()
	case r.fresh && (strings.HasPrefix(rest, "@(") || strings.HasPrefix(rest, "@{")):
		r.expression()
	default:
		r.fresh = r.fresh && isSpace(rest[0])
		r.pos++
	}
}

// skip passes a piece that ends with mark.
func (r *reader) skip(mark string) {
	n := strings.Index(r.rest(), mark)
	if n < 0 {
		r.end(inComment, "")
		return
	}
	r.pos += n + len(mark)
	r.fresh = true
}

// expression passes an expression, or ends within it.
func (r *reader) expression() {
	n, err := policy.ScanExpression(r.rest())
	if err != nil {
		r.at.expression = r.rest()
		r.end(inExpression, "")
		return
	}
	r.pos += n
	r.fresh = false
}

func (r *reader) endTag() {
	n := strings.IndexByte(r.rest(), '>')
	if n < 0 {
		r.end(inEndTag, r.rest()[2:])
		return
	}
	name := strings.TrimSpace(r.rest()[2:n])
	r.pos += n + 1
	r.fresh = true
	for closed := ""; r.open[name] > 0 && closed != name; {
		last := len(r.at.stack) - 1
		closed, r.at.stack = r.at.stack[last], r.at.stack[:last]
		r.open[closed]--
	}
}

func (r *reader) startTag() {
	r.pos++
	name := r.name()
	if !r.more() {
		r.end(inElementName, name)
		return
	}
	r.at.element, r.at.written = name, nil
	for r.more() {
		switch c := r.src[r.pos]; {
		case isSpace(c):
			r.pos++
			if !r.more() {
				r.end(inAttributeName, "")
			}
		case c == '>':
			r.pos++
			r.begin(name)
			return
		case strings.HasPrefix(r.rest(), "/>"):
			r.pos += 2
			r.fresh = true
			r.at.element = ""
			return
		default:
			r.attribute()
		}
	}
}

func (r *reader) begin(name string) {
	r.open[name]++
	r.at.stack = append(r.at.stack, name)
	r.at.element, r.fresh = "", true
}

func (r *reader) attribute() {
	name := r.name()
	if !r.more() {
		r.end(inAttributeName, name)
		return
	}
	if name == "" {
		r.pos++ // what can't stand here
		return
	}
	r.at.written = append(r.at.written, name)
	r.space()
	if !r.more() || r.src[r.pos] != '=' {
		return
	}
	r.pos++
	r.space()
	if !r.more() || r.src[r.pos] != '"' && r.src[r.pos] != '\'' {
		return
	}
	quote := r.src[r.pos]
	r.pos++
	r.at.attribute = name
	begin := r.pos
	r.space()
	if strings.HasPrefix(r.rest(), "@(") || strings.HasPrefix(r.rest(), "@{") {
		if r.expression(); r.done {
			return
		}
	}
	n := strings.IndexByte(r.rest(), quote)
	if n < 0 {
		r.end(inAttributeValue, r.src[begin:])
		return
	}
	r.pos += n + 1
	r.at.attribute = ""
}

func (r *reader) name() string {
	start := r.pos
	for r.pos < len(r.src) && nameByte(r.src[r.pos]) {
		r.pos++
	}
	return r.src[start:r.pos]
}

func (r *reader) space() {
	for r.pos < len(r.src) && isSpace(r.src[r.pos]) {
		r.pos++
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' || c >= 0x80
}

// Offset is the byte of a document that a line and column, both from 1 and in characters, point at. A place beyond a line is its end.
func Offset(source string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(source[at:], '\n')
		if next < 0 {
			return len(source)
		}
		at += next + 1
	}
	for _, r := range source[at:] {
		if column--; column <= 0 || r == '\n' {
			break
		}
		at += utf8.RuneLen(r)
	}
	return min(at, len(source))
}
