package check

import (
	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// arg is an argument, bound as far as it can be without its parameter.
type arg struct {
	name string
	mode types.Mode
	this bool // the receiver of an extension method
	pos  int
	x    Expr
	decl *syntax.Declare // out var x, out T x
}

// args binds arguments without looking at any parameter yet.
func (b *binder) args(list []syntax.Arg) []arg {
	out := make([]arg, len(list))
	for i, a := range list {
		out[i] = arg{name: a.Name, pos: a.Pos()}
		switch a.Mode {
		case "ref":
			out[i].mode = types.ByRef
		case "out":
			out[i].mode = types.ByOut
		}
		if d, ok := a.X.(*syntax.Declare); ok {
			out[i].decl = d
			continue
		}
		if n, ok := a.X.(*syntax.Name); ok && n.Name == "_" && a.Mode == "out" && b.lookup("_") == nil {
			out[i].decl = &syntax.Declare{At: n.At, Name: "_"}
			continue
		}
		out[i].x = b.value(a.X)
		if t := out[i].x.Type(); t != nil && t.Kind == types.KindVoid {
			b.fail(a.X.Pos(), "CS1503", "Argument %d: cannot convert from 'void'", i+1)
		}
	}
	return out
}

// call binds Fun(Args): a method, a local function or a delegate.
func (b *binder) call(x *syntax.Call) Expr {
	var fun Expr
	if m, ok := x.Fun.(*syntax.Member); ok {
		b.spend(m.Pos())
		fun = b.member(m, true)
	} else {
		fun = b.bind(x.Fun)
	}
	b.rvalue(fun)
	args := b.args(x.Args)
	g, ok := fun.(*group)
	if !ok {
		return b.invokeDelegate(fun, args, x.Pos())
	}
	return b.callGroup(g, args)
}

// callGroup calls a method by name: methods of the type first, then extensions.
func (b *binder) callGroup(g *group, args []arg) Expr {
	switch {
	case g.local != nil:
		return b.callLocal(g, args)
	case g.name == "Invoke" && g.owner != nil && g.owner.Kind == types.KindDelegate:
		return b.invokeDelegate(g.recv, args, g.At)
	}
	if g.bare {
		b.pick(g.methods, args, g.args, g.At, g.name)
		b.fail(g.At, "CS0120", "An object reference is required for the non-static field, method, or property '%s.%s'", g.owner, g.name)
	}
	if len(g.methods) > 0 {
		err := b.attempt(func() { b.pick(g.methods, args, g.args, g.At, g.name) })
		if err == nil || g.recv == nil || len(b.lib.Extensions(g.name)) == 0 {
			return b.invoke(g.methods, g.recv, args, g.args, g.At, g.name)
		}
		if c := b.extension(g, args); c != nil {
			return c
		}
		panic(err)
	}
	if len(g.statics) > 0 {
		return b.besideStatics(g, args)
	}
	if c := b.extension(g, args); c != nil {
		return c
	}
	return b.noExtension(g, args)
}

// besideStatics calls an extension method, or tells that the static of that name would do.
func (b *binder) besideStatics(g *group, args []arg) (out Expr) {
	err := b.attempt(func() { out = b.extension(g, args) })
	switch {
	case out != nil:
		return out
	case b.attempt(func() { b.pick(g.statics, args, g.args, g.At, g.name) }) == nil:
		b.fail(g.At, "CS0176", "Member '%s.%s' cannot be accessed with an instance reference; qualify it with a type name instead", g.owner, g.name)
	case err != nil:
		panic(err)
	}
	return b.noExtension(g, args)
}

// extension tries the extension methods of that name; nil when none applies.
func (b *binder) extension(g *group, args []arg) (out Expr) {
	if g.recv == nil {
		return nil
	}
	all := append([]arg{{x: g.recv, pos: g.recv.Pos(), this: true}}, args...)
	var fits []*types.Method
	for _, m := range b.lib.Extensions(g.name) {
		if b.receives(m, g.recv) {
			fits = append(fits, m)
		}
	}
	if len(fits) == 0 {
		return nil
	}
	if m := b.otherReceiver(g.name, fits, len(all)); m != nil {
		b.fail(g.At, "CS1929", "'%s' does not contain a definition for '%s' and the best extension method overload '%s' requires a receiver of type '%s'", g.recv.Type(), g.name, m, m.Params[0].Type)
	}
	return b.invoke(fits, nil, all, g.args, g.At, g.name)
}

// otherReceiver gives an extension that takes so many arguments where none of those does that take the receiver.
func (b *binder) otherReceiver(name string, fits []*types.Method, n int) *types.Method {
	for _, m := range fits {
		if m.Takes(n) {
			return nil
		}
	}
	for _, m := range b.lib.Extensions(name) {
		if m.Takes(n) {
			return m
		}
	}
	return nil
}

// receives reports whether recv may be the first argument of an extension.
func (b *binder) receives(m *types.Method, recv Expr) bool {
	in := newInference(b, m)
	t := recv.Type()
	in.lower(t, m.Params[0].Type)
	p := m.Params[0].Type
	if len(m.TypeParams) > 0 {
		fixed := make([]*types.Type, len(m.TypeParams))
		for i := range fixed {
			fixed[i] = in.fix(i)
		}
		p = p.Subst(m.TypeParams, fixed)
		if p.HasParam() {
			return false
		}
	}
	c, _ := b.lib.Implicit(t, p)
	return c == types.Identity || c == types.Reference || c == types.Box
}

// noExtension reports that neither a member nor an extension fits.
func (b *binder) noExtension(g *group, args []arg) Expr {
	t := g.owner
	if t.Kind == types.KindDynamic || len(b.lib.Members(t, g.name)) == 0 {
		b.noMember(t, g.name, g.recv == nil, g.At)
	}
	return b.invoke(b.lib.Extensions(g.name), nil, append([]arg{{x: g.recv, pos: g.At}}, args...), g.args, g.At, g.name)
}

// invoke picks an overload and makes the call.
func (b *binder) invoke(methods []*types.Method, recv Expr, args []arg, targs []*types.Type, pos int, name string) Expr {
	c := b.pick(methods, args, targs, pos, name)
	m := c.m
	b.allow(m, pos)
	call := &Call{Typed: Typed{m.Result, pos}, Method: m, Recv: recv}
	call.Args, call.Order = b.complete(c, args)
	return call
}

// complete converts the arguments of a chosen candidate and fills in defaults
// and the params array.
func (b *binder) complete(c *candidate, args []arg) (out []Expr, order []int) {
	params := c.m.Params
	out = make([]Expr, len(params))
	var rest []Expr
	last := -1
	for i, a := range args {
		k := c.index[i]
		p := params[min(k, len(params)-1)]
		if c.expanded && k >= len(params)-1 {
			rest = append(rest, b.implicit(a.x, p.Type.Args[0]))
			continue
		}
		out[k] = b.argument(a, p)
		if k < last {
			order = []int{}
		}
		last = k
	}
	if order != nil {
		for i := range args {
			order = append(order, c.index[i])
		}
	}
	for k, p := range params {
		switch {
		case out[k] != nil:
		case c.expanded && k == len(params)-1:
			out[k] = &NewArray{Typed: Typed{p.Type, c.pos}, Items: rest}
		default:
			out[k] = b.defaultArgument(p, c.pos)
		}
	}
	return out, order
}

// defaultArgument is what an omitted optional parameter gets.
func (b *binder) defaultArgument(p types.Param, pos int) Expr {
	if p.Default == nil || p.Default.V == nil {
		return b.zero(p.Type, pos)
	}
	return b.implicit(&Const{Typed{b.lib.TypeOf(p.Default.V), pos}, p.Default.V}, p.Type)
}

// argument converts one argument to its parameter.
func (b *binder) argument(a arg, p types.Param) Expr {
	if p.Mode == types.ByValue {
		return b.implicit(a.x, p.Type)
	}
	ref := &Ref{Typed: Typed{p.Type, a.pos}, Out: p.Mode == types.ByOut}
	switch {
	case a.decl != nil && a.decl.Name == "_" && a.decl.Type == nil:
		ref.Target = b.use(b.temp(p.Type), a.pos)
	case a.decl != nil:
		v := b.declare(a.decl.Name, p.Type, a.decl.Pos())
		ref.Target = b.use(v, a.pos)
	default:
		ref.Target = b.assignable(a.x, a.pos)
	}
	return ref
}

// invokeDelegate calls a value of a delegate type.
func (b *binder) invokeDelegate(f Expr, args []arg, pos int) Expr {
	b.settle(f)
	t := f.Type()
	sig, ok := t.Invoke()
	if !ok {
		if t.Kind == types.KindDynamic {
			b.noMember(t, "Invoke", false, pos)
		}
		b.fail(pos, "CS0149", "Method name expected")
	}
	m := &types.Method{Owner: t, Name: "Invoke", Result: sig.Result}
	for _, p := range sig.Params {
		m.Params = append(m.Params, types.Param{Name: "arg", Type: p})
	}
	c := b.pick([]*types.Method{m}, args, nil, pos, "Invoke")
	out, _ := b.complete(c, args)
	return &Invoke{Typed{sig.Result, pos}, f, out}
}

// callLocal calls a local function, with the rules of overload resolution.
func (b *binder) callLocal(g *group, args []arg) Expr {
	b.capture(g.local.Var)
	c := b.pick([]*types.Method{g.local.method}, args, g.args, g.At, g.name)
	out, _ := b.complete(c, args)
	return &LocalCall{Typed{c.m.Result, g.At}, g.local.Var, g.local.Func, out}
}
