package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lex splits source from start to end into tokens; the last one is tokEOF. A
// defect becomes a tokBad, so that the parser reports whichever comes first.
func lex(source string, start, end int) []token {
	l := &lexer{scanner: scanner{source[:end]}, pos: start}
	toks := make([]token, 0, (end-start)/4+2)
	for {
		t := l.next()
		toks = append(toks, t)
		if t.kind == tokEOF || t.kind == tokBad {
			return toks
		}
	}
}

type lexer struct {
	scanner
	pos int
}

// bad makes the token that reports a defect when it is reached.
func (l *lexer) bad(at int, code, message string) token {
	return token{kind: tokBad, pos: at, end: len(l.src), code: code, value: message}
}

func (l *lexer) badError(err error) token {
	if e, ok := err.(*Error); ok {
		return l.bad(e.Offset, e.Code, e.Message)
	}
	return l.bad(l.pos, "CS1056", err.Error())
}

// next reads one token.
func (l *lexer) next() token {
	if t, ok := l.space(); !ok {
		return t
	}
	if l.pos >= len(l.src) {
		return token{kind: tokEOF, pos: len(l.src), end: len(l.src)}
	}
	start := l.pos
	c := l.src[start]
	rest := l.src[start:]
	switch {
	case strings.HasPrefix(rest, `$"`), strings.HasPrefix(rest, `$@"`), strings.HasPrefix(rest, `@$"`):
		return l.interp()
	case strings.HasPrefix(rest, `@"`), c == '"', c == '\'':
		return l.text()
	case c >= '0' && c <= '9', c == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return l.number()
	case c == '@' && len(rest) > 1 && identStart(rune(rest[1])), c == '_', c == '\\', c >= utf8.RuneSelf, identStart(rune(c)):
		return l.ident()
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			// "x?.5:1" is a conditional with a real literal.
			if op == "?." && len(rest) > 2 && rest[2] >= '0' && rest[2] <= '9' {
				op = "?"
			}
			l.pos += len(op)
			return token{kind: tokOp, pos: start, end: l.pos, text: op}
		}
	}
	return l.bad(start, "CS1056", "Unexpected character '"+string(c)+"'")
}

// space passes white space and comments; ok is false at an open comment or a
// preprocessor line.
func (l *lexer) space() (token, bool) {
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		switch {
		case unicode.IsSpace(r) || r == '\uFEFF':
			l.pos += size
		case strings.HasPrefix(l.src[l.pos:], "//"), strings.HasPrefix(l.src[l.pos:], "/*"):
			end, err := l.skip(l.pos, 0)
			if err != nil {
				return l.badError(err), false
			}
			l.pos = end
		case r == '#':
			return l.bad(l.pos, "CS1040", "Preprocessor directives are not supported within expressions"), false
		default:
			return token{}, true
		}
	}
	return token{}, true
}

// identStart reports a character that may begin a name.
func identStart(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) }

// identPart reports a character that may go on in a name.
func identPart(r rune) bool {
	return identStart(r) || unicode.IsDigit(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Pc, unicode.Cf)
}

// ident reads a name or keyword; @ makes a name of any word.
func (l *lexer) ident() token {
	start := l.pos
	verbatim := l.src[l.pos] == '@'
	if verbatim {
		l.pos++
	}
	var b strings.Builder
	for l.pos < len(l.src) {
		r, size := utf8.DecodeRuneInString(l.src[l.pos:])
		if r == '\\' {
			var ok bool
			if r, size, ok = l.unicodeEscape(); !ok {
				return l.bad(l.pos, "CS1056", `Unexpected character '\'`)
			}
		}
		if b.Len() == 0 && !identStart(r) || !identPart(r) {
			break
		}
		b.WriteRune(r)
		l.pos += size
	}
	name := b.String()
	if name == "" {
		return l.bad(start, "CS1056", "Unexpected character '"+string([]rune(l.src[start:])[0])+"'")
	}
	kind := tokIdent
	if !verbatim && keywords[name] {
		kind = tokKeyword
	}
	return token{kind: kind, pos: start, end: l.pos, text: name}
}

// unicodeEscape reads \uXXXX in an identifier without moving.
func (l *lexer) unicodeEscape() (r rune, size int, ok bool) {
	rest := l.src[l.pos:]
	if len(rest) < 6 || rest[1] != 'u' {
		return 0, 0, false
	}
	n, ok := hex(rest[2:6])
	return rune(n), 6, ok
}

func hex(s string) (n uint32, ok bool) {
	for i := range len(s) {
		d, good := hexDigit(s[i])
		if !good {
			return 0, false
		}
		n = n<<4 | d
	}
	return n, s != ""
}

func hexDigit(c byte) (uint32, bool) {
	switch {
	case c >= '0' && c <= '9':
		return uint32(c - '0'), true
	case c >= 'a' && c <= 'f':
		return uint32(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return uint32(c-'A') + 10, true
	}
	return 0, false
}
