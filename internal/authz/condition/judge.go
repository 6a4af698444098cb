package condition

import "time"

// Facts are what is known of a question beside its action. A nil *Facts knows nothing.
type Facts struct {
	Now      func() time.Time  // nil when the time is not known; asked only when a condition asks
	Request  map[string]string // attributes of @Request by name, as the constants spell them
	Resource map[string]string // attributes of @Resource likewise
	// Later says that Request and Resource become known later: until then what asks for them is open, not absent.
	Later bool
}

// verdict is the truth of a part: no, yes, or unknown because it asks for something that is not known. Their order makes AND the least of its parts,
// OR the greatest, and NOT the mirror image (Kleene's logic); so a yes or no does not change when more becomes known.
type verdict int

const (
	no verdict = iota
	unknown
	yes
)

func verdictOf(met bool) verdict {
	if met {
		return yes
	}
	return no
}

// Verdict is a judgement.
type Verdict struct {
	Met  bool
	Open bool // not met, but may be once the facts that come later are known
}

// Judge says whether the condition is met when the action, in lower case, is performed.
func (c *Condition) Judge(lower string, f *Facts) Verdict {
	v := c.root.in(&question{lower, f})
	return Verdict{Met: v == yes, Open: v == unknown && f != nil && f.Later}
}

// Why names the part of the condition that keeps it from being met, as it was written, and whether that is because what it asks for is not known.
// It is "" when the condition is met.
func (c *Condition) Why(lower string, f *Facts) (part string, unanswered bool) {
	q := &question{lower, f}
	n := c.root
	if n.in(q) == yes {
		return "", false
	}
	for n.join == and || n.join == or {
		n = n.decisive(q)
	}
	return c.text[n.from:n.to], n.in(q) == unknown
}

// decisive is the part that explains best why the whole is not met: of an AND the first that isn't, of an OR the last that says more than which
// actions are meant.
func (n *node) decisive(q *question) *node {
	if n.join == and {
		for _, part := range n.parts {
			if part.in(q) != yes {
				return part
			}
		}
	}
	for i := len(n.parts) - 1; i >= 0; i-- {
		if !n.parts[i].aimsOnly() {
			return n.parts[i]
		}
	}
	return n.parts[len(n.parts)-1]
}

// aimsOnly says whether a part is about actions alone.
func (n *node) aimsOnly() bool {
	if n.join == leaf {
		return n.aims
	}
	for _, part := range n.parts {
		if !part.aimsOnly() {
			return false
		}
	}
	return true
}

// question is one judgement on its way.
type question struct {
	action string
	facts  *Facts
}

func (n *node) in(q *question) verdict {
	switch n.join {
	case and:
		v := yes
		for _, part := range n.parts {
			if v = min(v, part.in(q)); v == no {
				break
			}
		}
		return v
	case or:
		v := no
		for _, part := range n.parts {
			if v = max(v, part.in(q)); v == yes {
				break
			}
		}
		return v
	case not:
		return yes - n.parts[0].in(q)
	}
	return n.judge(q)
}

// value looks an attribute up. One that is there and has no value of its type counts as unknown.
func (q *question) value(a *knownAttribute) (value, bool) {
	if q.facts == nil {
		return value{}, false
	}
	if a.source == environment {
		if q.facts.Now == nil {
			return value{}, false
		}
		return value{time: q.facts.Now()}, true
	}
	text, ok := q.attributes(a)[a.name]
	if !ok {
		return value{}, false
	}
	return a.of.parse(text)
}

func (q *question) attributes(a *knownAttribute) map[string]string {
	if a.source == request {
		return q.facts.Request
	}
	return q.facts.Resource
}

// has is the answer to Exists.
func (q *question) has(a *knownAttribute) verdict {
	if _, ok := q.value(a); ok {
		return yes
	}
	if q.facts == nil || q.facts.Later || a.source == environment {
		return unknown
	}
	_, there := q.attributes(a)[a.name]
	return verdictOf(there)
}
