package eval

import (
	"github.com/atelier-apim/atelier/internal/expr/check"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// convert compiles a conversion the binder has classified.
func (c *compiler) convert(e *check.Convert) code {
	x := c.expr(e.X)
	switch e.Conv {
	case check.ConvNumeric:
		return c.numeric(e, x)
	case check.ConvBox:
		return code{t: e.T, rep: repAny, a: x.boxed()}
	case check.ConvUnbox:
		return c.unbox(e, x.boxed(), false)
	case check.ConvUnboxNullable:
		return c.unbox(e, x.boxed(), true)
	case check.ConvCast:
		return c.cast(e, x.boxed())
	case check.ConvLift:
		return c.lift(e, x.boxed())
	case check.ConvUnwrap:
		a := x.boxed()
		return anyCode(e.T, func(f *frame) any {
			v := a(f)
			if v == nil {
				throwNew(types.InvalidOperation, "Nullable object must have a value.")
			}
			return v
		})
	case check.ConvTuple:
		a, t := x.boxed(), e.T
		return code{t: t, rep: repAny, a: func(f *frame) any { return convertTuple(a(f), t) }}
	}
	return x.as(e.T)
}

// numeric converts between numbers, chars and enumerations.
func (c *compiler) numeric(e *check.Convert, x code) code {
	from, to := e.X.Type(), e.T
	checked := e.Checked
	if from.Kind == types.KindEnum {
		a := x.boxed()
		x = code{t: types.Int64, rep: repInt, i: func(f *frame) int64 { n, _ := types.Unbox(a(f)); return n }}
		from = types.Int64
	}
	if to.Kind == types.KindEnum {
		n := x.boxed()
		return code{t: to, rep: repAny, a: func(f *frame) any {
			v, err := types.ConvertNumber(n(f), types.KindInt64, checked)
			if err != nil {
				throw(err)
			}
			return types.Enum{Type: to, N: v.(int64)}
		}}
	}
	out := code{t: to, rep: repOf(to)}
	switch {
	case x.rep == repInt && out.rep == repInt:
		out.i = intToInt(from, to, x.i, checked)
	case x.rep == repInt:
		out.f = intToFloat(from, to, x.i)
	case out.rep == repInt:
		d, k := x.f, to.Kind
		out.i = func(f *frame) int64 {
			n, err := types.FloatToInt(d(f), k, checked)
			if err != nil {
				throw(err)
			}
			return n
		}
	case to.Kind == types.KindSingle:
		d := x.f
		out.f = func(f *frame) float64 { return float64(float32(d(f))) }
	default:
		out.f = x.f
	}
	return out
}

// intToInt converts between integer types; a widening is free.
func intToInt(from, to *types.Type, i func(*frame) int64, checked bool) func(*frame) int64 {
	if types.Widens(from, to) && to.Kind != types.KindUInt64 {
		return i
	}
	fk, k := from.Kind, to.Kind
	return func(f *frame) int64 {
		n, err := types.NarrowInt(i(f), fk, k, checked)
		if err != nil {
			throw(err)
		}
		return n
	}
}

// intToFloat converts an integer; a ulong is read as unsigned.
func intToFloat(from, to *types.Type, i func(*frame) int64) func(*frame) float64 {
	unsigned, single := from.Kind == types.KindUInt64, to.Kind == types.KindSingle
	return func(f *frame) float64 {
		n := i(f)
		r := float64(n)
		if unsigned {
			r = float64(uint64(n))
		}
		if single {
			r = float64(float32(r))
		}
		return r
	}
}

// unbox takes a value type out of an object: exactly that type.
func (c *compiler) unbox(e *check.Convert, a func(*frame) any, nullable bool) code {
	t, lib := e.T, c.lib
	return anyCode(t, func(f *frame) any {
		v := a(f)
		if v == nil {
			if nullable {
				return nil
			}
			nullReference()
		}
		if !lib.Is(v, t) {
			throwNew(types.InvalidCast, "Specified cast is not valid.")
		}
		return v
	})
}

// cast tests the run-time type of a reference; null passes.
func (c *compiler) cast(e *check.Convert, a func(*frame) any) code {
	t, lib := e.T, c.lib
	return anyCode(t, func(f *frame) any {
		v := a(f)
		if v != nil && !lib.Is(v, t) {
			throwNew(types.InvalidCast, "Unable to cast object of type '"+types.ClrName(lib.TypeOf(v))+"' to type '"+types.ClrName(t)+"'.")
		}
		return v
	})
}

// lift converts the value inside a nullable; null stays null.
func (c *compiler) lift(e *check.Convert, a func(*frame) any) code {
	to, checked := e.T.Args[0], e.Checked
	return code{t: e.T, rep: repAny, a: func(f *frame) any {
		v := a(f)
		if v == nil {
			return nil
		}
		return convertValue(v, to, checked)
	}}
}

// convertValue converts a boxed number or enumeration.
func convertValue(v any, to *types.Type, checked bool) any {
	if to.Kind == types.KindEnum {
		n, ok := types.Unbox(v)
		if !ok {
			throwNew(types.InvalidCast, "Specified cast is not valid.")
		}
		return types.Enum{Type: to, N: n}
	}
	if !to.IsNumeric() || to.Kind == types.KindDecimal {
		return v
	}
	r, err := types.ConvertNumber(v, to.Kind, checked)
	if err != nil {
		throw(err)
	}
	return r
}

// convertTuple converts the items of a tuple to the types of another.
func convertTuple(v any, t *types.Type) any {
	from, ok := v.(*types.Tuple)
	if !ok {
		return v
	}
	out := &types.Tuple{Type: t, Items: make([]types.Value, len(from.Items))}
	for i, it := range from.Items {
		if _, number := types.Unbox(it); number && t.Args[i].IsNumeric() {
			it = convertValue(it, t.Args[i], false)
		}
		out.Items[i] = it
	}
	return out
}
