package policy

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// mark ties an offset of decoded text to the offset in the document it came from. Between two marks both run alike, so a list of marks
// finds the place of any character of a value, however often entities and named values have changed lengths.
type mark struct{ out, in int }

// text is decoded text that remembers where it came from.
type text struct {
	s     string
	marks []mark
}

// origin returns the document offset of offset out of the text.
func (t text) origin(out int) int {
	at := mark{}
	for _, m := range t.marks {
		if m.out > out {
			break
		}
		at = m
	}
	return at.in + out - at.out
}

// verbatim is raw text as it stands at offset in.
func verbatim(raw string, in int) text { return text{raw, []mark{{0, in}}} }

// decode replaces the predefined entities and character references of raw, which stands at offset in. What is no entity stays as it is:
// real policies hold bare ampersands.
func decode(raw string, in int) text {
	if strings.IndexByte(raw, '&') < 0 {
		return verbatim(raw, in)
	}
	var b strings.Builder
	marks := []mark{{0, in}}
	for i := 0; i < len(raw); {
		if raw[i] != '&' {
			b.WriteByte(raw[i])
			i++
			continue
		}
		r, size := entity(raw[i:])
		if size == 0 {
			b.WriteByte('&')
			i++
			continue
		}
		b.WriteRune(r)
		i += size
		marks = append(marks, mark{b.Len(), in + i})
	}
	return text{b.String(), marks}
}

var entities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// entity reads the reference at the start of s; size is 0 when there is none.
func entity(s string) (r rune, size int) {
	end := strings.IndexByte(s[:min(len(s), 12)], ';')
	if end < 2 {
		return 0, 0
	}
	name := s[1:end]
	if r, ok := entities[name]; ok {
		return r, end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	digits, base := name[1:], 10
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), end + 1
}

// escape is the escaped form of an expression; quote is the delimiter of its attribute, 0 for element text.
func escape(s string, quote byte) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '"' && quote != '\'': // in text as well, as the service writes it
			b.WriteString("&quot;")
		case c == '\'' && quote == '\'':
			b.WriteString("&apos;")
		case c == '\n' && quote != 0:
			b.WriteString("&#xA;")
		case c == '\r':
			b.WriteString("&#xD;")
		case c == '\t' && quote != 0:
			b.WriteString("&#x9;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unescape is the raw form of an expression: verbatim but for ampersands that would read as an entity.
func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] != '&' {
			continue
		}
		if _, size := entity(s[i:]); size > 0 {
			b.WriteString("amp;")
		}
	}
	return b.String()
}
