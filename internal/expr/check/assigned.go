package check

import "github.com/atelier-apim/atelier/internal/expr/types"

// Definite assignment: a local declared without a value, and an out parameter,
// must be assigned on every path before it is read. The rules are C#'s; pattern
// and out variables, which their test or call assigns, are not followed.

// state is the set of followed variables that are not assigned yet; dead code
// has none. A state is never changed in place.
type state struct {
	open map[*Var]bool
	dead bool
}

// without is the state after v was assigned.
func (s state) without(v *Var) state {
	if !s.open[v] {
		return s
	}
	out := state{open: make(map[*Var]bool, len(s.open))}
	for w := range s.open {
		if w != v {
			out.open[w] = true
		}
	}
	return out
}

// with is the state after v was declared without a value.
func (s state) with(v *Var) state {
	if s.dead {
		return s
	}
	out := state{open: map[*Var]bool{v: true}}
	for w := range s.open {
		out.open[w] = true
	}
	return out
}

// join is the state where two paths meet: open if open on either.
func join(a, b state) state {
	if a.dead {
		return b
	}
	if b.dead {
		return a
	}
	if len(b.open) == 0 {
		return a
	}
	out := a
	for w := range b.open {
		if !out.open[w] {
			out = out.with(w)
		}
	}
	return out
}

// both is the state after two things that both happened: open if open after each.
func both(a, b state) state {
	if a.dead || b.dead {
		return state{dead: true}
	}
	out := a
	for w := range a.open {
		if !b.open[w] {
			out = out.without(w)
		}
	}
	return out
}

var deadEnd = state{dead: true}

// definite walks one function.
type definite struct {
	b      *binder
	fn     *Func
	outs   []*Var  // out parameters: assigned when the function returns
	breaks []state // of the loops and switches around
	nexts  []state // of continue
}

// assigned checks a function that has been bound.
func (b *binder) assigned(fn *Func, s state) {
	d := &definite{b: b, fn: fn}
	for i, m := range fn.Modes {
		if m == types.ByOut {
			d.outs = append(d.outs, fn.Params[i])
			s = s.with(fn.Params[i])
		}
	}
	end := d.stmt(fn.Body, s)
	d.leave(end, fn.Body.Pos())
}

// leave checks the out parameters where control leaves.
func (d *definite) leave(s state, pos int) {
	for _, v := range d.outs {
		if s.open[v] {
			d.b.fail(pos, "CS0177", "The out parameter '%s' must be assigned to before control leaves the current method", v.Name)
		}
	}
}

// stmts walks statements in order.
func (d *definite) stmts(list []Stmt, s state) state {
	for _, st := range list {
		s = d.stmt(st, s)
	}
	return s
}

// stmt gives the state after a statement.
func (d *definite) stmt(st Stmt, s state) state {
	switch st := st.(type) {
	case nil:
		return s
	case *Block:
		for _, f := range st.Funcs {
			d.b.assigned(f.Func, state{})
		}
		return d.stmts(st.Stmts, s)
	case *Eval:
		return d.expr(st.X, s)
	case *Set:
		if st.X == nil {
			return s.with(st.Var)
		}
		return d.expr(st.X, s).without(st.Var)
	case *If:
		t, f := d.cond(st.Cond, s)
		return join(d.stmt(st.Then, t), d.stmt(st.Else, f))
	case *Return:
		if st.X != nil {
			s = d.expr(st.X, s)
		}
		d.leave(s, st.Pos())
		return deadEnd
	case *ThrowStmt:
		if st.X != nil {
			d.expr(st.X, s)
		}
		return deadEnd
	case *Break:
		d.breaks[len(d.breaks)-1] = join(d.breaks[len(d.breaks)-1], s)
		return deadEnd
	case *Continue:
		d.nexts[len(d.nexts)-1] = join(d.nexts[len(d.nexts)-1], s)
		return deadEnd
	case *Goto:
		return deadEnd
	}
	return d.nested(st, s)
}

// nested is stmt for the statements that hold a body.
func (d *definite) nested(st Stmt, s state) state {
	switch st := st.(type) {
	case *Loop:
		return d.loop(st, s)
	case *Foreach:
		s = d.expr(st.X, s)
		after, _ := d.body(st.Body, d.stmts(st.Sets, s))
		return join(s, after)
	case *Switch:
		return d.switchStmt(st, s)
	case *Try:
		return d.try(st, s)
	case *Using:
		return d.stmt(st.Body, d.stmts(st.Sets, s))
	}
	return s
}

// body walks the body of a loop; it gives the states of its breaks and of the
// ends of its rounds.
func (d *definite) body(st Stmt, s state) (after, next state) {
	d.breaks, d.nexts = append(d.breaks, deadEnd), append(d.nexts, deadEnd)
	end := d.stmt(st, s)
	after, next = d.breaks[len(d.breaks)-1], join(end, d.nexts[len(d.nexts)-1])
	d.breaks, d.nexts = d.breaks[:len(d.breaks)-1], d.nexts[:len(d.nexts)-1]
	return after, next
}

// loop leaves by its condition or by a break.
func (d *definite) loop(st *Loop, s state) state {
	s = d.stmts(st.Init, s)
	if st.CondAfter {
		after, next := d.body(st.Body, s)
		_, f := d.cond(st.Cond, next)
		return join(after, f)
	}
	t, f := s, deadEnd
	if st.Cond != nil {
		t, f = d.cond(st.Cond, s)
	}
	after, next := d.body(st.Body, t)
	for _, p := range st.Post {
		next = d.expr(p, next)
	}
	return join(after, f)
}

// switchStmt enters every section from its head.
func (d *definite) switchStmt(st *Switch, s state) state {
	s = d.expr(st.X, s)
	d.breaks = append(d.breaks, deadEnd)
	end := deadEnd
	for _, sec := range st.Sections {
		for _, l := range sec.Labels {
			if l.When != nil {
				d.cond(l.When, s)
			}
		}
		end = join(end, d.stmts(sec.Body, s))
	}
	end = join(end, d.breaks[len(d.breaks)-1])
	d.breaks = d.breaks[:len(d.breaks)-1]
	if st.Default < 0 {
		end = join(end, s)
	}
	return end
}

// try may leave its body anywhere, so a catch clause starts with the state before.
func (d *definite) try(st *Try, s state) state {
	end := d.stmt(st.Body, s)
	for _, c := range st.Catches {
		in := s
		if c.When != nil {
			in, _ = d.cond(c.When, in)
		}
		end = join(end, d.stmt(c.Body, in))
	}
	if st.Finally != nil {
		end = both(end, d.stmt(st.Finally, s))
	}
	return end
}
