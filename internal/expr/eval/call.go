package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// call compiles a library member. Its cost is a step.
func (c *compiler) call(e *check.Call) code {
	if direct, ok := c.direct(e); ok {
		return direct
	}
	p := c.prepare(e)
	fn := e.Method.Row.Do
	if fn.Call == nil {
		panic("the row " + e.Method.Row.Sig + " has no function")
	}
	if e.T.Kind == types.KindString && fn.Str != nil && !p.refs {
		str := fn.Str
		return code{t: e.T, rep: repStr, s: func(f *frame) (string, bool) {
			s, err := str(p.typed(f))
			if err != nil {
				throw(err)
			}
			return s, true
		}}
	}
	if e.T.Kind == types.KindString && fn.NullStr != nil && !p.refs {
		text := fn.NullStr
		return code{t: e.T, rep: repStr, s: func(f *frame) (string, bool) {
			t, err := text(p.typed(f))
			if err != nil {
				throw(err)
			}
			return t.Value, t.Set
		}}
	}
	a := func(f *frame) any { return p.do(f, fn.Call) }
	if fn.Typed != nil && !p.refs {
		call := fn.Call
		a = func(f *frame) any {
			v, err := call(p.typed(f))
			if err != nil {
				throw(err)
			}
			return v
		}
	}
	if e.T.Kind == types.KindVoid {
		return code{t: e.T, rep: repVoid, v: func(f *frame) { a(f) }}
	}
	return anyCode(e.T, a)
}

// prepared evaluates receiver and arguments of a call.
type prepared struct {
	method *types.Method
	owner  *types.Type
	recv   func(*frame) any
	nullOK bool // the receiver is a nullable, whose members take null
	object string
	args   []func(*frame) any
	order  []int
	back   []func(*frame, any) // writes ref and out arguments back; nil for values
	refs   bool
	long   bool  // the receiver may be long, and the member read all of it
	reads  []int // arguments that may be long: all but short constants
}

// prepare compiles receiver and arguments, and how ref and out arguments are
// read and written back.
func (c *compiler) prepare(e *check.Call) *prepared {
	p := &prepared{method: e.Method, owner: e.Method.Owner, order: e.Order}
	if e.Method.Form == types.FormConstructor {
		p.owner = e.T
	}
	if e.Recv != nil {
		// Properties of anything but a text are at hand.
		p.long = e.Method.Form != types.FormProperty || e.Method.Owner.Kind == types.KindString
		p.recv = c.any(e.Recv)
		if e.Recv.Type().Kind == types.KindNullable {
			p.nullOK = true
			if e.Method.Owner.Kind != types.KindNullable {
				p.object = e.Method.Name
			}
		}
	}
	for i, a := range e.Args {
		if mayBeLong(a) {
			p.reads = append(p.reads, i)
		}
		r, ok := a.(*check.Ref)
		if !ok {
			p.args = append(p.args, c.any(a))
			p.back = append(p.back, nil)
			continue
		}
		p.refs = true
		p.args = append(p.args, c.refValue(r))
		p.back = append(p.back, c.storeAny(r.Target))
	}
	return p
}

// mayBeLong tells whether reading an argument may cost more than the step of
// the call.
func mayBeLong(e check.Expr) bool {
	k, ok := e.(*check.Const)
	return !ok || types.Texts(k.Value) >= types.Stride
}

// read spends the steps of a call that reads its receiver and arguments.
func (p *prepared) read(f *frame, this any, args []any) {
	if p.long && this != nil {
		if err := f.env.Read(p.method, this); err != nil {
			throw(err)
		}
	}
	for _, i := range p.reads {
		if err := f.env.Read(p.method, args[i]); err != nil {
			throw(err)
		}
	}
}

// refValue is what the callee finds in a ref or out argument.
func (c *compiler) refValue(r *check.Ref) func(*frame) any {
	if r.Out {
		z := types.Zero(r.T)
		return func(*frame) any { return &types.Ref{V: z} }
	}
	x := c.any(r.Target)
	return func(f *frame) any { return &types.Ref{V: x(f)} }
}

// receiver evaluates the receiver and refuses null.
func (p *prepared) receiver(f *frame) any {
	if p.recv == nil {
		return nil
	}
	v := p.recv(f)
	if v == nil && !p.nullOK {
		nullReference()
	}
	return v
}

// evaluate fills args, in the order the source has them.
func (p *prepared) evaluate(f *frame, args []any) {
	if len(p.order) == 0 {
		for i, a := range p.args {
			args[i] = a(f)
		}
		return
	}
	done := make([]bool, len(p.args))
	for _, k := range p.order {
		if k < len(args) && !done[k] {
			args[k], done[k] = p.args[k](f), true
		}
	}
	for i, a := range p.args {
		if !done[i] {
			args[i] = a(f)
		}
	}
}

// typed makes the call in the frame's own memory, for functions that take
// their arguments out of it before they do anything else.
func (p *prepared) typed(f *frame) *types.Call {
	f.step()
	this := p.receiver(f)
	var room [6]any
	var many []any
	if n := len(p.args); n <= len(room) {
		p.evaluate(f, room[:n])
	} else {
		many = make([]any, n)
		p.evaluate(f, many)
	}
	// Only now: the arguments may have made calls of their own in this frame.
	call := &f.call
	*call = types.Call{Env: f.env, This: this, Owner: p.owner, Method: p.method, Types: p.method.TypeParams, Args: many}
	if many == nil {
		call.Args = f.args[:copy(f.args[:], room[:len(p.args)])]
	}
	if this == nil && p.nullOK {
		p.nullCall(call)
	}
	if p.long || len(p.reads) > 0 {
		p.read(f, call.This, call.Args)
	}
	return call
}

// nullCall is a member of object on a nullable without a value.
func (p *prepared) nullCall(call *types.Call) {
	if p.object == "" {
		return
	}
	if p.object == "ToString" {
		call.This = ""
		return
	}
	if p.object == "GetHashCode" {
		call.This = int32(0)
		return
	}
	if p.object == "Equals" {
		call.This = call.Args[0] == nil
		call.Args[0] = true
		return
	}
	nullReference()
}

// do makes a call that the function may keep.
func (p *prepared) do(f *frame, fn func(*types.Call) (types.Value, error)) any {
	f.step()
	call := &types.Call{Env: f.env, Owner: p.owner, Method: p.method, Types: p.method.TypeParams}
	call.This = p.receiver(f)
	if len(p.args) > 0 {
		call.Args = make([]any, len(p.args))
		p.evaluate(f, call.Args)
	}
	if call.This == nil && p.nullOK {
		p.nullCall(call)
	}
	if p.long || len(p.reads) > 0 {
		p.read(f, call.This, call.Args)
	}
	v, err := fn(call)
	if err != nil {
		throw(err)
	}
	if p.refs {
		p.writeBack(f, call.Args)
	}
	return v
}

// writeBack stores what the callee left in its ref and out arguments. It runs
// after the call returned: a call that throws changes no variable.
func (p *prepared) writeBack(f *frame, args []any) {
	for i, back := range p.back {
		if back != nil {
			back(f, args[i].(*types.Ref).V)
		}
	}
}

// direct calls the commonest shapes of typed functions without boxing.
func (c *compiler) direct(e *check.Call) (code, bool) {
	var xs []check.Expr
	if e.Recv != nil {
		xs = append(xs, e.Recv)
	}
	xs = append(xs, e.Args...)
	if len(e.Order) > 0 || len(xs) > 2 {
		return code{}, false
	}
	for _, x := range xs {
		if x.Type().Kind != types.KindString {
			return code{}, false
		}
	}
	arg := func(i int) func(*frame) string { return c.required(xs[i], e, i) }
	scan := (*frame).scan
	if e.Method.Form == types.FormProperty {
		scan = (*frame).tick
	}
	out := code{t: e.T, rep: repOf(e.T)}
	switch fn := e.Method.Row.Do.Typed.(type) {
	case func(string) string:
		x := arg(0)
		out.s = func(f *frame) (string, bool) {
			f.step()
			a := x(f)
			f.scan(len(a))
			s := fn(a)
			f.charge(len(s))
			return s, true
		}
	case func(string) int32:
		x := arg(0)
		out.i = func(f *frame) int64 { f.step(); a := x(f); scan(f, len(a)); return int64(fn(a)) }
	case func(string) bool:
		x := arg(0)
		out.b = func(f *frame) bool { f.step(); a := x(f); f.scan(len(a)); return fn(a) }
	case func(string, string) bool:
		x, y := arg(0), arg(1)
		out.b = func(f *frame) bool { f.step(); a, b := x(f), y(f); f.scan(len(a) + len(b)); return fn(a, b) }
	case func(string, string) int32:
		x, y := arg(0), arg(1)
		out.i = func(f *frame) int64 { f.step(); a, b := x(f), y(f); f.scan(len(a) + len(b)); return int64(fn(a, b)) }
	default:
		return code{}, false
	}
	return out, true
}

// required is a string that must not be null: a receiver throws a
// NullReferenceException, an argument an ArgumentNullException.
func (c *compiler) required(x check.Expr, e *check.Call, i int) func(*frame) string {
	s := c.expr(x).as(types.String).s
	isRecv := e.Recv != nil && i == 0
	name := ""
	if !isRecv {
		k := i
		if e.Recv != nil {
			k--
		}
		name = e.Method.Params[k].Name
	}
	return func(f *frame) string {
		v, ok := s(f)
		if !ok {
			if isRecv {
				nullReference()
			}
			throw(types.ArgumentNull(name))
		}
		return v
	}
}
