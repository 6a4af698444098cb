package oas

import (
	"strings"
)

// plainKey reads a plain name when a colon follows on this line; otherwise it reads nothing and gives nil.
func (r *yamlReader) plainKey() (*node, error) {
	if err := r.checkPlain(); err != nil {
		return nil, err
	}
	end := r.pos
	for i := r.pos; i < len(r.s) && r.s[i] != '\n'; i++ {
		switch c := r.s[i]; {
		case c == ':' && (i+1 == len(r.s) || strings.IndexByte(" \t\n", r.s[i+1]) >= 0):
			n, err := r.make(text)
			if err != nil {
				return nil, err
			}
			resolvePlain(n, r.s[r.pos:end])
			r.pos = i
			return n, nil
		case c == '#' && i > r.pos && (r.s[i-1] == ' ' || r.s[i-1] == '\t'):
			return nil, nil
		case c != ' ' && c != '\t':
			end = i + 1
		}
	}
	return nil, nil
}

// checkPlain refuses what cannot begin a plain text.
func (r *yamlReader) checkPlain() error {
	switch c := r.at(0); {
	case strings.IndexByte("%@`", c) >= 0:
		return r.fault("a text cannot begin with %q; put it in quotes", c)
	case isFlowMark(c):
		return r.fault("%q is out of place here", c)
	}
	return nil
}

// plainText reads a plain text. It goes on over the lines that are indented further than parent.
func (r *yamlReader) plainText(parent int) (*node, error) {
	n, err := r.make(text)
	if err != nil {
		return nil, err
	}
	first, more, err := r.plainLine()
	if err != nil {
		return nil, err
	}
	if !more || !r.continues(parent) {
		resolvePlain(n, first)
		return n, nil
	}
	b := []byte(first)
	for more && r.continues(parent) {
		line := r.line
		if err := r.next(); err != nil {
			return nil, err
		}
		b = fold(b, r.line-line)
		var part string
		if part, more, err = r.plainLine(); err != nil {
			return nil, err
		}
		b = append(b, part...)
	}
	n.value = string(b)
	return n, nil
}

// plainLine reads a plain text to the end of its line; more says whether it may go on, which a comment forbids.
func (r *yamlReader) plainLine() (part string, more bool, err error) {
	start, end := r.pos, r.pos
	for ; r.pos < len(r.s) && r.s[r.pos] != '\n'; r.pos++ {
		switch c := r.s[r.pos]; {
		case c == ':' && r.ends(1):
			return "", false, r.fault("a colon and a space make a name of what precedes them, which is not possible here; put the text in quotes, or check the indentation")
		case c == '#' && r.pos > start && r.commentMayBegin():
			return r.s[start:end], false, nil
		case c != ' ' && c != '\t':
			end = r.pos + 1
		}
	}
	return r.s[start:end], true, nil
}

// continues says whether the next line with content belongs to a plain text of the parent. It moves nothing.
func (r *yamlReader) continues(parent int) bool {
	ahead := *r
	for ahead.pos < len(ahead.s) && ahead.at(0) == '\n' {
		ahead.newLine()
		ahead.blanks()
	}
	return !ahead.ended() && ahead.column() > parent && ahead.at(0) != '#'
}

// fold writes what the ends of lines between two parts of a text mean: one is a space, each further one a new line.
func fold(b []byte, lines int) []byte {
	if lines == 1 {
		return append(b, ' ')
	}
	for range lines - 1 {
		b = append(b, '\n')
	}
	return b
}

// flowPlain reads a plain text inside brackets.
func (r *yamlReader) flowPlain() (*node, error) {
	if err := r.checkPlain(); err != nil {
		return nil, err
	}
	n, err := r.make(text)
	if err != nil {
		return nil, err
	}
	var b []byte
	for {
		start, end := r.pos, r.pos
		for !r.flowPlainEnds(start) {
			if c := r.at(0); c != ' ' && c != '\t' {
				end = r.pos + 1
			}
			r.pos++
		}
		b = append(b, r.s[start:end]...)
		line := r.line
		if r.at(0) != '\n' {
			break
		}
		if err := r.flowSpace(); err != nil {
			return nil, err
		}
		if r.flowPlainEnds(r.pos) {
			break
		}
		b = fold(b, r.line-line)
	}
	if len(b) == 0 && r.at(0) != ':' {
		return nil, r.fault("a value is missing here")
	}
	resolvePlain(n, string(b))
	return n, nil
}

// flowPlainEnds says whether a plain text that began at start ends here.
func (r *yamlReader) flowPlainEnds(start int) bool {
	switch c := r.at(0); c {
	case 0, '\n', ',', '[', ']', '{', '}':
		return c != 0 || r.pos >= len(r.s)
	case ':':
		return r.ends(1) || isFlowMark(r.at(1))
	case '#':
		return r.pos > start && r.commentMayBegin()
	}
	return false
}

// resolvePlain finds the type of a plain text by the core schema.
func resolvePlain(n *node, s string) {
	n.value = s
	switch s {
	case "", "~", "null", "Null", "NULL":
		n.kind, n.value = null, ""
	case "true", "True", "TRUE":
		n.kind, n.value = boolean, "true"
	case "false", "False", "FALSE":
		n.kind, n.value = boolean, "false"
	default:
		if isYAMLNumber(s) {
			n.kind = number
		}
	}
}

func isYAMLNumber(s string) bool {
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		return hex != "" && strings.Trim(hex, "0123456789abcdefABCDEF") == ""
	}
	if octal, ok := strings.CutPrefix(s, "0o"); ok {
		return octal != "" && strings.Trim(octal, "01234567") == ""
	}
	if c := s[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return false
	}
	unsigned := strings.TrimLeft(s[:1], "+-") + s[1:]
	whole, rest := digits(unsigned)
	if after, ok := strings.CutPrefix(rest, "."); ok {
		var fraction int
		fraction, rest = digits(after)
		whole += fraction
	}
	if whole == 0 {
		return false
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	n, rest := digits(rest)
	return n > 0 && rest == ""
}
