package route

import (
	"fmt"
	"strings"
)

// Template is a parsed URL template of an operation: "/orders/{id}/lines?state={s}".
type Template struct {
	parts    []part // one a segment
	wildcard bool   // ends in "/*" or "/{*name}": any number of further segments
	rest     string // the name in {*name}
	terms    []term
	names    []string // parameters of the path, in order
}

// part is one segment: alternating literal and parameter pieces.
type part struct {
	pieces []piece
	key    string // same for parts that match the same texts
}

// piece is a literal (folded) or a parameter.
type piece struct {
	literal string
	name    string
}

// term is one required query parameter: a literal value, or a parameter that takes it.
type term struct{ key, literal, name string }

// A TemplateError says what is wrong with a template; Column counts characters from 1.
type TemplateError struct {
	Template string
	Column   int
	Reason   string
}

func (e *TemplateError) Error() string {
	return fmt.Sprintf("URL template %q, column %d: %s", e.Template, e.Column, e.Reason)
}

// ParseTemplate reads a URL template. Parameters are names in braces, at most one between two literals; "/*" or "/{*name}" may stand last
// and takes the rest of a path. Errors are of type *TemplateError.
func ParseTemplate(text string) (*Template, error) {
	t := new(Template)
	path, query, _ := strings.Cut(text, "?")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if n := len(segments); segments[n-1] == "" {
		segments = segments[:n-1] // a trailing slash says nothing
	}
	if len(segments) > MaxSegments {
		return nil, &TemplateError{text, 1, fmt.Sprintf("more than %d segments", MaxSegments)}
	}
	column := 1 + len(path) - len(strings.TrimPrefix(path, "/"))
	seen := map[string]bool{}
	for i, s := range segments {
		if name, ok := wildcardName(s); ok {
			if i != len(segments)-1 {
				return nil, &TemplateError{text, column, "a wildcard must be the last segment"}
			}
			t.wildcard, t.rest = true, name
			break
		}
		p, at, reason := parsePart(s)
		if reason == "" {
			reason = t.claim(p, seen)
		}
		if reason != "" {
			return nil, &TemplateError{text, column + at, reason}
		}
		t.parts = append(t.parts, p)
		column += len(s) + 1
	}
	if query == "" {
		return t, nil
	}
	return t, t.parseQuery(text, query, len(path)+2, seen)
}

// claim notes the parameters of a part; a name may be used once.
func (t *Template) claim(p part, seen map[string]bool) string {
	for _, piece := range p.pieces {
		if piece.name == "" {
			continue
		}
		if seen[strings.ToLower(piece.name)] {
			return fmt.Sprintf("parameter {%s} stands twice", piece.name)
		}
		seen[strings.ToLower(piece.name)] = true
		t.names = append(t.names, piece.name)
	}
	return ""
}

func wildcardName(segment string) (string, bool) {
	if segment == "*" {
		return "", true
	}
	if name, ok := strings.CutPrefix(segment, "{*"); ok && strings.HasSuffix(name, "}") {
		return name[:len(name)-1], true
	}
	return "", false
}

// parsePart reads one segment; reason is "" or what is wrong at offset at.
func parsePart(s string) (p part, at int, reason string) {
	var key strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '{' {
			end := strings.IndexAny(s[i:], "{}")
			if end < 0 {
				end = len(s) - i
			}
			if end == 0 {
				return p, i, "} without {"
			}
			text := strings.ToLower(Unescape(strings.ReplaceAll(s[i:i+end], "+", "%2B")))
			p.pieces = append(p.pieces, piece{literal: text})
			key.WriteString(text)
			i += end
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		switch {
		case end < 0:
			return p, i, "{ without }"
		case end == 1:
			return p, i, "parameter without a name"
		case strings.ContainsAny(s[i+1:i+end], "{*/?&= "):
			return p, i, fmt.Sprintf("%q is not a name for a parameter", s[i+1:i+end])
		case i > 0 && s[i-1] == '}':
			return p, i, "two parameters need text between them"
		}
		p.pieces = append(p.pieces, piece{name: s[i+1 : i+end]})
		key.WriteString("{}")
		i += end + 1
	}
	if len(p.pieces) == 0 {
		return p, 0, "empty segment"
	}
	p.key = key.String()
	if p.key == "." || p.key == ".." {
		return p, 0, "dot segment"
	}
	return p, 0, ""
}

// parseQuery reads the required query parameters.
func (t *Template) parseQuery(text, query string, column int, seen map[string]bool) error {
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		q := term{key: Unescape(key), literal: Unescape(value)}
		if name, ok := strings.CutPrefix(value, "{"); ok && strings.HasSuffix(name, "}") {
			q.name, q.literal = name[:len(name)-1], ""
		}
		switch {
		case key == "" || strings.ContainsAny(key, "{}"):
			return &TemplateError{text, column, "a query parameter needs a literal name"}
		case strings.ContainsAny(q.name+q.literal, "{}"), q.name == "" && strings.HasPrefix(value, "{"):
			return &TemplateError{text, column, "the value of a query parameter is a literal or one {parameter}"}
		case q.name != "" && seen[strings.ToLower(q.name)]:
			return &TemplateError{text, column, fmt.Sprintf("parameter {%s} stands twice", q.name)}
		}
		seen[strings.ToLower(q.name)] = q.name != ""
		t.terms = append(t.terms, q)
		column += len(pair) + 1
	}
	return nil
}

// Key is equal for templates that match exactly the same requests, whatever their parameters are called.
func (t *Template) Key() string {
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString("/" + p.key)
	}
	if t.wildcard {
		b.WriteString("/*")
	}
	for i, q := range sortedTerms(t.terms) {
		b.WriteString([...]string{"?", "&"}[min(i, 1)] + strings.ToLower(q.key) + "=" + q.literal)
		if q.name != "" {
			b.WriteString("{}")
		}
	}
	return b.String()
}
