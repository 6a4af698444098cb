package graphql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// fieldGroup are the uses of one response name in a selection; they ask for the same field with the same arguments.
type fieldGroup struct {
	key   string
	nodes []*ast.Field
}

func (f *fieldGroup) name() string { return f.nodes[0].Name }

// sets are what is selected of the field's objects.
func (f *fieldGroup) sets() []ast.SelectionSet {
	out := make([]ast.SelectionSet, len(f.nodes))
	for i, n := range f.nodes {
		out[i] = n.SelectionSet
	}
	return out
}

// collect is what selections ask of objects of a type, in order, with fragments written out and directives obeyed.
func (e *executing) collect(def *ast.Definition, sets []ast.SelectionSet) []*fieldGroup {
	c := &collecting{op: e.op, def: def, byKey: map[string]*fieldGroup{}}
	for _, set := range sets {
		c.set(set)
	}
	return c.out
}

type collecting struct {
	op    *Operation
	def   *ast.Definition
	out   []*fieldGroup
	byKey map[string]*fieldGroup
	seen  []string // fragments
}

func (c *collecting) set(set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if !c.op.included(sel.Directives) {
				continue
			}
			g := c.byKey[sel.Alias]
			if g == nil {
				g = &fieldGroup{key: sel.Alias}
				c.byKey[sel.Alias], c.out = g, append(c.out, g)
			}
			g.nodes = append(g.nodes, sel)
		case *ast.InlineFragment:
			if c.op.included(sel.Directives) && c.applies(sel.TypeCondition) {
				c.set(sel.SelectionSet)
			}
		case *ast.FragmentSpread:
			if sel.Definition == nil || slices.Contains(c.seen, sel.Name) || !c.op.included(sel.Directives) || !c.applies(sel.Definition.TypeCondition) {
				continue
			}
			c.seen = append(c.seen, sel.Name)
			c.set(sel.Definition.SelectionSet)
		}
	}
}

// applies says whether objects of the type are of the type that a fragment is for.
func (c *collecting) applies(condition string) bool {
	if condition == "" || condition == c.def.Name {
		return true
	}
	return slices.Contains(c.op.schema.ast.PossibleTypes[condition], c.def)
}

// included obeys skip and include.
func (o *Operation) included(list ast.DirectiveList) bool {
	for name, skips := range map[string]bool{"skip": true, "include": false} {
		d := list.ForName(name)
		if d == nil {
			continue
		}
		arg := d.Arguments.ForName("if")
		if arg == nil {
			continue
		}
		if yes, _ := o.value(arg.Value).(bool); yes == skips {
			return false
		}
	}
	return true
}
