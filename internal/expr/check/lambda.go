package check

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// lambdaKey tells bindings of one lambda apart: by the function around it,
// which is bound anew for each of its own bindings, and its parameter types.
type lambdaKey struct {
	syn   *syntax.Lambda
	outer *Func
	types string
}

// boundLambda is a lambda bound for given parameter types, before its results
// are converted to what a delegate wants.
type boundLambda struct {
	fn      *Func
	scope   *scope
	expr    Expr      // of an expression body
	returns []*Return // of a block body
	falls   bool      // the end of the block can be reached
	result  *types.Type
	err     *syntax.Error
}

// bindLambda binds a lambda for parameter types; nil when it has another number
// of parameters or other explicit types. Defects in its body are in err.
func (b *binder) bindLambda(u *unbound, params []*types.Type) *boundLambda {
	if len(u.syn.Params) != len(params) {
		return nil
	}
	for i, p := range u.syn.Params {
		if p.Type != nil && !b.typ(p.Type).Same(params[i]) {
			return nil
		}
	}
	key := lambdaKey{u.syn, u.fn, typeKey(params)}
	if l, ok := b.lambdas[key]; ok {
		return l
	}
	l := &boundLambda{}
	scope, fn := b.scope, b.fn
	b.scope, b.fn = u.scope, u.fn
	l.err = b.attempt(func() { b.lambdaBody(u, params, l) })
	b.scope, b.fn = scope, fn
	b.lambdas[key] = l
	return l
}

// typeKey tells lists of types apart.
func typeKey(ts []*types.Type) string {
	var s strings.Builder
	var add func(t *types.Type)
	add = func(t *types.Type) {
		s.WriteString(t.Full())
		if t.Kind == types.KindAnonymous || t.Kind == types.KindTuple {
			s.WriteString(strings.Join(t.Names, ","))
		}
		s.WriteByte('<')
		for _, a := range t.Args {
			add(a)
		}
		s.WriteByte('>')
	}
	for _, t := range ts {
		add(t)
	}
	return s.String()
}

// lambdaBody binds parameters and body; results keep their own types.
func (b *binder) lambdaBody(u *unbound, params []*types.Type, l *boundLambda) {
	jumps, catches, returns := b.jumps, b.catches, b.returns
	b.jumps, b.catches, b.returns = nil, 0, &l.returns
	defer func() { b.jumps, b.catches, b.returns = jumps, catches, returns }()
	fn := &Func{Outer: u.fn}
	l.fn, b.fn = fn, fn
	b.push()
	l.scope = b.scope
	for i, p := range u.syn.Params {
		fn.Params = append(fn.Params, b.param(p.Name, params[i], p.Pos()))
	}
	if u.syn.Expr != nil {
		l.expr = b.rvalue(b.bind(u.syn.Expr))
		l.result = l.expr.Type()
	} else {
		blk := b.block(u.syn.Body)
		fn.Body = blk
		l.falls = b.flow(blk)
		l.result = b.returnType(l.returns)
	}
	b.pop()
	b.fn = u.fn
}

// param declares a parameter; it may hide nothing of an outer function.
func (b *binder) param(name string, t *types.Type, pos int) *Var {
	for s := b.scope.outer; s != nil; s = s.outer {
		if _, ok := s.vars[name]; ok && name != "_" && name != transparent {
			b.fail(pos, "CS0136", "A local or parameter named '%s' cannot be declared in this scope because that name is used in an enclosing local scope to define a local or parameter", name)
		}
	}
	if name == "_" && b.scope.vars["_"] == nil {
		v := b.temp(t)
		v.Name = name
		if b.scope.vars == nil {
			b.scope.vars = map[string]*Var{}
		}
		b.scope.vars["_"] = v
		return v
	}
	if name == transparent {
		v := b.temp(t)
		b.scope.vars = map[string]*Var{name: v}
		return v
	}
	return b.declare(name, t, pos)
}

// returnType is the common type of what a block returns; Void without values.
func (b *binder) returnType(rs []*Return) *types.Type {
	var es []Expr
	for _, r := range rs {
		if r.X == nil {
			return types.Void
		}
		es = append(es, r.X)
	}
	if len(es) == 0 {
		return types.Void
	}
	return b.common(es)
}

// lambdaFits reports whether the lambda converts to the delegate type t.
func (b *binder) lambdaFits(u *unbound, t *types.Type) bool {
	sig, ok := t.Invoke()
	if !ok {
		return false
	}
	l := b.bindLambda(u, sig.Params)
	if l == nil || l.err != nil {
		return false
	}
	if sig.Result.Kind == types.KindVoid {
		return l.expr == nil && l.result != nil && l.result.Kind == types.KindVoid || l.expr != nil && isEffect(l.expr)
	}
	if l.expr != nil {
		return b.resultFits(l, l.expr, sig.Result)
	}
	if l.falls {
		return false
	}
	for _, r := range l.returns {
		if r.X == nil || !b.resultFits(l, r.X, sig.Result) {
			return false
		}
	}
	return true
}

// resultFits reports whether a result converts to what the delegate gives.
func (b *binder) resultFits(l *boundLambda, e Expr, t *types.Type) bool {
	if et := e.Type(); et != nil && et.Kind == types.KindVoid {
		return false
	}
	c, _ := b.classify(e, t)
	return c != types.NoConversion
}

// isEffect reports whether an expression may stand as a statement.
func isEffect(e Expr) bool {
	switch e := e.(type) {
	case *Call, *Assign, *Invoke, *LocalCall, *Throw, *Deconstruct:
		return true
	case *Init:
		return true
	case *Access:
		return isEffect(e.Rest)
	case *Convert:
		return isEffect(e.X)
	}
	return false
}

// lambdaError gives the defect in the body of a lambda that does not fit t.
func (b *binder) lambdaError(u *unbound, t *types.Type) *syntax.Error {
	sig, ok := t.Invoke()
	if !ok {
		return nil
	}
	if l := b.bindLambda(u, sig.Params); l != nil {
		return l.err
	}
	return nil
}

// resultOnly reports a lambda that takes what the delegate type t gives it and only returns something else.
func (b *binder) resultOnly(u *unbound, t *types.Type) bool {
	sig, ok := t.Invoke()
	if !ok || sig.Result.Kind == types.KindVoid {
		return false
	}
	l := b.bindLambda(u, sig.Params)
	return l != nil && l.err == nil && l.result != nil && l.result.Kind != types.KindVoid && !l.falls
}

// lambda converts a lambda to a delegate type.
func (b *binder) lambda(u *unbound, t *types.Type) Expr {
	sig, ok := t.Invoke()
	if !ok {
		b.fail(u.At, "CS1660", "Cannot convert lambda expression to type '%s' because it is not a delegate type", t)
	}
	l := b.bindLambda(u, sig.Params)
	if l == nil {
		if len(u.syn.Params) != len(sig.Params) {
			b.fail(u.At, "CS1593", "Delegate '%s' does not take %d arguments", t, len(u.syn.Params))
		}
		b.fail(u.At, "CS1661", "Cannot convert lambda expression to type '%s' because the parameter types do not match the delegate parameter types", t)
	}
	if l.err != nil {
		panic(l.err)
	}
	b.finish(l, sig.Result, u.At, t)
	return &Lambda{Typed{t, u.At}, l.fn}
}

// finish converts the results of a bound lambda.
func (b *binder) finish(l *boundLambda, result *types.Type, pos int, t *types.Type) {
	scope, fn := b.scope, b.fn
	b.scope, b.fn = l.scope, l.fn
	defer func() { b.scope, b.fn = scope, fn }()
	l.fn.Result = result
	if result.Kind == types.KindVoid {
		if l.expr != nil {
			if !isEffect(l.expr) {
				b.fail(l.expr.Pos(), "CS0201", "Only assignment, call, increment, decrement, and new object expressions can be used as a statement")
			}
			l.fn.Body = &Block{Stmts: []Stmt{&Eval{Place(pos), l.expr}}, Vars: l.scope.captured()}
			return
		}
		for _, r := range l.returns {
			if r.X != nil {
				b.fail(r.Pos(), "CS8030", "Anonymous function converted to a void returning delegate cannot return a value")
			}
		}
		return
	}
	if l.expr != nil {
		x := b.implicit(l.expr, result)
		l.fn.Body = &Block{Stmts: []Stmt{&Return{Place(pos), x}}, Vars: l.scope.captured()}
		return
	}
	if l.falls {
		b.fail(pos, "CS1643", "Not all code paths return a value in lambda expression of type '%s'", t)
	}
	for _, r := range l.returns {
		if r.X == nil {
			b.fail(r.Pos(), "CS0126", "An object of a type convertible to '%s' is required", result)
		}
		r.X = b.implicit(r.X, result)
	}
}

// betterLambda compares two delegate types for a lambda by what it returns.
func (b *binder) betterLambda(u *unbound, t, v *types.Type) int {
	ts, ok1 := t.Invoke()
	vs, ok2 := v.Invoke()
	if !ok1 || !ok2 || len(ts.Params) != len(vs.Params) {
		return 0
	}
	for i, p := range ts.Params {
		if !p.Same(vs.Params[i]) {
			return 0
		}
	}
	if ts.Result.Same(vs.Result) {
		return 0
	}
	if ts.Result.Kind == types.KindVoid {
		return -1
	}
	if vs.Result.Kind == types.KindVoid {
		return 1
	}
	l := b.bindLambda(u, ts.Params)
	if l == nil || l.result == nil {
		return b.betterTarget(ts.Result, vs.Result)
	}
	if l.result.Same(ts.Result) {
		return 1
	}
	if l.result.Same(vs.Result) {
		return -1
	}
	return b.betterTarget(ts.Result, vs.Result)
}

// groupFor picks the method of a group for parameter types; nil when none fits.
func (b *binder) groupFor(g *group, params []*types.Type) (m *types.Method) {
	args := make([]arg, len(params))
	for i, p := range params {
		args[i] = arg{x: &Zero{Typed{p, g.At}}, pos: g.At}
	}
	methods := g.methods
	if g.local != nil {
		methods = []*types.Method{g.local.method}
	}
	if len(methods) == 0 {
		return nil
	}
	b.attempt(func() {
		if c := b.pick(methods, args, g.args, g.At, g.name); !c.expanded && c.defaults == 0 {
			m = c.m
		}
	})
	return m
}

// groupMethod is the method that makes a group a delegate of type t.
func (b *binder) groupMethod(g *group, t *types.Type) *types.Method {
	sig, ok := t.Invoke()
	if !ok {
		return nil
	}
	m := b.groupFor(g, sig.Params)
	if m == nil || sig.Result.Kind == types.KindVoid {
		return m
	}
	if c, _ := b.lib.Implicit(m.Result, sig.Result); c != types.Identity && c != types.Reference {
		return nil
	}
	return m
}

// delegate converts a method group.
func (b *binder) delegate(g *group, t *types.Type) Expr {
	m := b.groupMethod(g, t)
	if m == nil {
		if t.Kind != types.KindDelegate {
			b.fail(g.At, "CS0428", "Cannot convert method group '%s' to non-delegate type '%s'. Did you intend to invoke the method?", g.name, t)
		}
		b.fail(g.At, "CS0123", "No overload for '%s' matches delegate '%s'", g.name, t)
	}
	if g.local != nil {
		b.capture(g.local.Var)
		return &Convert{Typed: Typed{t, g.At}, X: &Local{Typed{t, g.At}, g.local.Var}, Conv: ConvNone}
	}
	b.allow(m, g.At)
	return &Group{Typed{t, g.At}, m, g.recv}
}
