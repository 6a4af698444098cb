package check

import (
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// candidate is a method that the arguments may call.
type candidate struct {
	m        *types.Method // with type arguments put in
	generic  *types.Method // as declared
	index    []int         // the parameter of each argument
	expanded bool          // a params array takes single values
	defaults int           // parameters left to their default
	pos      int
}

// pick chooses the best overload. Methods of a nearer type hide those of its
// bases when one of them applies.
func (b *binder) pick(methods []*types.Method, args []arg, targs []*types.Type, pos int, name string) *candidate {
	var why *mismatch
	for i := 0; i < len(methods); {
		owner := methods[i].Owner
		var level []*candidate
		for i < len(methods) && methods[i].Owner.Same(owner) || i < len(methods) && methods[i].Extension {
			found, miss := b.candidates(methods[i], args, targs, pos)
			level = append(level, found...)
			if miss != nil && (why == nil || miss.rank > why.rank) && (i == 0 || owner.Kind != types.KindInterface || methods[0].Owner.Kind == types.KindInterface) {
				why = miss // what a class says is told before what its interfaces do
			}
			i++
		}
		if len(level) > 0 {
			return b.best(level, args, pos)
		}
	}
	b.explain(why, methods, args, pos, name)
	return nil
}

// mismatch is why a candidate does not apply; the one that came furthest is
// reported.
type mismatch struct {
	rank int
	pos  int
	code string
	text string
}

// candidates gives the normal and the expanded form of m, as far as they apply.
func (b *binder) candidates(m *types.Method, args []arg, targs []*types.Type, pos int) (out []*candidate, why *mismatch) {
	if len(targs) > 0 && len(targs) != len(m.TypeParams) {
		return nil, &mismatch{0, pos, "CS0305", fmt.Sprintf("Using the generic method '%s' requires %d type arguments", m, len(m.TypeParams))}
	}
	for _, expanded := range []bool{false, true} {
		if expanded && (len(m.Params) == 0 || !m.Params[len(m.Params)-1].Params || len(out) > 0) {
			continue
		}
		c := &candidate{m: m, generic: m, expanded: expanded, pos: pos}
		miss := c.assign(args)
		if miss == nil {
			miss = b.instantiate(c, args, targs)
		}
		if miss == nil {
			miss = b.applicable(c, args)
		}
		if miss == nil {
			out = append(out, c)
		} else if why == nil || miss.rank > why.rank {
			why = miss
		}
	}
	return out, why
}

// assign finds the parameter of each argument, by position or name.
func (c *candidate) assign(args []arg) *mismatch {
	params := c.m.Params
	taken := make([]bool, len(params))
	c.index = make([]int, len(args))
	for i, a := range args {
		k := i
		if a.name != "" {
			k = -1
			for j, p := range params {
				if p.Name == a.name {
					k = j
				}
			}
			if k < 0 {
				return &mismatch{1, a.pos, "CS1739", fmt.Sprintf("The best overload for '%s' does not have a parameter named '%s'", c.m.Name, a.name)}
			}
		}
		if k >= len(params) && !c.expanded {
			return &mismatch{1, c.pos, "CS1501", fmt.Sprintf("No overload for method '%s' takes %d arguments", c.m.Name, len(args))}
		}
		c.index[i] = k
		if k < len(params) {
			if taken[k] && a.name != "" {
				return &mismatch{1, a.pos, "CS1744", fmt.Sprintf("Named argument '%s' specifies a parameter for which a positional argument has already been given", a.name)}
			}
			taken[k] = true
		}
	}
	for k, p := range params {
		if taken[k] || c.expanded && k == len(params)-1 {
			continue
		}
		if p.Default == nil {
			return &mismatch{1, c.pos, "CS7036", fmt.Sprintf("There is no argument given that corresponds to the required formal parameter '%s' of '%s'", p.Name, c.m)}
		}
		c.defaults++
	}
	return nil
}

// param is the type the i-th argument must convert to.
func (c *candidate) param(i int) types.Param { return c.paramOf(c.m, i) }

// paramOf is param for the method before type arguments were put in.
func (c *candidate) paramOf(m *types.Method, i int) types.Param {
	k := c.index[i]
	if c.expanded && k >= len(m.Params)-1 {
		p := m.Params[len(m.Params)-1]
		p.Type, p.Params = p.Type.Args[0], false
		return p
	}
	return m.Params[k]
}

// instantiate puts type arguments into a generic candidate.
func (b *binder) instantiate(c *candidate, args []arg, targs []*types.Type) *mismatch {
	if len(c.m.TypeParams) == 0 {
		return nil
	}
	if len(targs) == 0 {
		var miss *mismatch
		if targs, miss = b.infer(c, args); miss != nil {
			return miss
		}
	}
	c.m = c.m.With(targs)
	return nil
}

// applicable checks every argument against its parameter.
func (b *binder) applicable(c *candidate, args []arg) *mismatch {
	for i, a := range args {
		p := c.param(i)
		if a.mode != p.Mode {
			word := [...]string{"", "ref", "out"}
			if p.Mode != types.ByValue {
				return &mismatch{2, a.pos, "CS1620", fmt.Sprintf("Argument %d must be passed with the '%s' keyword", i+1, word[p.Mode])}
			}
			return &mismatch{2, a.pos, "CS1615", fmt.Sprintf("Argument %d may not be passed with the '%s' keyword", i+1, word[a.mode])}
		}
		if a.decl != nil {
			if a.decl.Type != nil && !b.typ(a.decl.Type).Same(p.Type) {
				return &mismatch{2, a.pos, "CS1503", fmt.Sprintf("Argument %d: cannot convert from 'out %s' to 'out %s'", i+1, b.typ(a.decl.Type), p.Type)}
			}
			continue
		}
		if p.Mode != types.ByValue {
			if t := a.x.Type(); t == nil || !t.Same(p.Type) {
				return &mismatch{2, a.pos, "CS1503", fmt.Sprintf("Argument %d: cannot convert from '%s' to '%s'", i+1, typeName(a.x), p.Type)}
			}
			continue
		}
		if conv, _ := b.classify(a.x, p.Type); conv == types.NoConversion {
			if u, ok := a.x.(*unbound); ok {
				if l := b.lambdaError(u, p.Type); l != nil {
					return &mismatch{4, l.Offset, l.Code, l.Message}
				}
				if b.resultOnly(u, p.Type) {
					return &mismatch{3, a.pos, "CS1662", "Cannot convert lambda expression to intended delegate type because some of the return types in the block are not implicitly convertible to the delegate return type"}
				}
			}
			if a.this {
				return &mismatch{3, c.pos, "CS1929", fmt.Sprintf("'%s' does not contain a definition for '%s' and the best extension method overload '%s' requires a receiver of type '%s'", typeName(a.x), c.m.Name, c.m, p.Type)}
			}
			return &mismatch{3, a.pos, "CS1503", fmt.Sprintf("Argument %d: cannot convert from '%s' to '%s'", i+1, typeName(a.x), p.Type)}
		}
	}
	return nil
}

// explain reports why nothing applies.
func (b *binder) explain(why *mismatch, methods []*types.Method, args []arg, pos int, name string) {
	if why == nil {
		b.fail(pos, "CS1501", "No overload for method '%s' takes %d arguments", name, len(args))
	}
	if why.rank == 1 && len(methods) > 1 {
		arity := false
		for _, m := range methods {
			arity = arity || len(m.Params) == len(args)
		}
		if !arity {
			if methods[0].Form == types.FormConstructor {
				b.fail(pos, "CS1729", "'%s' does not contain a constructor that takes %d arguments", methods[0].Owner, len(args))
			}
			b.fail(pos, "CS1501", "No overload for method '%s' takes %d arguments", name, len(args))
		}
	}
	b.fail(why.pos, why.code, "%s", why.text)
}

// best chooses among candidates that all apply.
func (b *binder) best(cs []*candidate, args []arg, pos int) *candidate {
	win := cs[0]
	for _, c := range cs[1:] {
		if b.better(c, win, args) {
			win = c
		}
	}
	for _, c := range cs {
		if c != win && !b.better(win, c, args) {
			if b.better(c, win, args) || !sameParams(c, win) {
				b.fail(pos, "CS0121", "The call is ambiguous between the following methods or properties: '%s' and '%s'", win.m, c.m)
			}
		}
	}
	return win
}

// sameParams reports two candidates that only differ in where they come from.
func sameParams(c, d *candidate) bool {
	if len(c.m.Params) != len(d.m.Params) {
		return false
	}
	for i, p := range c.m.Params {
		if !p.Type.Same(d.m.Params[i].Type) {
			return false
		}
	}
	return true
}

// better reports whether c is a better function member than d.
func (b *binder) better(c, d *candidate, args []arg) bool {
	more, less := false, false
	for i, a := range args {
		if a.x == nil {
			continue
		}
		switch b.betterConversion(a.x, c.param(i).Type, d.param(i).Type) {
		case 1:
			more = true
		case -1:
			less = true
		}
	}
	if more != less {
		return more
	}
	if more {
		return false
	}
	return tieBreak(c, d)
}

// tieBreak applies C#'s rules for candidates with equal conversions.
func tieBreak(c, d *candidate) bool {
	if g, h := len(c.generic.TypeParams) > 0, len(d.generic.TypeParams) > 0; g != h {
		return h
	}
	if c.expanded != d.expanded {
		return d.expanded
	}
	if c.expanded && len(c.m.Params) != len(d.m.Params) {
		return len(c.m.Params) > len(d.m.Params)
	}
	if (c.defaults == 0) != (d.defaults == 0) {
		return c.defaults == 0
	}
	return specific(c.generic, d.generic)
}

// specific reports whether the declared parameters of m are more specific:
// fewer bare type parameters.
func specific(m, n *types.Method) bool {
	count := func(m *types.Method) (k int) {
		for _, p := range m.Params {
			k += strings.Count(p.Type.String(), "<")*2 + boolInt(p.Type.Kind != types.KindParam)
		}
		return k
	}
	return count(m) > count(n)
}

// boolInt counts a condition.
func boolInt(v bool) int {
	if v {
		return 1
	}
	return 0
}

// betterConversion compares two targets for e: 1 the first is better, -1 the
// second, 0 neither.
func (b *binder) betterConversion(e Expr, t, u *types.Type) int {
	if t.Same(u) {
		return 0
	}
	if l, ok := e.(*unbound); ok {
		return b.betterLambda(l, t, u)
	}
	if from := e.Type(); from != nil {
		if from.Same(t) {
			return 1
		}
		if from.Same(u) {
			return -1
		}
	}
	return b.betterTarget(t, u)
}

// betterTarget compares two types as targets: the one that converts to the other
// is better, and signed beats unsigned.
func (b *binder) betterTarget(t, u *types.Type) int {
	tu, _ := b.lib.Implicit(t, u)
	ut, _ := b.lib.Implicit(u, t)
	switch {
	case tu != types.NoConversion && ut == types.NoConversion:
		return 1
	case ut != types.NoConversion && tu == types.NoConversion:
		return -1
	}
	a, c := t.Underlying(), u.Underlying()
	if a.IsInteger() && c.IsInteger() {
		if sa, sc := signedInt(a), signedInt(c); sa != sc {
			if sa {
				return 1
			}
			return -1
		}
	}
	return 0
}

// signedInt reports a signed integer type.
func signedInt(t *types.Type) bool {
	return t.Kind == types.KindSByte || t.Kind == types.KindInt16 || t.Kind == types.KindInt32 || t.Kind == types.KindInt64
}
