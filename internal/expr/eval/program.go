package eval

import (
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Program is a compiled expression. It may run in any number of evaluations at
// once.
type Program struct {
	proc *proc
	lib  *types.Library
	ctx  bool
	pool sync.Pool
}

// Defect is a fault of the engine or of a library function, never of the
// expression. It fails the evaluation and nothing else.
type Defect struct {
	What  string
	Stack string
}

// Error implements error.
func (d *Defect) Error() string { return "internal error: " + d.What }

// Compile plans the closures of a bound expression.
func Compile(p *check.Program) (*Program, error) {
	c := &compiler{lib: p.Library}
	out := &Program{lib: p.Library, ctx: p.Context != nil}
	proc, err := c.root(p.Func)
	if err != nil {
		return nil, err
	}
	out.proc = proc
	out.pool.New = func() any { return &machine{} }
	return out, nil
}

// Run evaluates with a full budget. The context is the value of the name
// "context". An error is a *types.Exception, a *types.Limit or a *Defect.
func (p *Program) Run(env *types.Env, context any) (v any, err error) {
	f, m := p.begin(env, context)
	defer p.end(m, &err)
	p.proc.run(f)
	v = takeAny(&f.ret, p.proc.result)
	m.pop(f)
	return v, nil
}

// String evaluates an expression whose result type is string; ok is false for
// null.
func (p *Program) String(env *types.Env, context any) (s string, ok bool, err error) {
	f, m := p.begin(env, context)
	defer p.end(m, &err)
	if p.proc.result.Kind == types.KindString && p.proc.expr.s != nil {
		s, ok = p.proc.expr.s(f)
	} else {
		p.proc.run(f)
		v := takeAny(&f.ret, p.proc.result)
		s, ok = types.ToString(v), v != nil
	}
	m.pop(f)
	return s, ok, nil
}

// Bool evaluates an expression whose result type is bool.
func (p *Program) Bool(env *types.Env, context any) (b bool, err error) {
	f, m := p.begin(env, context)
	defer p.end(m, &err)
	if p.proc.expr.b != nil {
		b = p.proc.expr.b(f)
	} else {
		p.proc.run(f)
		b, _ = takeAny(&f.ret, p.proc.result).(bool)
	}
	m.pop(f)
	return b, nil
}

// begin takes a machine from the pool and fills the budget.
func (p *Program) begin(env *types.Env, context any) (*frame, *machine) {
	env.Begin()
	env.Library = p.lib
	m := p.pool.Get().(*machine)
	m.env = env
	f := m.push(p.proc, nil)
	if p.ctx {
		p.proc.setParam(f, 0, context)
	}
	return f, m
}

// end recovers what was thrown and gives the machine back, unless a delegate
// may still use it.
func (p *Program) end(m *machine, err *error) {
	m.env.End()
	if r := recover(); r != nil {
		*err = recovered(r)
		return // its frames are lost; a fresh machine is cheap
	}
	if !m.escaped {
		m.env = nil
		p.pool.Put(m)
	}
}

// recovered turns what a run panicked with into its error.
func recovered(r any) error {
	if t, ok := r.(*thrown); ok {
		return t.err
	}
	return &Defect{fmt.Sprint(r), string(debug.Stack())}
}

// IsText reports whether the program's own result type is string.

// IsText reports whether the result type is string.
func (p *Program) IsText() bool { return p.proc.result.Kind == types.KindString }
