package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// handler is a compiled catch clause.
type handler struct {
	typ   *types.Type
	enter func(*frame)
	set   func(*frame, any)
	when  func(*frame) bool
	body  exec
}

// try runs its finally block however the body ended, except when a limit was hit.
func (c *compiler) try(s *check.Try) exec {
	body := c.stmt(s.Body)
	var hs []handler
	for _, k := range s.Catches {
		h := handler{typ: k.Type, enter: c.enter(k.Vars)}
		if k.Var != nil {
			at := c.slotOf(k.Var)
			h.set = func(f *frame, v any) { at(f).o = v }
		}
		if k.When != nil {
			h.when = c.bool(k.When)
		}
		h.body = c.stmt(k.Body)
		hs = append(hs, h)
	}
	run := body
	if len(hs) > 0 {
		run = c.catching(body, hs)
	}
	if s.Finally == nil {
		return run
	}
	finally := c.stmt(s.Finally)
	return func(f *frame) ctl {
		r, t := guard(f, run)
		if t != nil {
			if _, limit := t.err.(*types.Limit); limit {
				panic(t) // the budget is spent: nothing of the program runs any more
			}
		}
		ret := f.ret
		if out := finally(f); out != ctlNext {
			return out
		}
		if t != nil {
			panic(t)
		}
		f.ret = ret
		return r
	}
}

// guard runs a statement and gives what it threw.
func guard(f *frame, run exec) (r ctl, t *thrown) {
	free, mark := f.m.free, f.env.Mark()
	defer func() {
		if p := recover(); p != nil {
			th, ok := p.(*thrown)
			if !ok {
				panic(p)
			}
			f.m.free = free
			f.env.Reset(mark)
			t = th
		}
	}()
	return run(f), nil
}

// catching gives an exception to the first clause whose type and filter accept it.
func (c *compiler) catching(body exec, hs []handler) exec {
	lib := c.lib
	return func(f *frame) ctl {
		r, t := guard(f, body)
		if t == nil {
			return r
		}
		exc, ok := t.err.(*types.Exception)
		if !ok {
			panic(t)
		}
		f.step()
		for _, h := range hs {
			if !lib.Is(exc, h.typ) {
				continue
			}
			if h.enter != nil {
				h.enter(f)
			}
			if h.set != nil {
				h.set(f, exc)
			}
			if h.when != nil && !filter(f, h.when) {
				continue
			}
			outer := f.exc
			f.exc = exc
			r := h.body(f)
			f.exc = outer
			return r
		}
		panic(t)
	}
}

// filter evaluates a when clause; an exception inside it counts as false.
func filter(f *frame, when func(*frame) bool) bool {
	yes := false
	_, t := guard(f, func(f *frame) ctl { yes = when(f); return ctlNext })
	if t != nil {
		if _, limit := t.err.(*types.Limit); limit {
			panic(t)
		}
		return false
	}
	return yes
}

// using runs its body and then disposes, which does nothing here: no value
// holds a resource. The variables are evaluated and read, as in C#.
func (c *compiler) using(s *check.Using) exec {
	enter := c.enter(s.Vars)
	sets := make([]exec, len(s.Sets))
	for i, st := range s.Sets {
		sets[i] = c.stmt(st)
	}
	body := c.stmt(s.Body)
	return func(f *frame) ctl {
		if enter != nil {
			enter(f)
		}
		for _, st := range sets {
			st(f)
		}
		return body(f)
	}
}
