package condition

import "strings"

// relation compares one value of the left side with one of the right.
type relation struct {
	name string
	of   family
	like bool // the right side is a pattern
	test func(of family, a, b value) bool
}

// relations are all of them: for each family, what Azure has for it.
var relations = func() map[string]relation {
	all := map[string]relation{}
	add := func(of family, name string, test func(of family, a, b value) bool) {
		name = of.String() + name
		all[strings.ToLower(name)] = relation{name: name, of: of, like: strings.Contains(name, "Like"), test: test}
	}
	both := func(of family, name, negated string, test func(of family, a, b value) bool) {
		add(of, name, test)
		add(of, negated, func(of family, a, b value) bool { return !test(of, a, b) })
	}
	for name, test := range map[string]func(a, b string) bool{"Equals": func(a, b string) bool { return a == b }, "StartsWith": strings.HasPrefix} {
		both(texts, name, "Not"+name, func(_ family, a, b value) bool { return test(a.text, b.text) })
		both(texts, name+"IgnoreCase", "Not"+name+"IgnoreCase", func(_ family, a, b value) bool { return test(fold(a.text), fold(b.text)) })
	}
	both(texts, "Like", "NotLike", func(_ family, a, b value) bool { return b.like.matches(a.text) })
	both(texts, "LikeIgnoreCase", "NotLikeIgnoreCase", func(_ family, a, b value) bool { return b.like.matches(fold(a.text)) })
	for _, of := range []family{guids, booleans} {
		both(of, "Equals", "NotEquals", func(_ family, a, b value) bool { return a.text == b.text })
	}
	for _, of := range []family{numbers, times} {
		both(of, "Equals", "NotEquals", func(of family, a, b value) bool { return of.compare(a, b) == 0 })
		both(of, "LessThan", "GreaterThanEquals", func(of family, a, b value) bool { return of.compare(a, b) < 0 })
		both(of, "GreaterThan", "LessThanEquals", func(of family, a, b value) bool { return of.compare(a, b) > 0 })
	}
	return all
}()

func fold(s string) string { return strings.ToLower(s) }

// operator is a relation between two sides of possibly several values: whether one or each value of the left must hold it to one or each of the right.
type operator struct {
	relation
	quantified        bool
	allLeft, allRight bool
}

// operatorOf reads ForAnyOfAllValues:GuidNotEquals, or StringEquals alone.
func operatorOf(t token) (operator, *Error) {
	o := operator{}
	how, name, quantified := strings.Cut(t.text, ":")
	if !quantified {
		how, name = "", t.text
	}
	switch strings.ToLower(how) {
	case "":
	case "foranyofanyvalues":
	case "forallofanyvalues":
		o.allLeft = true
	case "foranyofallvalues":
		o.allRight = true
	case "forallofallvalues":
		o.allLeft, o.allRight = true, true
	default:
		return o, errorf(t.from, "'%s' is no way to compare several values; there are ForAnyOfAnyValues, ForAllOfAnyValues, ForAnyOfAllValues and ForAllOfAllValues", clip(how))
	}
	r, ok := relations[strings.ToLower(name)]
	if t.kind != word || !ok {
		return o, errorf(t.from, "'%s' is no operator; one such as StringEquals, GuidEquals or ForAnyOfAnyValues:GuidEquals is expected", clip(t.text))
	}
	o.relation, o.quantified = r, quantified
	return o, nil
}

// holds compares every value with every other as far as the quantifiers ask.
func (o operator) holds(left, right []value) bool {
	for _, a := range left {
		met := o.allRight
		for _, b := range right {
			if met = o.test(o.of, a, b); met != o.allRight {
				break
			}
		}
		if met != o.allLeft {
			return met
		}
	}
	return o.allLeft
}
