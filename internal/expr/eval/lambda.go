package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// closure makes a function together with the cells it captured.
func (c *compiler) closure(fn *check.Func) func(f *frame) (*proc, []*slot) {
	from := make([]func(*frame) *slot, len(fn.Captures))
	for i, v := range fn.Captures {
		from[i] = c.slotOf(v)
	}
	// The body is compiled after the captures are known: all of them are, since
	// binding is over.
	p := c.proc(fn)
	return func(f *frame) (*proc, []*slot) {
		if len(from) == 0 {
			return p, nil
		}
		cells := make([]*slot, len(from))
		for i, at := range from {
			cells[i] = at(f)
		}
		return p, cells
	}
}

// delegate wraps a function for library code: exceptions become errors there.
func delegate(t *types.Type, m *machine, p *proc, cells []*slot) *types.Func {
	m.escaped = true
	return &types.Func{Type: t, Call: func(args ...types.Value) (v types.Value, err error) {
		free, mark := m.free, m.env.Mark()
		defer func() {
			if r := recover(); r != nil {
				th, ok := r.(*thrown)
				if !ok {
					panic(r)
				}
				m.free = free
				m.env.Reset(mark)
				v, err = nil, th.err
			}
		}()
		return p.invoke(m, cells, args), nil
	}}
}

// lambda makes a delegate each time it is evaluated, with the cells of that moment.
func (c *compiler) lambda(e *check.Lambda) code {
	make := c.closure(e.Func)
	t := e.T
	return code{t: t, rep: repAny, a: func(f *frame) any {
		f.charge(64)
		p, cells := make(f)
		return delegate(t, f.m, p, cells)
	}}
}

// group makes a delegate of a library method.
func (c *compiler) group(e *check.Group) code {
	m, t := e.Method, e.T
	var recv func(*frame) any
	if e.Recv != nil {
		recv = c.any(e.Recv)
	}
	return code{t: t, rep: repAny, a: func(f *frame) any {
		var this any
		if recv != nil {
			if this = recv(f); this == nil {
				nullReference()
			}
		}
		env := f.env
		return &types.Func{Type: t, Call: func(args ...types.Value) (types.Value, error) {
			if err := env.Step(1); err != nil {
				return nil, err
			}
			if err := env.Read(m, this); err != nil {
				return nil, err
			}
			for _, v := range args {
				if err := env.Read(m, v); err != nil {
					return nil, err
				}
			}
			return m.Row.Do.Call(&types.Call{Env: env, This: this, Args: args, Owner: m.Owner, Method: m, Types: m.TypeParams})
		}}
	}}
}

// invoke calls a delegate; the arguments are evaluated before null is noticed,
// as in C#.
func (c *compiler) invoke(e *check.Invoke) code {
	fn := c.any(e.F)
	args := make([]func(*frame) any, len(e.Args))
	for i, a := range e.Args {
		args[i] = c.any(a)
	}
	a := func(f *frame) any {
		f.step()
		d, _ := fn(f).(*types.Func)
		vs := make([]any, len(args))
		for i, a := range args {
			vs[i] = a(f)
		}
		if d == nil {
			nullReference()
		}
		v, err := d.Call(vs...)
		if err != nil {
			throw(err)
		}
		return v
	}
	if e.T.Kind == types.KindVoid {
		return code{t: e.T, rep: repVoid, v: func(f *frame) { a(f) }}
	}
	return anyCode(e.T, a)
}

// localClosure is what the variable of a local function holds.
type localClosure struct {
	p     *proc
	cells []*slot
}

// localCall calls a local function directly, without a delegate.
func (c *compiler) localCall(e *check.LocalCall) code {
	at := c.slotOf(e.Var)
	args := make([]func(*frame) any, len(e.Args))
	backs := make([]func(*frame, any), len(e.Args))
	for i, a := range e.Args {
		if r, ok := a.(*check.Ref); ok {
			args[i] = c.refCurrent(r)
			backs[i] = c.storeAny(r.Target)
			continue
		}
		args[i] = c.any(a)
	}
	a := func(f *frame) any {
		fn := at(f).o.(*localClosure)
		vs := make([]any, len(args))
		for i, a := range args {
			vs[i] = a(f)
		}
		v := fn.p.invoke(f.m, fn.cells, vs)
		for i, b := range backs {
			if b != nil {
				b(f, vs[i])
			}
		}
		return v
	}
	if e.T.Kind == types.KindVoid {
		return code{t: e.T, rep: repVoid, v: func(f *frame) { a(f) }}
	}
	return anyCode(e.T, a)
}

// refCurrent is what a local function finds in a ref or out parameter.
func (c *compiler) refCurrent(r *check.Ref) func(*frame) any {
	if r.Out {
		z := types.Zero(r.T)
		return func(*frame) any { return z }
	}
	return c.any(r.Target)
}
