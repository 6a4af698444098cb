package odata

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	end     tokenKind = iota
	word              // a name, possibly qualified; an operator; $it, $root
	literal           // a number, a text, a date, a GUID
	alias             // @name
	mark              // ( ) , / : *
)

type token struct {
	kind tokenKind
	text string
}

// parser reads an expression: its tokens, one after another.
type parser struct {
	model  *Model
	tokens []token
	at     int
	depth  int
	scope  map[string]place // range variables of any and all
	it     place
}

func (p *parser) kind() tokenKind {
	if p.at < len(p.tokens) {
		return p.tokens[p.at].kind
	}
	return end
}

func (p *parser) text() string {
	if p.at < len(p.tokens) {
		return p.tokens[p.at].text
	}
	return ""
}

// take takes a mark when it is next.
func (p *parser) take(text string) bool {
	if p.kind() == mark && p.text() == text {
		p.at++
		return true
	}
	return false
}

func (p *parser) need(text string) error {
	if !p.take(text) {
		return fmt.Errorf("'%s' is expected%s", text, p.near())
	}
	return nil
}

func (p *parser) near() string {
	if p.kind() == end {
		return " at the end"
	}
	return " before '" + clip(p.text()) + "'"
}

// read cuts a text into tokens.
func (p *parser) read(s string) error {
	for i := 0; i < len(s); {
		if len(p.tokens) >= maxTokens {
			return fmt.Errorf("the expression has more than %d parts", maxTokens)
		}
		c := s[i]
		switch {
		case c == ' ' || c == '\t':
			i++
		case strings.IndexByte("(),/:*=;", c) >= 0:
			p.tokens = append(p.tokens, token{mark, s[i : i+1]})
			i++
		case c == '-' && !numberFollows(s[i+1:]):
			p.tokens = append(p.tokens, token{mark, "-"})
			i++
		case c == '\'':
			n := quoted(s[i:])
			if n < 0 {
				return fmt.Errorf("a quote is not closed")
			}
			p.tokens = append(p.tokens, token{literal, s[i : i+n]})
			i += n
		case c == '@' || c == '$':
			n := 1 + nameLength(s[i+1:])
			if n == 1 {
				return fmt.Errorf("'%c' stands alone", c)
			}
			p.tokens = append(p.tokens, token{map[byte]tokenKind{'@': alias, '$': word}[c], s[i : i+n]})
			i += n
		default:
			n, kind := bare(s[i:])
			if n == 0 {
				r, _ := utf8.DecodeRuneInString(s[i:])
				return fmt.Errorf("'%c' can't stand in an expression", r)
			}
			p.tokens = append(p.tokens, token{kind, s[i : i+n]})
			i += n
		}
	}
	return nil
}

// quoted is the length of a text in quotes, in which a quote is doubled; -1 when it isn't closed.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			i++
			continue
		}
		return i + 1
	}
	return -1
}

func isNameRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func nameLength(s string) int {
	for i, r := range s {
		if !isNameRune(r) && r != '.' {
			return i
		}
	}
	return len(s)
}

// bare is what begins without a quote: a name, or a number, date, time or GUID.
func bare(s string) (int, tokenKind) {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !isNameRune(r) && strings.IndexByte(".-+:", s[n]) < 0 {
			break
		}
		if s[n] == ':' && !(n > 0 && isDigit(s[n-1]) && n+1 < len(s) && isDigit(s[n+1]) && isDigit(s[0])) {
			break // of a lambda, not of a time
		}
		n += size
	}
	if n == 0 {
		return 0, end
	}
	if first := s[0]; isDigit(first) || first == '-' || first == '+' || first == '.' {
		return n, literal
	}
	if isGUID(s[:n]) {
		return n, literal
	}
	name := nameLength(s)
	return name, word
}

// numberFollows says whether a minus sign belongs to a number.
func numberFollows(s string) bool {
	return s != "" && (isDigit(s[0]) || s[0] == '.') || strings.HasPrefix(s, "INF")
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (s[i] == '-') || !dash && strings.IndexByte("0123456789abcdefABCDEF", s[i]) < 0 {
			return false
		}
	}
	return true
}
