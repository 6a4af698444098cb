package syntax

import "strings"

// Scan finds the end of the policy expression at the start of text, which must
// begin with "@(" or "@{": the offset just after the bracket that closes it.
// It balances that bracket only and knows strings, interpolated strings with
// their holes, chars and comments. The rest of text may be anything, such as
// the markup around the expression.
func Scan(text string) (end int, err error) {
	if len(text) < 2 || text[0] != '@' || text[1] != '(' && text[1] != '{' {
		return 0, &Error{text, 0, "CS1525", "an expression begins with @( or @{"}
	}
	s := &scanner{src: text}
	open, closing := text[1], byte(')')
	if open == '{' {
		closing = '}'
	}
	depth := 0
	for i := 1; i < len(text); {
		if i > MaxSource {
			return 0, s.fail(0, "CS8078", "the expression is longer than 256 KiB")
		}
		switch text[i] {
		case open:
			depth++
			i++
		case closing:
			i++
			if depth--; depth == 0 {
				return i, nil
			}
		default:
			if i, err = s.skip(i, 0); err != nil {
				return 0, err
			}
		}
	}
	return 0, s.fail(0, "CS1026", "the expression is not closed: "+string(closing)+" expected")
}

// scanner walks source text without making tokens.
type scanner struct{ src string }

// fail makes the error at an offset.
func (s *scanner) fail(at int, code, message string) *Error {
	return &Error{s.src, at, code, message}
}

// skip passes one lexical element that may hold brackets: a comment, a string,
// a char, or else one byte.
func (s *scanner) skip(i, depth int) (int, error) {
	rest := s.src[i:]
	switch {
	case strings.HasPrefix(rest, "//"):
		if n := strings.IndexByte(rest, '\n'); n >= 0 {
			return i + n + 1, nil
		}
		return len(s.src), nil
	case strings.HasPrefix(rest, "/*"):
		n := strings.Index(rest[2:], "*/")
		if n < 0 {
			return 0, s.fail(i, "CS1035", "End-of-file found, '*/' expected")
		}
		return i + n + 4, nil
	case strings.HasPrefix(rest, `@"`):
		return s.verbatim(i)
	case strings.HasPrefix(rest, `$"`):
		return s.interpolated(i, i+2, false, depth, nil)
	case strings.HasPrefix(rest, `$@"`), strings.HasPrefix(rest, `@$"`):
		return s.interpolated(i, i+3, true, depth, nil)
	case rest[0] == '"':
		return s.quoted(i, '"')
	case rest[0] == '\'':
		return s.quoted(i, '\'')
	}
	return i + 1, nil
}

// quoted passes a regular string or char literal.
func (s *scanner) quoted(start int, quote byte) (int, error) {
	for i := start + 1; i < len(s.src); i++ {
		switch s.src[i] {
		case quote:
			return i + 1, nil
		case '\\':
			i++
		case '\n':
			return 0, s.unterminated(start, quote)
		}
	}
	return 0, s.unterminated(start, quote)
}

// unterminated reports a literal that does not end on its line.
func (s *scanner) unterminated(at int, quote byte) error {
	if quote == '\'' {
		return s.fail(at, "CS1012", "Too many characters in character literal")
	}
	return s.fail(at, "CS1010", "Newline in constant: the string is not terminated before the end of the line")
}

// verbatim passes @"…" with "" inside.
func (s *scanner) verbatim(start int) (int, error) {
	for i := start + 2; i < len(s.src); i++ {
		if s.src[i] != '"' {
			continue
		}
		if i+1 < len(s.src) && s.src[i+1] == '"' {
			i++
			continue
		}
		return i + 1, nil
	}
	return 0, s.fail(start, "CS1039", "Unterminated string literal")
}

// piece is a part of an interpolated string: text from start to end, or a hole
// whose expression (with alignment) is from start to colon and whose format is
// from colon+1 to end. Without a format colon is end.
type piece struct {
	hole              bool
	start, colon, end int
}

// interpolated passes $"…" from just after its quote; found, if not nil, gets
// the pieces.
func (s *scanner) interpolated(start, i int, verbatim bool, depth int, found func(piece)) (int, error) {
	if depth > MaxDepth {
		return 0, s.fail(start, "CS8078", "An expression is too long or complex to compile")
	}
	text := i
	flush := func(to int) {
		if found != nil && to > text {
			found(piece{start: text, end: to})
		}
	}
	for i < len(s.src) {
		switch c := s.src[i]; {
		case c == '"' && verbatim && i+1 < len(s.src) && s.src[i+1] == '"':
			i += 2
		case c == '"':
			flush(i)
			return i + 1, nil
		case c == '\\' && !verbatim && i+1 < len(s.src) && (s.src[i+1] == '{' || s.src[i+1] == '}'):
			return 0, s.fail(i, "CS8087", "A '"+s.src[i+1:i+2]+"' character may only be escaped by doubling it in an interpolated string.")
		case c == '\\' && !verbatim:
			i += 2
		case c == '\n' && !verbatim:
			return 0, s.fail(start, "CS1010", "Newline in constant: the string is not terminated before the end of the line")
		case c == '{' && i+1 < len(s.src) && s.src[i+1] == '{', c == '}' && i+1 < len(s.src) && s.src[i+1] == '}':
			i += 2
		case c == '{':
			flush(i)
			p, err := s.hole(i+1, depth)
			if err != nil {
				return 0, err
			}
			if found != nil {
				found(p)
			}
			i = p.end + 1
			text = i
		case c == '}':
			return 0, s.fail(i, "CS8086", "A '}' character must be escaped (by doubling) in an interpolated string")
		default:
			i++
		}
	}
	return 0, s.fail(start, "CS1039", "Unterminated string literal")
}

// hole finds the end of a hole: the brace at depth 0, past an optional format.
func (s *scanner) hole(start, depth int) (p piece, err error) {
	p = piece{hole: true, start: start, colon: -1}
	nest := 0
	for i := start; i < len(s.src); {
		switch c := s.src[i]; {
		case c == '(' || c == '[' || c == '{':
			nest++
			i++
		case c == '}' && nest == 0:
			p.colon, p.end = i, i
			return p, nil
		case c == ')' || c == ']' || c == '}':
			nest--
			i++
		case c == ':' && nest == 0 && i+1 < len(s.src) && s.src[i+1] == ':':
			i += 2
		case c == ':' && nest == 0:
			n := strings.IndexAny(s.src[i:], "}\"")
			if n < 0 || s.src[i+n] == '"' {
				return p, s.unclosed(start)
			}
			p.colon, p.end = i, i+n
			return p, nil
		default:
			if i, err = s.skip(i, depth+1); err != nil {
				if e, ok := err.(*Error); ok && e.Code == "CS8078" {
					return p, err
				}
				return p, s.unclosed(start)
			}
		}
	}
	return p, s.unclosed(start)
}

// unclosed reports a hole without its brace.
func (s *scanner) unclosed(start int) error {
	return s.fail(start-1, "CS8076", "Missing close delimiter '}' for interpolated expression started with '{'.")
}
