package route

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Operations finds the operation of a request within its API. At every segment a literal goes before a literal with parameters in it, that
// before a parameter, and that before a wildcard; among operations of one path, the one that asks for more query parameters goes first, then
// the one that asks for more values of theirs.
// A path whose better match has no such method is tried with the next. Build it with Add; read-only afterwards.
type Operations[V any] struct{ root opNode[V] }

type opNode[V any] struct {
	literal  map[string]*opNode[V]
	compound []compoundEdge[V] // longest literal text first
	param    *opNode[V]
	ends     []*end[V] // operations whose template ends here
	wilds    []*end[V] // and those that take the rest of the path
}

type compoundEdge[V any] struct {
	part part
	next *opNode[V]
}

// end is one operation.
type end[V any] struct {
	method   string
	template *Template
	value    V
}

// Param is the value that a template parameter took, decoded.
type Param struct{ Name, Value string }

// Add makes an operation known. The error is a *TemplateError, or says that the method and template are taken.
func (o *Operations[V]) Add(method, template string, value V) error {
	t, err := ParseTemplate(template)
	if err != nil {
		return err
	}
	n := &o.root
	for _, p := range t.parts {
		n = n.child(p)
	}
	list := &n.ends
	if t.wildcard {
		list = &n.wilds
	}
	method = strings.ToUpper(method)
	key := t.Key()
	for _, e := range *list {
		if e.method == method && e.template.Key() == key {
			return fmt.Errorf("operation %s %s: another operation has this method and template", method, template)
		}
	}
	*list = append(*list, &end[V]{method, t, value})
	slices.SortStableFunc(*list, func(a, b *end[V]) int {
		return cmp.Or(cmp.Compare(len(b.template.terms), len(a.template.terms)), cmp.Compare(b.template.literals(), a.template.literals()))
	})
	return nil
}

// child finds or makes the node behind a part.
func (n *opNode[V]) child(p part) *opNode[V] {
	switch {
	case len(p.pieces) == 1 && p.pieces[0].name == "":
		if n.literal == nil {
			n.literal = make(map[string]*opNode[V], 1)
		}
		if n.literal[p.key] == nil {
			n.literal[p.key] = new(opNode[V])
		}
		return n.literal[p.key]
	case len(p.pieces) == 1:
		if n.param == nil {
			n.param = new(opNode[V])
		}
		return n.param
	}
	for _, e := range n.compound {
		if e.part.key == p.key {
			return e.next
		}
	}
	e := compoundEdge[V]{p, new(opNode[V])}
	n.compound = append(n.compound, e)
	slices.SortStableFunc(n.compound, func(a, b compoundEdge[V]) int { return cmp.Compare(len(b.part.key), len(a.part.key)) })
	return e.next
}

// Match finds the operation for the method and the path after its first skip segments, with the values of its template's parameters. The
// work is bounded by the number of the API's templates: no node is visited twice. A trailing slash says nothing.
func (o *Operations[V]) Match(p *Path, skip int, method, query string) (value V, params []Param, ok bool) {
	segments := p.segments[min(skip, len(p.segments)):]
	if n := len(segments); n > 0 && segments[n-1].text == "" {
		segments = segments[:n-1]
	}
	c := &p.captures
	*c = captures{method: method, query: query, values: c.room[:0]}
	e := o.root.walk(c, segments)
	if e == nil {
		return value, nil, false
	}
	return e.value, e.template.params(c), true
}

// captures is a match in the making. It lives in the path, so that matching costs no memory of its own.
type captures struct {
	method, query string
	values        []string  // of the parameters so far
	rest          []segment // what a wildcard took
	room          [8]string
}

func (n *opNode[V]) walk(c *captures, segments []segment) *end[V] {
	if len(segments) == 0 {
		if e := pick(c, n.ends); e != nil {
			return e
		}
	} else if e := n.step(c, segments); e != nil {
		return e
	}
	if len(n.wilds) > 0 {
		c.rest = segments
		return pick(c, n.wilds)
	}
	return nil
}

// step tries the children of a node in their order of precedence.
func (n *opNode[V]) step(c *captures, segments []segment) *end[V] {
	text, mark := segments[0].text, len(c.values)
	if n.literal != nil {
		if child := n.literal[strings.ToLower(text)]; child != nil {
			if e := child.walk(c, segments[1:]); e != nil {
				return e
			}
		}
	}
	for i := range n.compound {
		if c.values = n.compound[i].part.match(text, c.values[:mark]); len(c.values) == mark {
			continue
		}
		if e := n.compound[i].next.walk(c, segments[1:]); e != nil {
			return e
		}
	}
	c.values = c.values[:mark]
	if n.param != nil {
		c.values = append(c.values, text)
		if e := n.param.walk(c, segments[1:]); e != nil {
			return e
		}
		c.values = c.values[:mark]
	}
	return nil
}

// pick chooses among the operations of one path.
func pick[V any](c *captures, list []*end[V]) *end[V] {
	for _, e := range list {
		if e.method == c.method && e.template.accepts(c.query) {
			return e
		}
	}
	return nil
}

// params are the values of the template's parameters, nil without any.
func (t *Template) params(c *captures) []Param {
	if len(t.names)+len(t.terms) == 0 && t.rest == "" {
		return nil
	}
	params := make([]Param, 0, len(t.names)+len(t.terms)+1)
	for i, name := range t.names {
		params = append(params, Param{name, c.values[i]})
	}
	if t.rest != "" {
		texts := make([]string, len(c.rest))
		for i, s := range c.rest {
			texts[i] = s.text
		}
		params = append(params, Param{t.rest, strings.Join(texts, "/")})
	}
	for _, q := range t.terms {
		if q.name != "" {
			value, _ := QueryValue(c.query, q.key)
			params = append(params, Param{q.name, value})
		}
	}
	return params
}

// literals is the number of query parameters whose value the template names.
func (t *Template) literals() (n int) {
	for _, q := range t.terms {
		if q.name == "" {
			n++
		}
	}
	return n
}

// accepts says whether the query holds what the template asks for.
func (t *Template) accepts(query string) bool {
	for _, q := range t.terms {
		value, count := QueryValue(query, q.key)
		if count == 0 || q.name == "" && value != q.literal {
			return false
		}
	}
	return true
}

// match appends the parameters of a compound segment to values when the text fits; a parameter takes at least one character and as few as
// the literal after it allows.
func (p part) match(text string, values []string) []string {
	mark, folded := len(values), strings.ToLower(text)
	if len(folded) != len(text) {
		return values // folding moved offsets: such letters don't stand beside parameters
	}
	at := 0
	for i, piece := range p.pieces {
		switch {
		case piece.name == "":
			if !strings.HasPrefix(folded[at:], piece.literal) {
				return values[:mark]
			}
			at += len(piece.literal)
		case i == len(p.pieces)-1:
			if at == len(text) {
				return values[:mark]
			}
			values, at = append(values, text[at:]), len(text)
		default:
			end := p.untilNext(i, folded, at)
			if end < 0 {
				return values[:mark]
			}
			values, at = append(values, text[at:end]), end
		}
	}
	if at != len(text) {
		return values[:mark]
	}
	return values
}

// untilNext is where the parameter piece i ends: before the next literal, the last one at the end of the text.
func (p part) untilNext(i int, folded string, at int) int {
	next := p.pieces[i+1].literal
	if i+1 == len(p.pieces)-1 {
		if end := len(folded) - len(next); end > at && strings.HasSuffix(folded, next) {
			return end
		}
		return -1
	}
	if at >= len(folded) {
		return -1
	}
	end := strings.Index(folded[at+1:], next)
	if end < 0 {
		return -1
	}
	return at + 1 + end
}

func sortedTerms(terms []term) []term {
	out := slices.Clone(terms)
	slices.SortFunc(out, func(a, b term) int { return cmp.Compare(strings.ToLower(a.key), strings.ToLower(b.key)) })
	return out
}
