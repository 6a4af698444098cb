package check

import "github.com/atelier-apim/atelier/internal/expr/types"

// cond walks a condition and gives the states when it is true and when false.
func (d *definite) cond(e Expr, s state) (t, f state) {
	switch e := e.(type) {
	case *Const:
		if e.Value == true {
			return s, deadEnd
		}
		if e.Value == false {
			return deadEnd, s
		}
	case *Unary:
		if e.Op == "!" && e.Kind == types.KindBool {
			t, f = d.cond(e.X, s)
			return f, t
		}
	case *Logic:
		xt, xf := d.cond(e.X, s)
		if e.Or {
			yt, yf := d.cond(e.Y, xf)
			return join(xt, yt), yf
		}
		yt, yf := d.cond(e.Y, xt)
		return yt, join(xf, yf)
	}
	s = d.expr(e, s)
	return s, s
}

// exprs walks expressions in order.
func (d *definite) exprs(list []Expr, s state) state {
	for _, e := range list {
		s = d.expr(e, s)
	}
	return s
}

// expr walks an expression in the order it is evaluated.
func (d *definite) expr(e Expr, s state) state {
	switch e := e.(type) {
	case nil, *Const, *Zero, *Group:
		return s
	case *Local:
		if s.open[e.Var] {
			d.b.fail(e.At, "CS0165", "Use of unassigned local variable '%s'", e.Var.Name)
		}
		return s
	case *Call:
		if e.Recv != nil {
			s = d.expr(e.Recv, s)
		}
		return d.refs(e.Args, d.exprs(e.Args, s))
	case *LocalCall:
		return d.refs(e.Args, d.exprs(e.Args, s))
	case *Invoke:
		return d.refs(e.Args, d.exprs(e.Args, d.expr(e.F, s)))
	case *Ref:
		if _, ok := e.Target.(*Local); ok && e.Out {
			return s // assigned by the call, see refs
		}
		return d.expr(e.Target, s)
	case *Assign:
		return d.assign(e, s)
	case *Logic:
		t, f := d.cond(e, s)
		return join(t, f)
	case *Cond:
		t, f := d.cond(e.C, s)
		return join(d.expr(e.X, t), d.expr(e.Y, f))
	case *Coalesce:
		s = d.expr(e.X, s)
		d.expr(e.Y, s)
		return s
	case *Access:
		s = d.expr(e.X, s)
		d.expr(e.Rest, s)
		return s
	case *Throw:
		d.expr(e.X, s)
		return deadEnd
	case *Lambda:
		d.b.assigned(e.Func, s)
		return s
	}
	return d.operands(e, s)
}

// operands walks expressions that evaluate all their parts in order.
func (d *definite) operands(e Expr, s state) state {
	switch e := e.(type) {
	case *Binary:
		return d.expr(e.Y, d.expr(e.X, s))
	case *Unary:
		return d.expr(e.X, s)
	case *Same:
		return d.expr(e.Y, d.expr(e.X, s))
	case *LiftedCall:
		return d.expr(e.Y, d.expr(e.X, s))
	case *Concat:
		for _, p := range e.Parts {
			if p.X != nil {
				s = d.expr(p.X, s)
			}
		}
	case *Convert:
		return d.expr(e.X, s)
	case *Is:
		return d.expr(e.X, s)
	case *As:
		return d.expr(e.X, s)
	case *Element:
		return d.exprs(e.Indexes, d.expr(e.X, s))
	case *Field:
		return d.expr(e.X, s)
	case *NewArray:
		return d.exprs(e.Items, d.exprs(e.Sizes, s))
	case *NewObject:
		return d.exprs(e.Items, s)
	case *Init:
		return d.exprs(e.Steps, d.expr(e.X, s))
	case *Deconstruct:
		return d.exprs(e.Assigns, d.expr(e.X, s))
	}
	return s
}

// refs marks what a call assigned through its out arguments.
func (d *definite) refs(args []Expr, s state) state {
	for _, a := range args {
		if r, ok := a.(*Ref); ok {
			if l, ok := r.Target.(*Local); ok {
				s = s.without(l.Var)
			}
		}
	}
	return s
}

// assign reads before it writes where the assignment is compound.
func (d *definite) assign(e *Assign, s state) state {
	l, local := e.Target.(*Local)
	if !local {
		if e.Target != nil {
			s = d.expr(e.Target, s)
		}
		return d.expr(e.Value, s)
	}
	if e.Old != nil {
		s = d.expr(l, s) // a compound assignment reads first
	}
	return d.expr(e.Value, s).without(l.Var)
}
