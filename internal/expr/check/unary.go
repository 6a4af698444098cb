package check

import (
	"math"

	"github.com/atelier-apim/atelier/internal/expr/syntax"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// unary binds a prefix operator.
func (b *binder) unary(x *syntax.Unary) Expr {
	if x.Op == "++" || x.Op == "--" {
		return b.increment(x.X, x.Op, false, x.Pos())
	}
	if x.Op == "-" {
		if e := minimum(x); e != nil {
			return e
		}
	}
	e := b.operand(x)
	t := e.Type()
	u := t.Underlying()
	k := unaryKind(x.Op, u)
	if k == 0 {
		return b.userUnary(x.Op, e, x.Pos())
	}
	if u.Kind == types.KindEnum {
		return b.cast(b.unaryOn(x.Op, types.KindInt32, b.cast(e, types.Int32, x.Pos()), x.Pos()), t, x.Pos())
	}
	return b.unaryOn(x.Op, k, e, x.Pos())
}

// operand binds what a prefix operator applies to.
func (b *binder) operand(x *syntax.Unary) Expr {
	e := b.value(x.X)
	switch y := e.(type) {
	case *group, *unbound:
		b.fail(x.Pos(), "CS0023", "Operator '%s' cannot be applied to operand of type '%s'", x.Op, typeName(e))
	case *defaultLit:
		b.fail(x.Pos(), "CS8310", "Operator '%s' cannot be applied to operand 'default'", x.Op)
	case *Const:
		if y.T.Kind == types.KindNull {
			b.fail(x.Pos(), "CS8310", "Operator '%s' cannot be applied to operand '<null>'", x.Op)
		}
	}
	return b.settle(e)
}

// minimum is -2147483648 and -9223372036854775808: constants of their own,
// since the digits alone do not fit.
func minimum(x *syntax.Unary) Expr {
	lit, ok := x.X.(*syntax.Literal)
	if !ok {
		return nil
	}
	switch v := lit.Value.(type) {
	case uint32:
		if v == 1<<31 {
			return &Const{Typed{types.Int32, x.Pos()}, int32(math.MinInt32)}
		}
	case uint64:
		if v == 1<<63 {
			return &Const{Typed{types.Int64, x.Pos()}, int64(math.MinInt64)}
		}
	}
	return nil
}

// unaryKind is the kind a built-in operator promotes its operand to; 0: none.
func unaryKind(op string, t *types.Type) types.Kind {
	switch {
	case op == "!" && t.Kind == types.KindBool:
		return types.KindBool
	case op == "!":
		return 0
	case op == "~" && t.Kind == types.KindEnum:
		return types.KindInt32
	case !primitive(t):
		return 0
	}
	k := numericKind(t.Kind, types.KindInt32)
	switch t.Kind {
	case types.KindUInt32:
		if op == "-" {
			return types.KindInt64
		}
		return types.KindUInt32
	case types.KindUInt64:
		if op == "-" {
			return 0
		}
		return types.KindUInt64
	}
	if op == "~" && (k == types.KindSingle || k == types.KindDouble) {
		return 0
	}
	return k
}

// unaryOn applies the built-in operator on kind k, lifted for a nullable.
func (b *binder) unaryOn(op string, k types.Kind, e Expr, pos int) Expr {
	t := primitives[k]
	lifted := e.Type().Kind == types.KindNullable
	if lifted {
		t = types.NullableOf(t)
	}
	e = b.promote(e, t)
	if c, ok := e.(*Const); ok && !lifted {
		v, err := types.Unary(op, k, c.Value, !b.unchecked)
		if err != nil {
			b.fail(pos, "CS0220", "The operation overflows at compile time in checked mode")
		}
		return &Const{Typed{t, pos}, v}
	}
	return &Unary{Typed{t, pos}, op, k, e, b.checked, lifted}
}

// userUnary looks for an operator the type declares.
func (b *binder) userUnary(op string, e Expr, pos int) Expr {
	t := e.Type()
	methods := b.operators(op, 1, t)
	if len(methods) == 0 {
		if t.Kind == types.KindDynamic {
			b.noMember(t, op, false, pos)
		}
		b.fail(pos, "CS0023", "Operator '%s' cannot be applied to operand of type '%s'", op, t)
	}
	if t.Kind == types.KindNullable {
		hole := b.temp(t.Args[0])
		call := b.invoke(methods, nil, []arg{{x: b.use(hole, pos), pos: pos}}, nil, pos, op)
		return &Access{Typed{types.NullableOf(call.Type()), pos}, e, hole, b.implicit(call, types.NullableOf(call.Type()))}
	}
	return b.foldDecimal(b.invoke(methods, nil, []arg{{x: e, pos: pos}}, nil, pos, op))
}
