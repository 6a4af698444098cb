package arm

// Term is one comparison of a filter.
type Term struct {
	Field, Op string // as written; Op in lower case
	Value     Field
}

// Terms takes a filter apart that is nothing but comparisons joined by and; false for any other.
func (f *Filter) Terms() ([]Term, bool) {
	if f == nil {
		return nil, true
	}
	return termsOf(f.root, nil)
}

func termsOf(n node, before []Term) ([]Term, bool) {
	switch n := n.(type) {
	case compare:
		return append(before, Term{n.field, n.op, n.want}), true
	case logic:
		if !n.and {
			return nil, false
		}
		left, ok := termsOf(n.a, before)
		if !ok {
			return nil, false
		}
		return termsOf(n.b, left)
	}
	return nil, false
}
