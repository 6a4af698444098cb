package check

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// inference collects what the arguments say about type parameters.
type inference struct {
	b      *binder
	params []*types.Type
	exact  [][]*types.Type
	low    [][]*types.Type
	up     [][]*types.Type
	fixed  []*types.Type
	bad    *syntax.Error // the defect of a lambda whose result was asked for
}

// newInference starts without knowing anything of the type parameters of m.
func newInference(b *binder, m *types.Method) *inference {
	n := len(m.TypeParams)
	return &inference{b, m.TypeParams, make([][]*types.Type, n), make([][]*types.Type, n), make([][]*types.Type, n), make([]*types.Type, n), nil}
}

// infer finds type arguments: first from arguments with types, then from
// lambdas, whose parameters must be known by then and whose results tell more.
func (b *binder) infer(c *candidate, args []arg) ([]*types.Type, *mismatch) {
	in := newInference(b, c.m)
	var later []int
	for i, a := range args {
		p := c.paramOf(c.generic, i).Type
		switch e := a.x.(type) {
		case nil:
			if a.decl != nil && a.decl.Type != nil {
				in.equal(b.typ(a.decl.Type), p)
			}
		case *unbound, *group:
			later = append(later, i)
			if l, ok := e.(*unbound); ok {
				in.explicitParams(l, p)
			}
		case *defaultLit, *Throw:
		default:
			if a.mode != types.ByValue {
				in.equal(e.Type(), p)
			} else if e.Type().Kind != types.KindNull {
				in.lower(e.Type(), p)
			}
		}
	}
	for len(later) > 0 {
		n := len(later)
		var rest []int
		for _, i := range later {
			if !in.fromDelegate(args[i].x, c.paramOf(c.generic, i).Type) {
				rest = append(rest, i)
			}
		}
		if later = rest; len(later) == n {
			break
		}
	}
	out := make([]*types.Type, len(in.params))
	for i := range out {
		if out[i] = in.fix(i); out[i] == nil {
			if in.bad != nil {
				return nil, &mismatch{4, in.bad.Offset, in.bad.Code, in.bad.Message}
			}
			return nil, &mismatch{2, c.pos, "CS0411", fmt.Sprintf("The type arguments for method '%s' cannot be inferred from the usage. Try specifying the type arguments explicitly.", c.m)}
		}
	}
	return out, nil
}

// fromDelegate infers from a lambda or method group whose parameter types are
// known; false when they are not yet.
func (in *inference) fromDelegate(e Expr, p *types.Type) bool {
	sig, ok := p.Invoke()
	if !ok {
		return true
	}
	known := make([]*types.Type, len(sig.Params))
	for i, t := range sig.Params {
		if known[i] = in.resolved(t); known[i] == nil {
			return false
		}
	}
	switch e := e.(type) {
	case *unbound:
		l := in.b.bindLambda(e, known)
		switch {
		case l == nil:
		case l.err != nil:
			in.bad = l.err
		case l.result != nil:
			in.lower(l.result, sig.Result)
		}
	case *group:
		if m := in.b.groupFor(e, known); m != nil {
			in.lower(m.Result, sig.Result)
		}
	}
	return true
}

// explicitParams infers from a lambda that names its parameter types.
func (in *inference) explicitParams(l *unbound, p *types.Type) {
	sig, ok := p.Invoke()
	if !ok || len(sig.Params) != len(l.syn.Params) {
		return
	}
	for i, lp := range l.syn.Params {
		if lp.Type != nil {
			in.equal(in.b.typ(lp.Type), sig.Params[i])
		}
	}
}

// resolved puts what is known into t; nil when something is not known.
func (in *inference) resolved(t *types.Type) *types.Type {
	if !t.HasParam() {
		return t
	}
	args := make([]*types.Type, len(in.params))
	for i, p := range in.params {
		if mentions(t, p) {
			if args[i] = in.fix(i); args[i] == nil {
				return nil
			}
		}
	}
	return t.Subst(in.params, args)
}

// mentions reports whether p occurs in t.
func mentions(t, p *types.Type) bool {
	if t == p {
		return true
	}
	for _, a := range t.Args {
		if mentions(a, p) {
			return true
		}
	}
	return false
}

// at is the index of a type parameter, or -1.
func (in *inference) at(p *types.Type) int {
	if p.Kind == types.KindParam {
		for i, q := range in.params {
			if p == q {
				return i
			}
		}
	}
	return -1
}

// equal makes an exact inference: from must be to.
func (in *inference) equal(from, to *types.Type) {
	if i := in.at(to); i >= 0 {
		in.exact[i] = append(in.exact[i], from)
		return
	}
	if from == nil || len(from.Args) != len(to.Args) || from.Definition() != to.Definition() && from.Kind != to.Kind {
		return
	}
	for i, a := range to.Args {
		in.equal(from.Args[i], a)
	}
}

// lower makes a lower-bound inference: to is a parameter type that from, the
// type of an argument, must convert to.
func (in *inference) lower(from, to *types.Type) {
	if from == nil || !to.HasParam() {
		return
	}
	if i := in.at(to); i >= 0 {
		in.low[i] = append(in.low[i], from)
		return
	}
	switch {
	case to.Kind == types.KindNullable:
		in.lower(from.Underlying(), to.Args[0])
	case to.Kind == types.KindArray && from.Kind == types.KindArray:
		in.lower(from.Args[0], to.Args[0])
	case to.Kind == types.KindTuple && from.Kind == types.KindTuple && len(to.Args) == len(from.Args):
		for i, a := range to.Args {
			in.lower(from.Args[i], a)
		}
	case to.Def != nil:
		in.lowerGeneric(from, to)
	}
}

// lowerGeneric finds the base of from that to is an instance of, and infers from
// its arguments as their variance allows.
func (in *inference) lowerGeneric(from, to *types.Type) {
	for _, base := range in.b.lib.Bases(from) {
		if base.Def != to.Def {
			continue
		}
		for i, a := range to.Args {
			switch v := to.Def.Variance[i]; {
			case v == 'o' && base.Args[i].IsReference():
				in.lower(base.Args[i], a)
			case v == 'i' && base.Args[i].IsReference():
				in.upper(base.Args[i], a)
			default:
				in.equal(base.Args[i], a)
			}
		}
		return
	}
}

// upper makes an upper-bound inference: to must convert to from.
func (in *inference) upper(from, to *types.Type) {
	if i := in.at(to); i >= 0 {
		in.up[i] = append(in.up[i], from)
		return
	}
	in.equal(from, to)
}

// fix chooses a type for the i-th parameter; nil when its bounds say nothing
// or contradict each other.
func (in *inference) fix(i int) *types.Type {
	if in.fixed[i] != nil {
		return in.fixed[i]
	}
	all := append(append(append([]*types.Type{}, in.exact[i]...), in.low[i]...), in.up[i]...)
	for _, t := range all {
		if t.Kind == types.KindVoid || t.Kind == types.KindNull {
			continue
		}
		if in.holds(i, t) {
			in.fixed[i] = t
			return t
		}
	}
	return nil
}

// holds reports whether t satisfies every bound of the i-th parameter.
func (in *inference) holds(i int, t *types.Type) bool {
	for _, e := range in.exact[i] {
		if !e.Same(t) {
			return false
		}
	}
	for _, l := range in.low[i] {
		if c, _ := in.b.lib.Implicit(l, t); c == types.NoConversion {
			return false
		}
	}
	for _, u := range in.up[i] {
		if c, _ := in.b.lib.Implicit(t, u); c == types.NoConversion {
			return false
		}
	}
	return true
}
