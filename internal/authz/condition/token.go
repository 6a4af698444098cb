package condition

import (
	"fmt"
	"strings"
)

// Bounds of a condition. Azure's own is the length: 8 KB.
const (
	MaxLength = 8 << 10
	maxDepth  = 32  // parentheses and negations in each other
	maxValues = 256 // values of one set; more GUIDs than that exceed the length
	maxName   = 256 // of an attribute
)

// Error says what is wrong with a condition, and where: At counts bytes from 0.
type Error struct {
	At      int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s (at character %d)", e.Message, e.At+1) }

func errorf(at int, format string, args ...any) *Error {
	return &Error{At: at, Message: fmt.Sprintf(format, args...)}
}

// token is one word or sign. Its text is what was written, without quotes and brackets.
type token struct {
	kind     tokenKind
	text     string
	from, to int
}

type tokenKind int

const (
	end       tokenKind = iota
	sign                // ( ) { } , ! && ||
	word                // AND, ActionMatches, GuidEquals, 7, a GUID
	quoted              // 'text'
	attribute           // @Source[name]; the text is Source[name
)

// scan cuts a text into tokens; the last one is an end.
func scan(text string) ([]token, *Error) {
	var out []token
	for at := 0; ; {
		for at < len(text) && strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
		}
		if at == len(text) {
			return append(out, token{kind: end, from: at, to: at}), nil
		}
		t, err := next(text, at)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
		at = t.to
	}
}

func next(text string, at int) (token, *Error) {
	rest := text[at:]
	switch c := rest[0]; {
	case strings.IndexByte("(){},!", c) >= 0:
		return token{sign, rest[:1], at, at + 1}, nil
	case strings.HasPrefix(rest, "&&") || strings.HasPrefix(rest, "||"):
		return token{sign, rest[:2], at, at + 2}, nil
	case c == '\'':
		return quotation(text, at)
	case c == '@':
		return attributeAt(text, at)
	}
	n := 0
	for n < len(rest) && isWord(rest[n]) {
		n++
	}
	if n == 0 {
		return token{}, errorf(at, "the character %q has no meaning here", firstRune(rest))
	}
	return token{word, rest[:n], at, at + n}, nil
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == ':' || c == '-' || c == '_' || c == '.'
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// quotation reads 'text', in which \' is a quote. Other backslashes stay, because StringLike has its own use for them.
func quotation(text string, at int) (token, *Error) {
	var b strings.Builder
	for i := at + 1; i < len(text); i++ {
		switch {
		case text[i] == '\'':
			return token{quoted, b.String(), at, i + 1}, nil
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '\'':
			i++
			b.WriteByte('\'')
		default:
			b.WriteByte(text[i])
		}
	}
	return token{}, errorf(at, "the text that begins here has no closing quote")
}

// attributeAt reads @Source[name].
func attributeAt(text string, at int) (token, *Error) {
	inside, _, closed := strings.Cut(text[at+1:], "]")
	if !closed || !strings.Contains(inside, "[") {
		return token{}, errorf(at, "an attribute is written @Source[name]")
	}
	if len(inside) > maxName {
		return token{}, errorf(at, "the name of an attribute has at most %d characters", maxName)
	}
	return token{attribute, inside, at, at + len(inside) + 2}, nil
}
