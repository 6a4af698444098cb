package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// proc is a compiled function: the root, a lambda or a local function.
type proc struct {
	slots  int
	cells  bool // some variable of its own is captured
	params []*check.Var
	modes  []types.Mode
	result *types.Type
	expr   code             // of a body that is one expression
	exec   func(*frame) ctl // otherwise
	put    func(*frame)     // stores expr in ret
	caps   []*check.Var     // what a closure takes along
}

// run executes the body; the result is in f.ret.
func (p *proc) run(f *frame) {
	if p.put != nil {
		p.put(f)
		return
	}
	p.exec(f)
}

// setParam puts a boxed argument in place.
func (p *proc) setParam(f *frame, i int, v any) {
	x := p.params[i]
	s := &f.slots[x.Slot]
	if x.Captured {
		s = &slot{}
		f.cells[x.Slot] = s
	}
	putAny(s, x.Type, v)
}

// invoke runs the function in a frame of its own.
func (p *proc) invoke(m *machine, outer []*slot, args []any) any {
	if err := m.env.Enter(); err != nil {
		throw(err)
	}
	if err := m.env.Step(1); err != nil {
		throw(err)
	}
	f := m.push(p, outer)
	for i := range p.params {
		p.setParam(f, i, args[i])
	}
	p.run(f)
	var v any
	if p.result.Kind != types.KindVoid {
		v = takeAny(&f.ret, p.result)
	}
	for i, mode := range p.modes {
		if mode != types.ByValue {
			args[i] = takeAny(own(f, p.params[i]), p.params[i].Type)
		}
	}
	m.pop(f)
	m.env.Leave()
	return v
}

// own is where a variable of the function itself lives.
func own(f *frame, v *check.Var) *slot {
	if v.Captured {
		return f.cells[v.Slot]
	}
	return &f.slots[v.Slot]
}

// compiler turns bound trees into closures.
type compiler struct {
	lib *types.Library
	fn  *check.Func
}

// root compiles the body of the expression. A panic is a defect of the planner,
// reported as an error so that a bad expression fails its policy alone.
func (c *compiler) root(fn *check.Func) (p *proc, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = recovered(r)
		}
	}()
	return c.proc(fn), nil
}

// proc compiles a function. A body that is a single return becomes a closure of
// its result type, without statements around it.
func (c *compiler) proc(fn *check.Func) *proc {
	outer := c.fn
	c.fn = fn
	defer func() { c.fn = outer }()
	p := &proc{slots: fn.Slots, params: fn.Params, modes: fn.Modes, result: fn.Result, caps: fn.Captures}
	body, _ := fn.Body.(*check.Block)
	vars := body.Vars
	if r := single(body); r != nil && r.X != nil && fn.Result.Kind != types.KindVoid {
		p.expr = c.expr(r.X).as(fn.Result)
		p.put = store(p.expr, func(f *frame) *slot { return &f.ret })
		if enter := c.enter(vars); enter != nil {
			put := p.put
			p.expr = code{}
			p.put = func(f *frame) { enter(f); put(f) }
		}
	} else {
		p.exec = c.stmt(body)
	}
	p.cells = fn.OwnCells
	return p
}

// single is the return of a body that is nothing else.
func single(b *check.Block) *check.Return {
	if b == nil || len(b.Stmts) != 1 || len(b.Funcs) > 0 {
		return nil
	}
	r, _ := b.Stmts[0].(*check.Return)
	return r
}

// slotOf says where a variable lives, seen from the function being compiled.
func (c *compiler) slotOf(v *check.Var) func(*frame) *slot {
	n := v.Slot
	if v.Func == c.fn {
		if v.Captured {
			return func(f *frame) *slot { return f.cells[n] }
		}
		return func(f *frame) *slot { return &f.slots[n] }
	}
	for i, w := range c.fn.Captures {
		if w == v {
			return func(f *frame) *slot { return f.outer[i] }
		}
	}
	panic("variable " + v.Name + " is not captured")
}

// enter makes the cells of captured variables that begin in a scope; nil when
// there are none. Parameters have theirs already.
func (c *compiler) enter(vars []*check.Var) func(*frame) {
	var slots []int
	for _, v := range vars {
		if v.Captured && v.Func == c.fn && !isParam(c.fn, v) {
			slots = append(slots, v.Slot)
		}
	}
	if len(slots) == 0 {
		return nil
	}
	return func(f *frame) {
		for _, n := range slots {
			f.cells[n] = &slot{}
		}
	}
}

// isParam reports whether v is a parameter of fn.
func isParam(fn *check.Func, v *check.Var) bool {
	for _, p := range fn.Params {
		if p == v {
			return true
		}
	}
	return false
}
