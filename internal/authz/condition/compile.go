package condition

import (
	"strings"
)

// Condition is a condition, ready to be judged. It never changes.
type Condition struct {
	text string
	root *node
}

// String is the condition as it was written.
func (c *Condition) String() string { return c.text }

// Patterns reads a pattern of actions, as roles name them, and returns what tells whether an action in lower case matches.
type Patterns func(text string) (func(lower string) bool, error)

// node is a part of a condition: a comparison or a function (judge), or parts joined by an operator.
type node struct {
	join     join
	parts    []*node
	judge    func(q *question) verdict
	aims     bool // says which actions the condition is about; explanations look past it
	from, to int
}

type join int

const (
	leaf join = iota
	and
	or
	not
)

// Compile reads a condition. Its errors are *Error, for the author.
func Compile(text string, patterns Patterns) (*Condition, error) {
	if len(text) > MaxLength {
		return nil, errorf(MaxLength, "a condition has at most %d characters, this one has %d", MaxLength, len(text))
	}
	tokens, bad := scan(text)
	if bad != nil {
		return nil, bad
	}
	p := &parser{tokens: tokens, patterns: patterns}
	root, bad := p.either(0)
	if bad == nil && p.here().kind != end {
		bad = p.unexpected("AND, OR or the end")
	}
	if bad != nil {
		return nil, bad
	}
	return &Condition{text: text, root: root}, nil
}

// parser reads tokens in one pass, one method for each rule of the grammar.
type parser struct {
	tokens   []token
	at       int
	patterns Patterns
}

func (p *parser) here() token { return p.tokens[p.at] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != end {
		p.at++
	}
	return t
}

// is says whether the next token is one of these, whatever its case, and takes it.
func (p *parser) is(texts ...string) bool {
	t := p.here()
	for _, text := range texts {
		if (t.kind == sign || t.kind == word) && strings.EqualFold(t.text, text) {
			p.at++
			return true
		}
	}
	return false
}

func (p *parser) unexpected(wanted string) *Error {
	t := p.here()
	if t.kind == end {
		return errorf(t.from, "the condition ends where %s is expected", wanted)
	}
	return errorf(t.from, "'%s' stands where %s is expected", clip(t.text), wanted)
}

// either reads parts joined by AND or by OR. Both in one row are refused, as by Azure: the order of evaluation would be anybody's guess.
func (p *parser) either(depth int) (*node, *Error) {
	first, bad := p.part(depth)
	if bad != nil {
		return nil, bad
	}
	joined := &node{parts: []*node{first}, from: first.from}
	for {
		at, by := p.here().from, leaf
		switch {
		case p.is("AND", "&&"):
			by = and
		case p.is("OR", "||"):
			by = or
		}
		if by == leaf {
			break
		}
		if joined.join != leaf && joined.join != by {
			return nil, errorf(at, "AND and OR stand in one row; put parentheses around the parts that belong together")
		}
		joined.join = by
		next, bad := p.part(depth)
		if bad != nil {
			return nil, bad
		}
		joined.parts = append(joined.parts, next)
	}
	if joined.join == leaf {
		return first, nil
	}
	joined.to = joined.parts[len(joined.parts)-1].to
	return joined, nil
}

// part reads a negation, something in parentheses, a function or a comparison.
func (p *parser) part(depth int) (*node, *Error) {
	start := p.here().from
	if depth >= maxDepth {
		return nil, errorf(start, "parentheses and negations stand more than %d deep in each other", maxDepth)
	}
	switch {
	case p.is("!", "NOT"):
		inner, bad := p.part(depth + 1)
		if bad != nil {
			return nil, bad
		}
		return &node{join: not, parts: []*node{inner}, aims: inner.aims, from: start, to: inner.to}, nil
	case p.is("("):
		inner, bad := p.either(depth + 1)
		if bad != nil {
			return nil, bad
		}
		if !p.is(")") {
			return nil, p.unexpected("AND, OR or a closing parenthesis")
		}
		return inner, nil
	case p.is("ActionMatches"):
		return p.actionMatches(start)
	case p.is("SubOperationMatches"):
		if _, bad := p.names(); bad != nil {
			return nil, bad
		}
		// No action has suboperations here, so none is ever performed.
		return &node{judge: func(*question) verdict { return no }, aims: true, from: start, to: p.before()}, nil
	case p.is("Exists"):
		return p.exists(start)
	}
	return p.comparison(start)
}

// before is where the last token taken ended.
func (p *parser) before() int { return p.tokens[p.at-1].to }

func (p *parser) actionMatches(start int) (*node, *Error) {
	names, bad := p.names()
	if bad != nil {
		return nil, bad
	}
	var tests []func(string) bool
	for _, n := range names {
		test, err := p.patterns(n.text)
		if err != nil {
			return nil, errorf(n.from, "%s", err)
		}
		tests = append(tests, test)
	}
	judge := func(q *question) verdict {
		for _, matches := range tests {
			if matches(q.action) {
				return yes
			}
		}
		return no
	}
	return &node{judge: judge, aims: true, from: start, to: p.before()}, nil
}

// names reads {'text'}.
func (p *parser) names() ([]token, *Error) {
	if p.here().kind != sign || p.here().text != "{" {
		return nil, p.unexpected("a text in braces, such as {'Microsoft.Authorization/roleAssignments/write'},")
	}
	list, bad := p.set()
	for _, t := range list {
		if t.kind != quoted {
			return nil, errorf(t.from, "'%s' is not text in single quotes", clip(t.text))
		}
	}
	return list, bad
}

// set reads {value, value, …}, or one value alone.
func (p *parser) set() ([]token, *Error) {
	isValue := func() bool { k := p.here().kind; return k == word || k == quoted }
	if !p.is("{") {
		if !isValue() {
			return nil, p.unexpected("an attribute or a value")
		}
		return []token{p.take()}, nil
	}
	var list []token
	for {
		if !isValue() {
			return nil, p.unexpected("a value")
		}
		if len(list) == maxValues {
			return nil, errorf(p.here().from, "a set has at most %d values", maxValues)
		}
		list = append(list, p.take())
		switch {
		case p.is("}"):
			return list, nil
		case !p.is(","):
			return nil, p.unexpected("a comma or a closing brace")
		}
	}
}

func (p *parser) exists(start int) (*node, *Error) {
	if p.here().kind != attribute {
		return nil, p.unexpected("an attribute, written @Source[name],")
	}
	a, bad := attributeOf(p.take())
	if bad != nil {
		return nil, bad
	}
	return &node{judge: func(q *question) verdict { return q.has(a) }, from: start, to: p.before()}, nil
}
