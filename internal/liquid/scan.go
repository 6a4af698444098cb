package liquid

import (
	"regexp"
	"strings"
)

// token is a piece of a template's source.
type token struct {
	kind   tokenKind
	s      string // text, or what stands between the delimiters
	offset int    // of s in the source
}

type tokenKind uint8

const (
	textToken   tokenKind = iota
	outputToken           // {{ … }}
	tagToken              // {% … %}
)

// verbatim are the tags whose content is no template.
var verbatim = map[string]*regexp.Regexp{}

func init() {
	for _, name := range []string{"raw", "comment", "literal"} {
		verbatim[name] = regexp.MustCompile(`\{%-?\s*end` + name + `\s*-?%\}`)
	}
}

var tagName = regexp.MustCompile(`^\s*([\p{L}\p{N}_]+)\s*`)

// scan cuts a source into tokens.
func scan(source string) ([]token, error) {
	var out []token
	at := 0
	add := func(from, to int, trimEnd bool) {
		s := source[from:to]
		if trimEnd {
			s = strings.TrimRight(s, "\t ")
		}
		if s != "" {
			out = append(out, token{textToken, s, from})
		}
	}
	for at < len(source) {
		start, kind := nextMark(source, at)
		if start < 0 {
			break
		}
		from := start + 2
		dash := strings.HasPrefix(source[from:], "-")
		add(at, start, dash)
		if dash {
			from++
		}
		end, next, ok := closing(source, from, kind)
		if !ok {
			what, with := "tag", "%}"
			if kind == outputToken {
				what, with = "output", "}}"
			}
			return nil, &Error{Offset: start, Message: "the " + what + " that begins here is not closed; end it with " + with}
		}
		t := token{kind, source[from:end], from}
		out = append(out, t)
		at = next
		if m := tagName.FindStringSubmatch(t.s); kind == tagToken && m != nil && verbatim[m[1]] != nil {
			found := verbatim[m[1]].FindStringIndex(source[at:])
			if found == nil {
				return nil, &Error{Offset: start, Message: "the tag " + m[1] + " is not closed; end it with {% end" + m[1] + " %}"}
			}
			add(at, at+found[0], strings.HasPrefix(source[at+found[0]:], "{%-"))
			out = append(out, token{tagToken, "end" + m[1], at + found[0] + 2})
			next = at + found[1]
			if source[next-3] == '-' {
				next = afterDash(source, next)
			}
			at = next
		}
	}
	add(at, len(source), false)
	return out, nil
}

// nextMark finds the next {{ or {%.
func nextMark(s string, from int) (int, tokenKind) {
	for i := from; i+1 < len(s); i++ {
		if s[i] == '{' && s[i+1] == '{' {
			return i, outputToken
		}
		if s[i] == '{' && s[i+1] == '%' {
			return i, tagToken
		}
	}
	return -1, textToken
}

// closing finds where the content that begins at from ends, and where the text behind it begins. Quotes hide delimiters.
func closing(s string, from int, kind tokenKind) (end, next int, ok bool) {
	first := byte('}')
	if kind == tagToken {
		first = '%'
	}
	for i := from; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' || c == '"':
			close := strings.IndexByte(s[i+1:], c)
			if close < 0 {
				return 0, 0, false
			}
			i += close + 1
		case c == first && i+1 < len(s) && s[i+1] == '}':
			if i > from && s[i-1] == '-' {
				return i - 1, afterDash(s, i+2), true
			}
			return i, i + 2, true
		}
	}
	return 0, 0, false
}

// afterDash is where text goes on behind -}} or -%}: one line break, or a run of blanks, is dropped, never both.
func afterDash(s string, at int) int {
	switch rest := s[at:]; {
	case strings.HasPrefix(rest, "\n"):
		return at + 1
	case strings.HasPrefix(rest, "\r\n"):
		return at + 2
	}
	for at < len(s) && (s[at] == ' ' || s[at] == '\t') {
		at++
	}
	return at
}
