package eval

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// ctl says how a statement ended.
type ctl int

const (
	ctlNext ctl = iota
	ctlBreak
	ctlContinue
	ctlReturn
	ctlGoto // and above: the section to go to
)

type exec = func(*frame) ctl

// stmt compiles a statement.
func (c *compiler) stmt(s check.Stmt) exec {
	switch s := s.(type) {
	case *check.Block:
		return c.block(s)
	case *check.Eval:
		x := c.effect(s.X)
		return func(f *frame) ctl { f.step(); x(f); return ctlNext }
	case *check.Set:
		return c.set(s)
	case *check.If:
		return c.ifStmt(s)
	case *check.Return:
		return c.returnStmt(s)
	case *check.Loop:
		return c.loop(s)
	case *check.Foreach:
		return c.foreach(s)
	case *check.Switch:
		return c.switchStmt(s)
	case *check.Break:
		return func(*frame) ctl { return ctlBreak }
	case *check.Continue:
		return func(*frame) ctl { return ctlContinue }
	case *check.Goto:
		to := ctlGoto + ctl(s.Section)
		return func(f *frame) ctl { f.step(); return to }
	case *check.ThrowStmt:
		return c.throwStmt(s)
	case *check.Try:
		return c.try(s)
	case *check.Using:
		return c.using(s)
	}
	panic(fmt.Sprintf("no code for %T", s))
}

// block makes the cells of its captured variables and the closures of its local
// functions before its first statement, so that functions may call each other.
func (c *compiler) block(s *check.Block) exec {
	enter := c.enter(s.Vars)
	var funcs []func(*frame)
	for _, lf := range s.Funcs {
		make, at := c.closure(lf.Func), c.slotOf(lf.Var)
		funcs = append(funcs, func(f *frame) {
			p, cells := make(f)
			at(f).o = &localClosure{p, cells}
		})
	}
	list := make([]exec, len(s.Stmts))
	for i, st := range s.Stmts {
		list[i] = c.stmt(st)
	}
	if enter == nil && len(funcs) == 0 {
		if len(list) == 1 {
			return list[0]
		}
		return func(f *frame) ctl {
			for _, st := range list {
				if r := st(f); r != ctlNext {
					return r
				}
			}
			return ctlNext
		}
	}
	return func(f *frame) ctl {
		if enter != nil {
			enter(f)
		}
		for _, fn := range funcs {
			fn(f)
		}
		for _, st := range list {
			if r := st(f); r != ctlNext {
				return r
			}
		}
		return ctlNext
	}
}

// set gives a variable its first value, or the default of its type.
func (c *compiler) set(s *check.Set) exec {
	var x code
	if s.X == nil {
		x = constant(s.Var.Type, types.Zero(s.Var.Type)).as(s.Var.Type)
	} else {
		x = c.expr(s.X).as(s.Var.Type)
	}
	put := store(x, c.slotOf(s.Var))
	return func(f *frame) ctl { put(f); return ctlNext }
}

// ifStmt costs a step, as every statement that branches does.
func (c *compiler) ifStmt(s *check.If) exec {
	cond, then := c.bool(s.Cond), c.stmt(s.Then)
	if s.Else == nil {
		return func(f *frame) ctl {
			f.step()
			if cond(f) {
				return then(f)
			}
			return ctlNext
		}
	}
	other := c.stmt(s.Else)
	return func(f *frame) ctl {
		f.step()
		if cond(f) {
			return then(f)
		}
		return other(f)
	}
}

// returnStmt leaves the value in the frame.
func (c *compiler) returnStmt(s *check.Return) exec {
	if s.X == nil {
		return func(*frame) ctl { return ctlReturn }
	}
	put := store(c.expr(s.X).as(c.fn.Result), func(f *frame) *slot { return &f.ret })
	return func(f *frame) ctl { put(f); return ctlReturn }
}

// loop covers while, do and for. Each round costs a step.
func (c *compiler) loop(s *check.Loop) exec {
	enter := c.enter(s.Vars)
	inits := make([]exec, len(s.Init))
	for i, st := range s.Init {
		inits[i] = c.stmt(st)
	}
	cond := func(*frame) bool { return true }
	if s.Cond != nil {
		cond = c.bool(s.Cond)
	}
	body := c.stmt(s.Body)
	posts := make([]func(*frame), len(s.Post))
	for i, p := range s.Post {
		posts[i] = c.effect(p)
	}
	after := s.CondAfter
	return func(f *frame) ctl {
		if enter != nil {
			enter(f)
		}
		for _, st := range inits {
			st(f)
		}
		for first := after; ; first = false {
			f.step()
			if !first && !cond(f) {
				return ctlNext
			}
			switch r := body(f); r {
			case ctlNext, ctlContinue:
			case ctlBreak:
				return ctlNext
			default:
				return r
			}
			for _, p := range posts {
				p(f)
			}
		}
	}
}

// foreach walks any sequence; each round has variables of its own.
func (c *compiler) foreach(s *check.Foreach) exec {
	x := c.any(s.X)
	enter := c.enter(s.Vars)
	raw, t := c.slotOf(s.Raw), s.Raw.Type
	sets := make([]exec, len(s.Sets))
	for i, st := range s.Sets {
		sets[i] = c.stmt(st)
	}
	body := c.stmt(s.Body)
	return func(f *frame) ctl {
		src := x(f)
		if src == nil {
			nullReference()
		}
		e, err := types.Enumerate(f.env, src)
		for {
			if err != nil {
				throw(err)
			}
			f.step()
			v, ok, nextErr := e.Next()
			if err = nextErr; err != nil {
				continue
			}
			if !ok {
				return ctlNext
			}
			if enter != nil {
				enter(f)
			}
			putAny(raw(f), t, v)
			for _, st := range sets {
				st(f)
			}
			switch r := body(f); r {
			case ctlNext, ctlContinue:
			case ctlBreak:
				return ctlNext
			default:
				return r
			}
		}
	}
}

// throwStmt throws a value, or the exception in hand again.
func (c *compiler) throwStmt(s *check.ThrowStmt) exec {
	if s.X == nil {
		return func(f *frame) ctl {
			if f.exc == nil {
				nullReference()
			}
			throw(f.exc)
			return ctlNext
		}
	}
	x := c.any(s.X)
	return func(f *frame) ctl { throwValue(x(f)); return ctlNext }
}
