package arm

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type tokKind uint8

const (
	tokEnd tokKind = iota
	tokWord
	tokString
	tokTime
	tokOpen
	tokClose
	tokComma
)

type filterToken struct {
	kind tokKind
	text string
	when time.Time
	col  int
}

// lexFilter splits a filter into words, string literals (” is an escaped quote), datetime'…' literals and punctuation.
func lexFilter(s string) ([]filterToken, error) {
	var out []filterToken
	for i := 0; i < len(s); {
		col := i + 1
		switch c := s[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '(' || c == ')' || c == ',':
			out = append(out, filterToken{kind: map[byte]tokKind{'(': tokOpen, ')': tokClose, ',': tokComma}[c], text: string(c), col: col})
			i++
		case c == '\'':
			text, n, ok := quoted(s[i:])
			if !ok {
				return nil, fmt.Errorf("the text that begins at column %d has no closing quote", col)
			}
			out = append(out, filterToken{kind: tokString, text: text, col: col})
			i += n
		default:
			j := i
			for j < len(s) && !strings.ContainsRune(" \t(),'", rune(s[j])) {
				j++
			}
			word := s[i:j]
			if j < len(s) && s[j] == '\'' && strings.EqualFold(word, "datetime") {
				text, n, ok := quoted(s[j:])
				when, err := parseTime(text)
				if !ok || err != nil {
					return nil, fmt.Errorf("the datetime at column %d is not an ISO 8601 time", col)
				}
				out = append(out, filterToken{kind: tokTime, text: text, when: when, col: col})
				i = j + n
				continue
			}
			if j == i {
				return nil, fmt.Errorf("the character %q at column %d is not expected", s[i], col)
			}
			out = append(out, filterToken{kind: tokWord, text: word, col: col})
			i = j
		}
	}
	return append(out, filterToken{kind: tokEnd, text: "the end", col: len(s) + 1}), nil
}

func quoted(s string) (text string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return b.String(), i + 1, true
	}
	return "", 0, false
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", clip(s))
}

type filterParser struct {
	toks  []filterToken
	depth int
}

func (p *filterParser) peek() filterToken { return p.toks[0] }

func (p *filterParser) next() filterToken {
	t := p.toks[0]
	if t.kind != tokEnd {
		p.toks = p.toks[1:]
	}
	return t
}

func (p *filterParser) word(w string) bool {
	if t := p.peek(); t.kind == tokWord && strings.EqualFold(t.text, w) {
		p.next()
		return true
	}
	return false
}

func (p *filterParser) expect(k tokKind, what string) error {
	if t := p.next(); t.kind != k {
		return fmt.Errorf("%s is expected at column %d, not %q", what, t.col, t.text)
	}
	return nil
}

func (p *filterParser) or() (node, error) {
	a, err := p.and()
	for err == nil && p.word("or") {
		var b node
		b, err = p.and()
		a = logic{false, a, b}
	}
	return a, err
}

func (p *filterParser) and() (node, error) {
	a, err := p.unary()
	for err == nil && p.word("and") {
		var b node
		b, err = p.unary()
		a = logic{true, a, b}
	}
	return a, err
}

func (p *filterParser) unary() (node, error) {
	if p.depth++; p.depth > maxFilterDepth {
		return nil, fmt.Errorf("it nests deeper than %d levels", maxFilterDepth)
	}
	defer func() { p.depth-- }()
	switch {
	case p.word("not"):
		a, err := p.unary()
		return not{a}, err
	case p.peek().kind == tokOpen:
		p.next()
		a, err := p.or()
		if err == nil {
			err = p.expect(tokClose, "a closing parenthesis")
		}
		return a, err
	}
	t := p.next()
	if t.kind != tokWord {
		return nil, fmt.Errorf("a field or a function is expected at column %d, not %q", t.col, t.text)
	}
	if p.peek().kind == tokOpen {
		return p.function(t)
	}
	return p.comparison(t)
}

func (p *filterParser) function(t filterToken) (node, error) {
	fn := strings.ToLower(t.text)
	switch fn {
	case "contains", "startswith", "endswith", "substringof":
	case "atscope", "atscopeandbelow", "assignedto":
		return p.scopeFunction(fn)
	default:
		return nil, fmt.Errorf("there is no function %q; there are contains, startswith, endswith and substringof", t.text)
	}
	p.next()
	a := p.next()
	if err := p.expect(tokComma, "a comma"); err != nil {
		return nil, err
	}
	b := p.next()
	if err := p.expect(tokClose, "a closing parenthesis"); err != nil {
		return nil, err
	}
	if fn == "substringof" {
		a, b = b, a
	}
	if a.kind != tokWord || b.kind != tokString {
		return nil, fmt.Errorf("%s at column %d takes a field and a text in single quotes", t.text, t.col)
	}
	return call{fn, a.text, b.text}, nil
}

// scopeFunction reads the three functions of role lists: they become comparisons with fields of the same names, which only those lists have.
func (p *filterParser) scopeFunction(fn string) (node, error) {
	p.next()
	var want Field = true
	if fn == "assignedto" {
		t := p.next()
		if t.kind != tokString {
			return nil, fmt.Errorf("assignedTo at column %d takes an object id in single quotes", t.col)
		}
		want = t.text
	}
	return compare{fn, "eq", want}, p.expect(tokClose, "a closing parenthesis")
}

func (p *filterParser) comparison(field filterToken) (node, error) {
	op := p.next()
	switch strings.ToLower(op.text) {
	case "eq", "ne", "gt", "ge", "lt", "le":
	default:
		return nil, fmt.Errorf("eq, ne, gt, ge, lt or le is expected at column %d, not %q", op.col, op.text)
	}
	v := p.next()
	c := compare{field: field.text, op: strings.ToLower(op.text)}
	switch v.kind {
	case tokString:
		c.want = v.text
	case tokTime:
		c.want = v.when
	case tokWord:
		want, err := literal(v.text)
		if err != nil {
			return nil, fmt.Errorf("%q at column %d is not a value; texts stand in single quotes", v.text, v.col)
		}
		c.want = want
	default:
		return nil, fmt.Errorf("a value is expected at column %d, not %q", v.col, v.text)
	}
	return c, nil
}

func literal(s string) (Field, error) {
	switch strings.ToLower(s) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f, nil
	}
	return parseTime(s)
}
