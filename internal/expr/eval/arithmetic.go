package eval

import (
	"math"

	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// binary compiles a built-in operator whose operands the binder has promoted to
// one kind; nothing is converted here.
func (c *compiler) binary(e *check.Binary) code {
	switch {
	case e.Lifted:
		return c.lifted(e)
	case e.Kind == types.KindString:
		return c.equalText(e)
	case e.Kind == types.KindTuple:
		x, y, not := c.any(e.X), c.any(e.Y), e.Op == "!="
		return code{t: e.T, rep: repBool, b: func(f *frame) bool { return types.Equal(x(f), y(f)) != not }}
	case e.Kind == types.KindBool:
		return boolCode(e.Op, c.bool(e.X), c.bool(e.Y))
	case e.Kind == types.KindDouble || e.Kind == types.KindSingle:
		t := e.X.Type()
		return floatCode(e, c.expr(e.X).as(t).f, c.expr(e.Y).as(t).f)
	}
	x, y := c.expr(e.X), c.expr(e.Y)
	return intCode(e, x.as(e.X.Type()).i, y.as(e.Y.Type()).i)
}

// equalText compares strings; a constant side is compared without a call.
func (c *compiler) equalText(e *check.Binary) code {
	x, y := c.expr(e.X).as(types.String), c.expr(e.Y).as(types.String)
	not := e.Op == "!="
	out := code{t: types.Bool, rep: repBool}
	if k, ok := y.k.(string); ok && y.known {
		s := x.s
		if len(k) < types.Stride {
			out.b = func(f *frame) bool { a, some := s(f); return (some && a == k) != not }
			return out
		}
		out.b = func(f *frame) bool {
			a, some := s(f)
			if len(a) == len(k) {
				f.scan(len(a))
			}
			return (some && a == k) != not
		}
		return out
	}
	p, q := x.s, y.s
	out.b = func(f *frame) bool {
		a, some := p(f)
		b, other := q(f)
		if len(a) == len(b) { // else nothing is read
			f.scan(len(a))
		}
		return (some == other && a == b) != not
	}
	return out
}

// boolCode is the operators on bool that always evaluate both sides.
func boolCode(op string, x, y func(*frame) bool) code {
	out := code{t: types.Bool, rep: repBool}
	// Both sides are evaluated: these are not the short-circuit operators.
	switch op {
	case "&":
		out.b = func(f *frame) bool { a, b := x(f), y(f); return a && b }
	case "|":
		out.b = func(f *frame) bool { a, b := x(f), y(f); return a || b }
	case "==":
		out.b = func(f *frame) bool { return x(f) == y(f) }
	default:
		out.b = func(f *frame) bool { return x(f) != y(f) }
	}
	return out
}

// floatCode is arithmetic and comparison on float and double. A float result is
// rounded to single precision after every operator, as the runtime does.
func floatCode(e *check.Binary, x, y func(*frame) float64) code {
	out := code{t: e.T, rep: repOf(e.T)}
	single := e.Kind == types.KindSingle
	num := func(op func(a, b float64) float64) func(*frame) float64 {
		if single {
			return func(f *frame) float64 { a := x(f); return float64(float32(op(a, y(f)))) }
		}
		return func(f *frame) float64 { a := x(f); return op(a, y(f)) }
	}
	switch e.Op {
	case "+":
		out.f = num(func(a, b float64) float64 { return a + b })
	case "-":
		out.f = num(func(a, b float64) float64 { return a - b })
	case "*":
		out.f = num(func(a, b float64) float64 { return a * b })
	case "/":
		out.f = num(func(a, b float64) float64 { return a / b })
	case "%":
		out.f = num(math.Mod)
	case "==":
		out.b = func(f *frame) bool { a := x(f); return a == y(f) }
	case "!=":
		out.b = func(f *frame) bool { a := x(f); return a != y(f) }
	case "<":
		out.b = func(f *frame) bool { a := x(f); return a < y(f) }
	case ">":
		out.b = func(f *frame) bool { a := x(f); return a > y(f) }
	case "<=":
		out.b = func(f *frame) bool { a := x(f); return a <= y(f) }
	default:
		out.b = func(f *frame) bool { a := x(f); return a >= y(f) }
	}
	return out
}

// intCode is arithmetic and comparison on the integer kinds, which all travel as
// 64 bits and are narrowed to their width after every operator.
func intCode(e *check.Binary, x, y func(*frame) int64) code {
	out := code{t: e.T, rep: repOf(e.T)}
	if out.rep == repBool {
		out.b = intCompare(e.Op, e.Kind == types.KindUInt64, x, y)
		return out
	}
	op, k, checked := e.Op, e.Kind, e.Checked
	if !checked && (k == types.KindInt32 || k == types.KindInt64) {
		if i := fastInt(op, k, x, y); i != nil {
			out.i = i
			return out
		}
	}
	out.i = func(f *frame) int64 {
		a := x(f)
		n, err := types.IntOp(op, k, a, y(f), checked)
		if err != nil {
			throw(err)
		}
		return n
	}
	return out
}

// fastInt covers the operators of loops on int and long.
func fastInt(op string, k types.Kind, x, y func(*frame) int64) func(*frame) int64 {
	narrow := k == types.KindInt32
	switch op {
	case "+":
		if narrow {
			return func(f *frame) int64 { a := x(f); return int64(int32(a + y(f))) }
		}
		return func(f *frame) int64 { a := x(f); return a + y(f) }
	case "-":
		if narrow {
			return func(f *frame) int64 { a := x(f); return int64(int32(a - y(f))) }
		}
		return func(f *frame) int64 { a := x(f); return a - y(f) }
	case "*":
		if narrow {
			return func(f *frame) int64 { a := x(f); return int64(int32(a * y(f))) }
		}
		return func(f *frame) int64 { a := x(f); return a * y(f) }
	case "&":
		return func(f *frame) int64 { a := x(f); return a & y(f) }
	case "|":
		return func(f *frame) int64 { a := x(f); return a | y(f) }
	}
	return nil
}

// intCompare compares 64-bit values; only ulong needs the unsigned order.
func intCompare(op string, unsigned bool, x, y func(*frame) int64) func(*frame) bool {
	switch op {
	case "==":
		return func(f *frame) bool { a := x(f); return a == y(f) }
	case "!=":
		return func(f *frame) bool { a := x(f); return a != y(f) }
	}
	// Flipping the sign bit orders unsigned numbers as signed ones.
	flip := int64(0)
	if unsigned {
		flip = math.MinInt64
	}
	switch op {
	case "<":
		return func(f *frame) bool { a := x(f); return a^flip < y(f)^flip }
	case ">":
		return func(f *frame) bool { a := x(f); return a^flip > y(f)^flip }
	case "<=":
		return func(f *frame) bool { a := x(f); return a^flip <= y(f)^flip }
	}
	return func(f *frame) bool { a := x(f); return a^flip >= y(f)^flip }
}

// lifted applies an operator to nullable operands.
func (c *compiler) lifted(e *check.Binary) code {
	x, y := c.any(e.X), c.any(e.Y)
	op, k, checked := e.Op, e.Kind, e.Checked
	return anyCode(e.T, func(f *frame) any {
		a, b := x(f), y(f)
		if a == nil || b == nil {
			return liftNull(op, k, a, b)
		}
		v, err := types.Binary(op, k, a, b, checked)
		if err != nil {
			throw(err)
		}
		return v
	})
}

// liftNull is a lifted operator with a null operand: comparisons are false, !=
// unless both are null is true, & and | of bool? know three values.
func liftNull(op string, k types.Kind, a, b any) any {
	switch op {
	case "==":
		return a == nil && b == nil
	case "!=":
		return a != nil || b != nil
	case "<", ">", "<=", ">=":
		return false
	}
	if k == types.KindBool && (op == "&" && (a == false || b == false) || op == "|" && (a == true || b == true)) {
		return op == "|"
	}
	return nil
}

// unary compiles a prefix operator; a lifted one gives null for null.
func (c *compiler) unary(e *check.Unary) code {
	op, k, checked := e.Op, e.Kind, e.Checked
	x := c.expr(e.X)
	if !e.Lifted {
		switch {
		case op == "+":
			return x
		case k == types.KindBool:
			b := x.as(types.Bool).b
			return code{t: e.T, rep: repBool, b: func(f *frame) bool { return !b(f) }}
		case k == types.KindDouble || k == types.KindSingle:
			n := x.as(e.T).f
			return code{t: e.T, rep: repFloat, f: func(f *frame) float64 { return -n(f) }}
		case op == "~":
			n := x.as(e.T).i
			return code{t: e.T, rep: repInt, i: func(f *frame) int64 { return types.Wrap(k, ^n(f)) }}
		}
		n := x.as(e.T).i
		return code{t: e.T, rep: repInt, i: func(f *frame) int64 {
			v, err := types.IntOp("-", k, 0, n(f), checked)
			if err != nil {
				throw(err)
			}
			return v
		}}
	}
	a := x.boxed()
	return anyCode(e.T, func(f *frame) any {
		v := a(f)
		if v == nil {
			return nil
		}
		r, err := types.Unary(op, k, v, checked)
		if err != nil {
			throw(err)
		}
		return r
	})
}
