package graphql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
)

// size is what a selection comes to with its fragments written out.
type size struct{ fields, depth int }

// saturated is more than any limit: sums stop there.
const saturated = 1 << 30

func (a size) beside(b size) size {
	return size{min(a.fields+b.fields, saturated), max(a.depth, b.depth)}
}

// measuring counts each fragment once, so that a short document can't make the measure itself long.
type measuring struct {
	doc     *ast.QueryDocument
	done    map[string]size
	open    map[string]bool
	circle  string // a fragment that leads back to itself
	largest size   // of the operations
	values  int    // how deep a value of an argument nests
}

// measure is the largest operation of a document. It runs before validation, whose work grows with these figures.
func measure(doc *ast.QueryDocument) *measuring {
	m := &measuring{doc: doc, done: map[string]size{}, open: map[string]bool{}}
	for _, op := range doc.Operations {
		for _, v := range op.VariableDefinitions {
			m.values = max(m.values, depthOf(v.DefaultValue))
		}
		m.largest = m.largest.beside(m.set(op.SelectionSet))
	}
	for _, f := range doc.Fragments { // one that nobody uses is validated, too
		m.largest = m.largest.beside(m.fragment(f.Name))
	}
	return m
}

func (m *measuring) set(set ast.SelectionSet) (sum size) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			for _, a := range sel.Arguments {
				m.values = max(m.values, depthOf(a.Value))
			}
			in := m.set(sel.SelectionSet)
			if sel.Name == "__schema" || sel.Name == "__type" {
				in.depth = 0 // what types are made of nests deep and costs little
			}
			sum = sum.beside(size{in.fields + 1, in.depth + 1})
		case *ast.InlineFragment:
			sum = sum.beside(m.set(sel.SelectionSet))
		case *ast.FragmentSpread:
			sum = sum.beside(m.fragment(sel.Name))
		}
	}
	return sum
}

func (m *measuring) fragment(name string) size {
	if s, ok := m.done[name]; ok {
		return s
	}
	f := m.doc.Fragments.ForName(name)
	if f == nil {
		return size{} // validation says so
	}
	if m.open[name] {
		m.circle = name
		return size{}
	}
	m.open[name] = true
	s := m.set(f.SelectionSet)
	m.open[name], m.done[name] = false, s
	return s
}

// depthOf is how deep lists and objects stand in one another.
func depthOf(v *ast.Value) (depth int) {
	if v == nil {
		return 0
	}
	for _, c := range v.Children {
		depth = max(depth, depthOf(c.Value))
	}
	return depth + 1
}

// maxValues is how deep values may nest: their validation looks at each level again for every level around it.
const maxValues = 50

// beyond is the limit that the document exceeds, nil for none.
func (m *measuring) beyond(l Limits) *Problem {
	switch {
	case m.circle != "":
		return &Problem{Message: fmt.Sprintf("The fragment '%s' leads back to itself.", clip(m.circle))}
	case m.values > maxValues:
		return &Problem{Message: fmt.Sprintf("Values nest deeper than %d lists and objects.", maxValues)}
	case m.largest.depth > l.Depth:
		return &Problem{Message: fmt.Sprintf("The query is %d fields deep; %d are allowed.", m.largest.depth, l.Depth)}
	case m.largest.fields > l.Fields:
		return &Problem{Message: fmt.Sprintf("The query has more than %d fields with its fragments.", l.Fields)}
	}
	return nil
}
