package eval

import (
	"fmt"
	"math"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// rep is how closures hand a value over.
type rep uint8

const (
	repAny rep = iota
	repBool
	repInt
	repFloat
	repStr
	repVoid
)

// repOf is the representation of values of a static type. A nullable, an enum
// and every reference but string travel boxed.
func repOf(t *types.Type) rep {
	switch {
	case t.Kind == types.KindBool:
		return repBool
	case t.IsInteger() || t.Kind == types.KindChar:
		return repInt
	case t.Kind == types.KindSingle || t.Kind == types.KindDouble:
		return repFloat
	case t.Kind == types.KindString:
		return repStr
	case t.Kind == types.KindVoid:
		return repVoid
	}
	return repAny
}

// code is a compiled expression: the closure that fits rep is set.
type code struct {
	t   *types.Type
	rep rep
	b   func(*frame) bool
	i   func(*frame) int64
	f   func(*frame) float64
	s   func(*frame) (string, bool)
	a   func(*frame) any
	v   func(*frame)
	// known and k hold the value of a constant, boxed once.
	known bool
	k     any
}

// constant is the code of a value known now, boxed once for all evaluations.
func constant(t *types.Type, v any) code {
	c := code{t: t, rep: repOf(t), known: true, k: v}
	if v == nil && c.rep != repStr {
		c.rep = repAny
	}
	switch c.rep {
	case repBool:
		x := v.(bool)
		c.b = func(*frame) bool { return x }
	case repInt:
		x, _ := types.Unbox(v)
		c.i = func(*frame) int64 { return x }
	case repFloat:
		x := float(v)
		c.f = func(*frame) float64 { return x }
	case repStr:
		x, ok := v.(string)
		c.s = func(*frame) (string, bool) { return x, ok }
	default:
		c.a = func(*frame) any { return v }
	}
	return c
}

// float reads a float or double from its box.
func float(v any) float64 {
	if f, ok := v.(float32); ok {
		return float64(f)
	}
	return v.(float64)
}

// box makes the value of a numeric type from its unboxed form.
func boxFloat(t *types.Type, f float64) any {
	if t.Kind == types.KindSingle {
		return float32(f)
	}
	return f
}

// boxed gives a closure for the value as any.
func (c code) boxed() func(*frame) any {
	if c.known {
		k := c.k
		return func(*frame) any { return k }
	}
	switch c.rep {
	case repBool:
		b := c.b
		return func(f *frame) any { return b(f) }
	case repInt:
		i, k := c.i, c.t.Kind
		if k == types.KindInt32 {
			return func(f *frame) any { return int32(i(f)) }
		}
		return func(f *frame) any { return types.BoxInt(k, i(f)) }
	case repFloat:
		x, t := c.f, c.t
		return func(f *frame) any { return boxFloat(t, x(f)) }
	case repStr:
		s := c.s
		return func(f *frame) any {
			if x, ok := s(f); ok {
				return x
			}
			return nil
		}
	case repVoid:
		v := c.v
		return func(f *frame) any { v(f); return nil }
	}
	return c.a
}

// as changes the representation to that of t, whose value the code must have:
// it unboxes, it does not convert.
func (c code) as(t *types.Type) code {
	want := repOf(t)
	if c.rep == want {
		c.t = t
		return c
	}
	if c.known {
		return constant(t, c.k)
	}
	out := code{t: t, rep: want}
	a := c.boxed()
	switch want {
	case repBool:
		out.b = func(f *frame) bool { return unbox[bool](a(f), t) }
	case repInt:
		out.i = func(f *frame) int64 {
			v := a(f)
			n, ok := types.Unbox(v)
			if !ok {
				badValue(v, t)
			}
			return n
		}
	case repFloat:
		out.f = func(f *frame) float64 {
			switch v := a(f).(type) {
			case float64:
				return v
			case float32:
				return float64(v)
			default:
				badValue(v, t)
				return 0
			}
		}
	case repStr:
		out.s = func(f *frame) (string, bool) {
			v := a(f)
			s, ok := v.(string)
			if !ok && v != nil {
				badValue(v, t)
			}
			return s, ok
		}
	case repVoid:
		out.v = func(f *frame) { a(f) }
	default:
		out.a = a
	}
	return out
}

// unbox takes a T out of its box; t is for the message when it is none.
func unbox[T any](v any, t *types.Type) T {
	x, ok := v.(T)
	if !ok {
		badValue(v, t)
	}
	return x
}

// badValue is reached when a library function gave another type than its
// signature says, or null for a value type.
func badValue(v any, t *types.Type) {
	if v == nil {
		nullReference()
	}
	panic(fmt.Sprintf("a value of type %T stands where %s is declared", v, t))
}

// load reads a slot, store writes one, in the representation of t.
func load(t *types.Type, at func(*frame) *slot) code {
	out := code{t: t, rep: repOf(t)}
	switch out.rep {
	case repBool:
		out.b = func(f *frame) bool { return at(f).n != 0 }
	case repInt:
		out.i = func(f *frame) int64 { return at(f).n }
	case repFloat:
		out.f = func(f *frame) float64 { return math.Float64frombits(uint64(at(f).n)) }
	case repStr:
		out.s = func(f *frame) (string, bool) { s := at(f); return s.s, s.n != 0 }
	default:
		out.rep = repAny
		out.a = func(f *frame) any { return at(f).o }
	}
	return out
}

// store evaluates c and then writes it: the slot is found after the evaluation,
// which may have replaced the cell of a captured variable.
func store(c code, at func(*frame) *slot) func(*frame) {
	switch c.rep {
	case repBool:
		b := c.b
		return func(f *frame) {
			n := int64(0)
			if b(f) {
				n = 1
			}
			at(f).n = n
		}
	case repInt:
		i := c.i
		return func(f *frame) { n := i(f); at(f).n = n }
	case repFloat:
		x := c.f
		return func(f *frame) { n := x(f); at(f).n = int64(math.Float64bits(n)) }
	case repStr:
		s := c.s
		return func(f *frame) {
			x, ok := s(f)
			sl := at(f)
			sl.s, sl.n = x, 0
			if ok {
				sl.n = 1
			}
		}
	case repVoid:
		return c.v
	}
	a := c.a
	return func(f *frame) { v := a(f); at(f).o = v }
}

// putAny writes a boxed value into a slot of type t.
func putAny(s *slot, t *types.Type, v any) {
	switch repOf(t) {
	case repBool:
		s.n = 0
		if b, _ := v.(bool); b {
			s.n = 1
		}
	case repInt:
		s.n, _ = types.Unbox(v)
	case repFloat:
		if v == nil {
			v = 0.0
		}
		s.n = int64(math.Float64bits(float(v)))
	case repStr:
		x, ok := v.(string)
		s.s, s.n = x, 0
		if ok {
			s.n = 1
		}
	default:
		s.o = v
	}
}

// takeAny reads a slot of type t as a boxed value.
func takeAny(s *slot, t *types.Type) any {
	switch repOf(t) {
	case repBool:
		return s.n != 0
	case repInt:
		return types.BoxInt(t.Kind, s.n)
	case repFloat:
		return boxFloat(t, math.Float64frombits(uint64(s.n)))
	case repStr:
		if s.n == 0 {
			return nil
		}
		return s.s
	}
	return s.o
}
