package sqldata

import (
	"fmt"
	"strconv"
	"strings"
)

// A statement of PostgreSQL comes with parameters by name, and may be several. The server takes one at a time, with parameters by number.

// single is one statement for the server: its text, and which parameters its numbers stand for.
type single struct {
	text  string
	names []string
}

// splitPostgres takes a text apart at its semicolons and puts numbers in place of @names. Literals, quoted names and comments stay as they are. A name
// that no parameter bears is an error: of a misspelt one PostgreSQL would take the absolute value.
func splitPostgres(text string, declared func(name string) (kind string, ok bool)) ([]single, error) {
	s := scan{text: text, declared: declared, numbers: map[string]int{}}
	for s.at < len(text) {
		if err := s.step(); err != nil {
			return nil, err
		}
	}
	s.end()
	return s.out, nil
}

type scan struct {
	text     string
	at       int
	declared func(string) (string, bool)
	b        strings.Builder
	written  bool // more than blanks and comments
	numbers  map[string]int
	names    []string
	out      []single
}

func (s *scan) step() error {
	rest := s.text[s.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "--"):
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		s.copy(end, false)
	case strings.HasPrefix(rest, "/*"):
		s.copy(commentEnd(rest), false)
	case c == '\'':
		s.copy(quoteEnd(rest, '\'', s.escapes()), true)
	case c == '"':
		s.copy(quoteEnd(rest, '"', false), true)
	case c == '$':
		s.copy(dollarEnd(rest, s.inName()), true)
	case c == ';':
		s.at++
		s.end()
	case c == '@' && len(rest) > 1 && isLetter(rest[1]) && !s.inOperator():
		return s.parameter(rest)
	default:
		s.copy(1, c != ' ' && c != '\t' && c != '\n' && c != '\r')
	}
	return nil
}

func (s *scan) copy(n int, counts bool) {
	s.b.WriteString(s.text[s.at : s.at+n])
	s.at += n
	s.written = s.written || counts
}

// end closes a statement; empty ones are none.
func (s *scan) end() {
	if s.written {
		s.out = append(s.out, single{strings.TrimSpace(s.b.String()), s.names})
	}
	s.b.Reset()
	s.names, s.numbers, s.written = nil, map[string]int{}, false
}

func (s *scan) parameter(rest string) error {
	end := 1
	for end < len(rest) && (isLetter(rest[end]) || isDigit(rest[end])) {
		end++
	}
	name := rest[1:end]
	kind, ok := s.declared(name)
	if !ok && strings.HasSuffix(s.text[:s.at], "<") {
		s.copy(1, true)
		return nil
	}
	if !ok {
		return fmt.Errorf("the statement uses @%.60s, which is no parameter; an absolute value is written with a blank, as in @ x", name)
	}
	key := strings.ToLower(name)
	number := s.numbers[key]
	if number == 0 {
		s.names = append(s.names, name)
		number = len(s.names)
		s.numbers[key] = number
	}
	s.b.WriteString("$" + strconv.Itoa(number))
	if kind != "" {
		s.b.WriteString("::" + kind)
	}
	s.at += end
	s.written = true
	return nil
}

// inName says that the text so far ends within a name, which may hold dollar signs.
func (s *scan) inName() bool {
	return s.at > 0 && (isLetter(s.text[s.at-1]) || isDigit(s.text[s.at-1]) || s.text[s.at-1] == '$' || s.text[s.at-1] >= 0x80)
}

// inOperator says that the @ ends an operator, @@ or @-@. In <@ it does so too, unless a parameter bears the name behind it.
func (s *scan) inOperator() bool {
	before := s.text[:s.at]
	return strings.HasSuffix(before, "@") || strings.HasSuffix(before, "@-")
}

// escapes says that the literal that begins here takes backslashes: E'…'.
func (s *scan) escapes() bool {
	return s.at > 0 && (s.text[s.at-1] == 'E' || s.text[s.at-1] == 'e') && !(s.at > 1 && (isLetter(s.text[s.at-2]) || isDigit(s.text[s.at-2])))
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// quoteEnd is where what begins with a quote ends; a doubled quote does not end it. What never ends goes to the end: the server says so.
func quoteEnd(s string, quote byte, escapes bool) int {
	for i := 1; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\':
			i++
		case s[i] == quote && i+1 < len(s) && s[i+1] == quote:
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

// commentEnd is where a comment ends; comments nest.
func commentEnd(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			i++
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// dollarEnd is where a literal in dollar signs ends: $tag$ … $tag$. A dollar sign that begins none is one character.
func dollarEnd(s string, inName bool) int {
	end := 1
	for end < len(s) && (isLetter(s[end]) || end > 1 && isDigit(s[end]) || s[end] >= 0x80) {
		end++
	}
	if inName || end >= len(s) || s[end] != '$' {
		return 1
	}
	tag := s[:end+1]
	close := strings.Index(s[len(tag):], tag)
	if close < 0 {
		return len(s)
	}
	return 2*len(tag) + close
}
