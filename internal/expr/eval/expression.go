package eval

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// expr compiles an expression.
func (c *compiler) expr(e check.Expr) code {
	switch e := e.(type) {
	case *check.Const:
		return constant(e.T, e.Value)
	case *check.Local:
		return load(e.T, c.slotOf(e.Var))
	case *check.Call:
		return c.call(e)
	case *check.Binary:
		return c.binary(e)
	case *check.Same:
		return c.same(e)
	case *check.Logic:
		return c.logic(e)
	case *check.Concat:
		return c.concat(e)
	case *check.Convert:
		return c.convert(e)
	case *check.Cond:
		return c.cond(e)
	case *check.Coalesce:
		return c.coalesce(e)
	case *check.Access:
		return c.access(e)
	case *check.Unary:
		return c.unary(e)
	case *check.Assign:
		return c.assign(e)
	case *check.Element:
		return c.element(e)
	case *check.Field:
		return c.field(e)
	}
	return c.rare(e)
}

// rare compiles the expressions that are not on the way of most policies.
func (c *compiler) rare(e check.Expr) code {
	switch e := e.(type) {
	case *check.Zero:
		return c.zero(e)
	case *check.Is:
		return c.is(e)
	case *check.As:
		return c.as(e)
	case *check.NewArray:
		return c.newArray(e)
	case *check.NewObject:
		return c.newObject(e)
	case *check.Init:
		return c.init(e)
	case *check.Lambda:
		return c.lambda(e)
	case *check.Group:
		return c.group(e)
	case *check.Invoke:
		return c.invoke(e)
	case *check.LocalCall:
		return c.localCall(e)
	case *check.Throw:
		return c.throw(e)
	case *check.Deconstruct:
		return c.deconstruct(e)
	case *check.LiftedCall:
		return c.liftedCall(e)
	}
	panic(fmt.Sprintf("no code for %T", e))
}

// anyCode wraps a closure over boxed values in the representation of t.
func anyCode(t *types.Type, a func(*frame) any) code { return code{t: t, rep: repAny, a: a}.as(t) }

// bool compiles a condition.
func (c *compiler) bool(e check.Expr) func(*frame) bool { return c.expr(e).as(types.Bool).b }

// any compiles an expression to its boxed value.
func (c *compiler) any(e check.Expr) func(*frame) any { return c.expr(e).boxed() }

// zero is default(T) where the type decides at run time, or decimal.
func (c *compiler) zero(e *check.Zero) code {
	v := types.Zero(e.T)
	return constant(e.T, v)
}

// logic is && and ||: the right side runs only when the left does not decide.
func (c *compiler) logic(e *check.Logic) code {
	x, y := c.bool(e.X), c.bool(e.Y)
	if e.Or {
		return code{t: types.Bool, rep: repBool, b: func(f *frame) bool { return x(f) || y(f) }}
	}
	return code{t: types.Bool, rep: repBool, b: func(f *frame) bool { return x(f) && y(f) }}
}

// same is reference equality and comparison with null.
func (c *compiler) same(e *check.Same) code {
	not := e.Not
	out := code{t: types.Bool, rep: repBool}
	x, y := c.expr(e.X), c.expr(e.Y)
	if x.known && x.k == nil {
		x, y = y, x
	}
	if y.known && y.k == nil {
		if x.rep == repStr {
			s := x.s
			out.b = func(f *frame) bool { _, ok := s(f); return ok == not }
			return out
		}
		a := x.boxed()
		out.b = func(f *frame) bool { return (a(f) == nil) != not }
		return out
	}
	a, b := x.boxed(), y.boxed()
	out.b = func(f *frame) bool {
		p, q := a(f), b(f)
		return sameReference(p, q) != not
	}
	return out
}

// sameReference compares references. Equal strings count as one object, which
// is what interning gives for the literals that programs compare this way;
// boxed values are never the same object.
func sameReference(p, q any) bool {
	if p == nil || q == nil {
		return p == nil && q == nil
	}
	switch p := p.(type) {
	case string:
		return p == q
	case types.TypeValue:
		other, ok := q.(types.TypeValue)
		return ok && p.T.Same(other.T)
	case types.Typed:
		return p.NetType().IsReference() && p == q
	case *types.Exception:
		return p == q
	}
	return false
}

// cond compiles ?: in the representation both branches share.
func (c *compiler) cond(e *check.Cond) code {
	cond := c.bool(e.C)
	x, y := c.expr(e.X).as(e.T), c.expr(e.Y).as(e.T)
	out := code{t: e.T, rep: repOf(e.T)}
	switch out.rep {
	case repBool:
		p, q := x.b, y.b
		out.b = func(f *frame) bool {
			if cond(f) {
				return p(f)
			}
			return q(f)
		}
	case repInt:
		p, q := x.i, y.i
		out.i = func(f *frame) int64 {
			if cond(f) {
				return p(f)
			}
			return q(f)
		}
	case repFloat:
		p, q := x.f, y.f
		out.f = func(f *frame) float64 {
			if cond(f) {
				return p(f)
			}
			return q(f)
		}
	case repStr:
		p, q := x.s, y.s
		out.s = func(f *frame) (string, bool) {
			if cond(f) {
				return p(f)
			}
			return q(f)
		}
	default:
		p, q := x.boxed(), y.boxed()
		out.rep, out.a = repAny, func(f *frame) any {
			if cond(f) {
				return p(f)
			}
			return q(f)
		}
	}
	return out
}

// coalesce is ??; between strings nothing is boxed.
func (c *compiler) coalesce(e *check.Coalesce) code {
	if e.T.Kind == types.KindString && e.X.Type().Kind == types.KindString {
		x, y := c.expr(e.X).as(types.String).s, c.expr(e.Y).as(types.String).s
		return code{t: e.T, rep: repStr, s: func(f *frame) (string, bool) {
			if s, ok := x(f); ok {
				return s, ok
			}
			return y(f)
		}}
	}
	x, y, conv := c.any(e.X), c.any(e.Y), c.any(e.Conv)
	at, t := c.slotOf(e.Hole), e.Hole.Type
	return anyCode(e.T, func(f *frame) any {
		v := x(f)
		if v == nil {
			return y(f)
		}
		putAny(at(f), t, v)
		return conv(f)
	})
}

// access is ?. and ?[: the rest of the chain is skipped for null.
func (c *compiler) access(e *check.Access) code {
	x, rest := c.any(e.X), c.any(e.Rest)
	at, t := c.slotOf(e.Hole), e.Hole.Type
	a := func(f *frame) any {
		v := x(f)
		if v == nil {
			return nil
		}
		putAny(at(f), t, v)
		return rest(f)
	}
	if e.T.Kind == types.KindVoid {
		return code{t: e.T, rep: repVoid, v: func(f *frame) { a(f) }}
	}
	return anyCode(e.T, a)
}

// is tests a pattern, which may set a variable.
func (c *compiler) is(e *check.Is) code {
	test := c.pattern(e.Test, e.X.Type())
	x := c.any(e.X)
	return code{t: types.Bool, rep: repBool, b: func(f *frame) bool { return test(f, x(f)) }}
}

// pattern compiles a test that also sets the variable of the pattern.
func (c *compiler) pattern(p *check.Pattern, _ *types.Type) func(*frame, any) bool {
	test := func(*frame, any) bool { return true }
	lib := c.lib
	switch {
	case p.Null:
		test = func(_ *frame, v any) bool { return v == nil }
	case p.Const != nil:
		k := p.Const.(*check.Const).Value
		test = func(_ *frame, v any) bool { return types.Equal(v, k) }
	case p.Type != nil:
		t := p.Type
		test = func(_ *frame, v any) bool { return lib.Is(v, t) }
	}
	if p.Var == nil {
		return test
	}
	at, t := c.slotOf(p.Var), p.Var.Type
	return func(f *frame, v any) bool {
		if !test(f, v) {
			return false
		}
		putAny(at(f), t, v)
		return true
	}
}

// as is a cast that gives null instead of failing.
func (c *compiler) as(e *check.As) code {
	x, lib, t := c.any(e.X), c.lib, e.T
	return anyCode(t, func(f *frame) any {
		if v := x(f); lib.Is(v, t) {
			return v
		}
		return nil
	})
}

// throw is a throw expression, in whatever representation is asked of it.
func (c *compiler) throw(e *check.Throw) code {
	x := c.any(e.X)
	fail := func(f *frame) { throwValue(x(f)) }
	t := e.T
	if t == nil {
		t = types.Void
	}
	switch repOf(t) {
	case repBool:
		return code{t: t, rep: repBool, b: func(f *frame) bool { fail(f); return false }}
	case repInt:
		return code{t: t, rep: repInt, i: func(f *frame) int64 { fail(f); return 0 }}
	case repFloat:
		return code{t: t, rep: repFloat, f: func(f *frame) float64 { fail(f); return 0 }}
	case repStr:
		return code{t: t, rep: repStr, s: func(f *frame) (string, bool) { fail(f); return "", false }}
	case repVoid:
		return code{t: t, rep: repVoid, v: fail}
	}
	return code{t: t, rep: repAny, a: func(f *frame) any { fail(f); return nil }}
}

// throwValue throws a value of the program; null is a NullReferenceException.
func throwValue(v any) {
	x, ok := v.(*types.Exception)
	if !ok {
		nullReference()
	}
	throw(x)
}

// liftedCall applies a user-defined operator under nullables.
func (c *compiler) liftedCall(e *check.LiftedCall) code {
	x, y, call := c.any(e.X), c.any(e.Y), c.any(e.Call)
	l, lt, r, rt := c.slotOf(e.L), e.L.Type, c.slotOf(e.R), e.R.Type
	op := e.Op
	return anyCode(e.T, func(f *frame) any {
		a, b := x(f), y(f)
		if a == nil || b == nil {
			switch op {
			case "==":
				return a == nil && b == nil
			case "!=":
				return a != nil || b != nil
			case "<", ">", "<=", ">=":
				return false
			}
			return nil
		}
		putAny(l(f), lt, a)
		putAny(r(f), rt, b)
		return call(f)
	})
}
