package policy

import "slices"

// unknownHome is the home of a document that nobody says anything of.
var unknownHome = &Home{Unknown: true}

// Lint finds what can be known of a document or fragment by itself, in the raw form. Named values, fragments and backends are taken to exist. Its
// scope isn't known either: a document is as good as it is at the scope where it is best.
func (e *Engine) Lint(source string) []Problem {
	doc, err := Parse(source, FormatRaw)
	if err != nil {
		if syntax, ok := err.(*SyntaxError); ok {
			return []Problem{syntax.Problem()}
		}
		return []Problem{{Line: 1, Column: 1, Message: err.Error(), Severity: SeverityError}}
	}
	if doc.Fragment() {
		return e.CheckFragment(doc, unknownHome)
	}
	if spec := e.specs[doc.Root.Name]; spec != nil && spec.Resolves {
		return e.Check(doc, ResolverScope, unknownHome)
	}
	var best []Problem
	for i, scope := range []Scope{OperationScope, ProductScope, Global} {
		problems := e.Check(doc, scope, unknownHome)
		if i == 0 || worse(best, problems) {
			best = problems
		}
	}
	return best
}

// worse says whether a has more errors than b, or as many and more warnings.
func worse(a, b []Problem) bool {
	if x, y := errorsIn(a), errorsIn(b); x != y {
		return x > y
	}
	return len(a) > len(b)
}

func errorsIn(problems []Problem) (n int) {
	for _, p := range problems {
		if p.Severity == SeverityError {
			n++
		}
	}
	return n
}

// open says whether an element or one within it holds a reference to a named value.
func open(n *Node) bool {
	refers := func(v Value) bool {
		_, _, _, ok := reference(v.s, 0)
		return ok
	}
	for i := range n.Attrs {
		if refers(n.Attrs[i].Value) {
			return true
		}
	}
	return refers(n.Text) || slices.ContainsFunc(n.Children, open)
}
