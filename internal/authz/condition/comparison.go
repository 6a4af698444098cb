package condition

// side is one side of a comparison: an attribute, or values.
type side struct {
	attribute *knownAttribute
	tokens    []token // as they were written
	values    []value
	from      int
}

// comparison reads attribute operator value. Either side may be either, as in Azure.
func (p *parser) comparison(start int) (*node, *Error) {
	left, bad := p.side()
	if bad != nil {
		return nil, bad
	}
	if p.here().kind != word {
		return nil, p.unexpected("an operator")
	}
	op, bad := operatorOf(p.take())
	if bad != nil {
		return nil, bad
	}
	right, bad := p.side()
	if bad != nil {
		return nil, bad
	}
	for _, s := range []*side{left, right} {
		if bad := s.fit(op, s == right); bad != nil {
			return nil, bad
		}
	}
	return &node{judge: judgeOf(left, op, right), from: start, to: p.before()}, nil
}

// judgeOf compares values now, and what depends on the question later.
func judgeOf(left *side, op operator, right *side) func(q *question) verdict {
	if left.attribute == nil && right.attribute == nil {
		always := verdictOf(op.holds(left.values, right.values))
		return func(*question) verdict { return always }
	}
	return func(q *question) verdict {
		a, known := left.in(q, op, false)
		b, also := right.in(q, op, true)
		if !known || !also {
			return unknown
		}
		return verdictOf(op.holds(a, b))
	}
}

func (p *parser) side() (*side, *Error) {
	s := &side{from: p.here().from}
	var bad *Error
	if p.here().kind == attribute {
		s.attribute, bad = attributeOf(p.take())
		return s, bad
	}
	s.tokens, bad = p.set()
	return s, bad
}

// fit checks that a side has the type of the operator, and reads its values.
func (s *side) fit(op operator, pattern bool) *Error {
	if s.attribute != nil {
		if s.attribute.of != op.of {
			return errorf(s.from, "@%s[%s] is a %s, which %s can't compare; use an operator that begins with %s", s.attribute.source, s.attribute.name, s.attribute.of, op.name, s.attribute.of)
		}
		return nil
	}
	if len(s.tokens) > 1 && !op.quantified {
		return errorf(s.from, "%s compares single values; for several, write ForAnyOfAnyValues:%s or another of its kind", op.name, op.name)
	}
	for _, t := range s.tokens {
		v, ok := op.of.parse(t.text)
		if !ok || op.of == texts && t.kind != quoted {
			return errorf(t.from, "'%s' is no value for %s, which wants %s", clip(t.text), op.name, op.of.form())
		}
		s.values = append(s.values, op.prepared(v, pattern))
	}
	return nil
}

// prepared makes a pattern of a value that is one.
func (o operator) prepared(v value, pattern bool) value {
	if o.like && pattern {
		text := v.text
		if o.ignoresCase() {
			text = fold(text)
		}
		v.like = globOf(text)
	}
	return v
}

func (o operator) ignoresCase() bool {
	const suffix = "IgnoreCase"
	return len(o.name) > len(suffix) && o.name[len(o.name)-len(suffix):] == suffix
}

// in is the values of a side in a question; false when they are not known.
func (s *side) in(q *question, op operator, pattern bool) ([]value, bool) {
	if s.attribute == nil {
		return s.values, true
	}
	v, ok := q.value(s.attribute)
	if !ok {
		return nil, false
	}
	return []value{op.prepared(v, pattern)}, true
}
