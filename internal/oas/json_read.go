package oas

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readJSON reads a JSON document strictly, except that duplicate keys are a mistake.
func readJSON(doc []byte) (*node, error) {
	r := &jsonReader{doc: doc, line: 1}
	n, err := r.value(1)
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.doc) {
		return nil, r.fault("there is more after the end of the document")
	}
	return n, nil
}

type jsonReader struct {
	doc       []byte
	at        int
	line      int
	lineStart int // offset at which the line begins
}

func (r *jsonReader) fault(format string, args ...any) error {
	return &Error{r.line, r.at - r.lineStart + 1, fmt.Sprintf(format, args...)}
}

func (r *jsonReader) space() {
	for ; r.at < len(r.doc); r.at++ {
		switch r.doc[r.at] {
		case '\n':
			r.line, r.lineStart = r.line+1, r.at+1
		case ' ', '\t', '\r':
		default:
			return
		}
	}
}

// peek is the next byte after white space, 0 at the end.
func (r *jsonReader) peek() byte {
	if r.space(); r.at == len(r.doc) {
		return 0
	}
	return r.doc[r.at]
}

func (r *jsonReader) value(depth int) (*node, error) {
	c := r.peek()
	if depth > maxDepth {
		return nil, r.fault("the document is nested deeper than %d levels", maxDepth)
	}
	n := &node{line: r.line, column: r.at - r.lineStart + 1, size: 1}
	var err error
	switch {
	case c == '{':
		n.kind = object
		err = r.object(n, depth)
	case c == '[':
		n.kind = list
		err = r.list(n, depth)
	case c == '"':
		n.kind = text
		n.value, err = r.text()
	default:
		err = r.word(n)
	}
	return n, err
}

func (r *jsonReader) object(n *node, depth int) error {
	seen := map[string]bool{}
	r.at++
	if r.peek() == '}' {
		r.at++
		return nil
	}
	for {
		if r.peek() != '"' {
			return r.fault("a name in double quotes is missing here")
		}
		m := member{line: r.line, column: r.at - r.lineStart + 1}
		var err error
		if m.key, err = r.text(); err != nil {
			return err
		}
		if seen[m.key] {
			return &Error{m.line, m.column, fmt.Sprintf("%q occurs twice in this object", m.key)}
		}
		seen[m.key] = true
		if r.peek() != ':' {
			return r.fault("a colon is missing after the name %q", m.key)
		}
		r.at++
		if m.value, err = r.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
		switch r.peek() {
		case ',':
			r.at++
		case '}':
			r.at++
			n.seal()
			return nil
		default:
			return r.fault("a comma or a closing brace is missing here")
		}
	}
}

func (r *jsonReader) list(n *node, depth int) error {
	r.at++
	if r.peek() == ']' {
		r.at++
		return nil
	}
	for {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
		switch r.peek() {
		case ',':
			r.at++
		case ']':
			r.at++
			n.seal()
			return nil
		default:
			return r.fault("a comma or a closing bracket is missing here")
		}
	}
}

// text reads a quoted text; r is at its opening quote.
func (r *jsonReader) text() (string, error) {
	start := r.at + 1
	for i := start; i < len(r.doc); i++ {
		switch c := r.doc[i]; {
		case c == '"':
			r.at = i + 1
			return string(r.doc[start:i]), nil
		case c == '\\':
			return r.escaped(start, i)
		case c < ' ':
			r.at = i
			return "", r.fault("a text may not contain control characters; write \\n for a new line")
		}
	}
	return "", r.fault("this text has no closing quote")
}

// escaped is text from the first backslash, at i, on.
func (r *jsonReader) escaped(start, i int) (string, error) {
	var b strings.Builder
	b.Write(r.doc[start:i])
	for i < len(r.doc) {
		switch c := r.doc[i]; {
		case c == '"':
			r.at = i + 1
			return b.String(), nil
		case c < ' ':
			r.at = i
			return "", r.fault("a text may not contain control characters; write \\n for a new line")
		case c != '\\':
			b.WriteByte(c)
			i++
		default:
			char, width := unescape(r.doc[i:])
			if width == 0 {
				r.at = i
				return "", r.fault("this is no escape of JSON")
			}
			b.WriteRune(char)
			i += width
		}
	}
	return "", r.fault("this text has no closing quote")
}

// unescape reads one escape; width 0 means that it is none.
func unescape(s []byte) (char rune, width int) {
	if len(s) < 2 {
		return 0, 0
	}
	if i := strings.IndexByte(`"\/bfnrt`, s[1]); i >= 0 {
		return rune("\"\\/\b\f\n\r\t"[i]), 2
	}
	high, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if high >= 0xD800 && high < 0xDC00 && len(s) >= 12 {
		if low, ok := hex4(s[6:]); ok && low >= 0xDC00 && low < 0xE000 {
			return (high-0xD800)<<10 + (low - 0xDC00) + 0x10000, 12
		}
	}
	if high >= 0xD800 && high < 0xE000 {
		return utf8.RuneError, 6
	}
	return high, 6
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(s[2:6]), 16, 32)
	return rune(v), err == nil
}

// word reads true, false, null or a number.
func (r *jsonReader) word(n *node) error {
	end := r.at
	for end < len(r.doc) && strings.IndexByte("{}[],:\" \t\r\n", r.doc[end]) < 0 {
		end++
	}
	word := string(r.doc[r.at:end])
	switch {
	case word == "true" || word == "false":
		n.kind = boolean
	case word == "null":
		n.kind = null
	case isJSONNumber(word):
		n.kind = number
	case word == "":
		return r.fault("a value is missing here")
	default:
		return r.fault("%q is no value of JSON", shorten(word, 40))
	}
	if n.kind != null {
		n.value = word
	}
	r.at = end
	return nil
}

// isJSONNumber is the grammar of JSON: no leading zeros, digits around the point.
func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, rest := digits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = rest
	if strings.HasPrefix(s, ".") {
		var n int
		if n, s = digits(s[1:]); n == 0 {
			return false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		var n int
		if n, s = digits(s); n == 0 {
			return false
		}
	}
	return s == ""
}

func digits(s string) (n int, rest string) {
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n, s[n:]
}
