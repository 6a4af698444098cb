package types

import (
	"fmt"
	"reflect"
)

// Call is one call of a library function.
type Call struct {
	Env *Env
	// This is the receiver of an instance member, never null. It is the first
	// of Args for an extension method, where it may be null.
	This Value
	// Args are in the order of the parameters, with defaults filled in, a
	// params array packed and every out or ref argument a *Ref.
	Args []Value
	// Types are the type arguments of a generic method.
	Types []*Type
	// Owner is the type the member was found on, with its type arguments: for a
	// constructor, the type to make.
	Owner *Type
	// Method is the resolved row.
	Method *Method
}

// Fn is the Go function behind a member. Make one with Do, or with Fn0 … Fn4
// for a function of plain Go values. A function gets the receiver first.
//
// The typed forms check arguments for you: null for a parameter that is not an
// interface or pointer is an ArgumentNullException. They are also what the
// evaluator can call without boxing, so prefer them for what is called often.
type Fn struct {
	Call  func(c *Call) (Value, error)
	Typed any // the function as given, for specialised calls
	// Str is Call for a typed function that gives a string: without boxing it.
	Str func(c *Call) (string, error)
	// NullStr is the same for one that gives a NullString.
	NullStr func(c *Call) (NullString, error)
	In      []reflect.Type // its parameters, checked against the signature
	Out     reflect.Type
}

// NullString is a string that may be null, from a typed function; the zero one is.
type NullString struct {
	Value string
	Set   bool
}

// Do wraps a function that looks at the call itself: type arguments, the
// environment, lambdas, or more than four arguments.
func Do(f func(c *Call) (Value, error)) Fn { return Fn{Call: f} }

// arg takes the i-th argument, counting the receiver of an instance member.
func arg[A any](c *Call, i int) (A, error) {
	var v Value
	if c.This != nil {
		if i == 0 {
			v = c.This
		} else {
			v = c.Args[i-1]
		}
	} else {
		v = c.Args[i]
	}
	if a, ok := v.(A); ok {
		return a, nil
	}
	var zero A
	if v == nil {
		switch reflect.TypeFor[A]().Kind() {
		case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice:
			return zero, nil
		}
		return zero, ArgumentNull(c.param(i))
	}
	return zero, fmt.Errorf("%s: argument %d is a %T, not a %T", c.Method, i, v, zero)
}

func (c *Call) param(i int) string {
	if c.This != nil {
		i--
	}
	if c.Method != nil && i >= 0 && i < len(c.Method.Params) {
		return c.Method.Params[i].Name
	}
	return "value"
}

// Fn0 wraps a static function without parameters.
func Fn0[R any](f func() R) Fn {
	return Fn{Typed: f, Out: reflect.TypeFor[R](), Call: func(*Call) (Value, error) { return f(), nil }}
}

// Fn1 wraps a function of one value.
func Fn1[A, R any](f func(A) R) Fn {
	fn := Fn1E(func(a A) (R, error) { return f(a), nil })
	fn.Typed = f
	return fn
}

// Fn1E is Fn1 for a function that may fail.
func Fn1E[A, R any](f func(A) (R, error)) Fn {
	run := func(c *Call) (r R, err error) {
		a, err := arg[A](c, 0)
		if err != nil {
			return r, err
		}
		return f(a)
	}
	return typed(f, run, ins[A, none, none, none](1))
}

// Fn2 wraps a function of two values.
func Fn2[A, B, R any](f func(A, B) R) Fn {
	fn := Fn2E(func(a A, b B) (R, error) { return f(a, b), nil })
	fn.Typed = f
	return fn
}

// Fn2E is Fn2 for a function that may fail.
func Fn2E[A, B, R any](f func(A, B) (R, error)) Fn {
	run := func(c *Call) (r R, err error) {
		a, err := arg[A](c, 0)
		if err != nil {
			return r, err
		}
		b, err := arg[B](c, 1)
		if err != nil {
			return r, err
		}
		return f(a, b)
	}
	return typed(f, run, ins[A, B, none, none](2))
}

// Fn3 wraps a function of three values.
func Fn3[A, B, C, R any](f func(A, B, C) R) Fn {
	fn := Fn3E(func(a A, b B, c C) (R, error) { return f(a, b, c), nil })
	fn.Typed = f
	return fn
}

// Fn3E is Fn3 for a function that may fail.
func Fn3E[A, B, C, R any](f func(A, B, C) (R, error)) Fn {
	run := func(c *Call) (r R, err error) {
		a, err := arg[A](c, 0)
		if err != nil {
			return r, err
		}
		b, err := arg[B](c, 1)
		if err != nil {
			return r, err
		}
		d, err := arg[C](c, 2)
		if err != nil {
			return r, err
		}
		return f(a, b, d)
	}
	return typed(f, run, ins[A, B, C, none](3))
}

// Fn4E wraps a function of four values that may fail.
func Fn4E[A, B, C, D, R any](f func(A, B, C, D) (R, error)) Fn {
	run := func(c *Call) (r R, err error) {
		a, err := arg[A](c, 0)
		if err != nil {
			return r, err
		}
		b, err := arg[B](c, 1)
		if err != nil {
			return r, err
		}
		d, err := arg[C](c, 2)
		if err != nil {
			return r, err
		}
		e, err := arg[D](c, 3)
		if err != nil {
			return r, err
		}
		return f(a, b, d, e)
	}
	return typed(f, run, ins[A, B, C, D](4))
}

// typed makes the Fn of a function f that run calls with checked arguments.
func typed[R any](f any, run func(*Call) (R, error), in []reflect.Type) Fn {
	fn := Fn{Typed: f, In: in, Out: reflect.TypeFor[R](), Call: func(c *Call) (Value, error) { return result(run(c)) }}
	switch run := any(run).(type) {
	case func(*Call) (string, error):
		fn.Str = run
	case func(*Call) (NullString, error):
		fn.NullStr, fn.Out, fn.Call = run, reflect.TypeFor[string](), func(c *Call) (Value, error) {
			t, err := run(c)
			if err != nil || !t.Set {
				return nil, err
			}
			return t.Value, nil
		}
	}
	return fn
}

type none struct{}

func ins[A, B, C, D any](n int) []reflect.Type {
	return []reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[B](), reflect.TypeFor[C](), reflect.TypeFor[D]()}[:n]
}

// result boxes what a typed function gave; a nil pointer becomes null.
func result[R any](r R, err error) (Value, error) {
	if err != nil {
		return nil, err
	}
	v := Value(r)
	if v == nil {
		return nil, nil
	}
	if reflect.TypeFor[R]().Kind() == reflect.Pointer && reflect.ValueOf(v).IsNil() {
		return nil, nil
	}
	return v, nil
}

// goTypes says which Go type a parameter or result of a primitive type has in
// a typed function.
var goTypes = map[*Type]reflect.Type{
	String: reflect.TypeFor[string](), Bool: reflect.TypeFor[bool](), CharT: reflect.TypeFor[Char](),
	SByte: reflect.TypeFor[int8](), Byte: reflect.TypeFor[uint8](), Int16: reflect.TypeFor[int16](),
	UInt16: reflect.TypeFor[uint16](), Int32: reflect.TypeFor[int32](), UInt32: reflect.TypeFor[uint32](),
	Int64: reflect.TypeFor[int64](), UInt64: reflect.TypeFor[uint64](), Single: reflect.TypeFor[float32](),
	Double: reflect.TypeFor[float64](),
}

// fits reports whether a Go type may stand where a signature says t.
func fits(t *Type, g reflect.Type) bool {
	if g.Kind() == reflect.Interface {
		return true
	}
	if want, ok := goTypes[t]; ok {
		return g == want
	}
	for _, other := range goTypes {
		if g == other {
			return false
		}
	}
	return true
}

// check compares a typed function with the signature of its row.
func (f Fn) check(m *Method, setter bool) error {
	if f.Typed == nil {
		return nil
	}
	want := make([]*Type, 0, 4)
	if !m.Static && m.Form != FormConstructor {
		want = append(want, m.Owner)
	}
	for _, p := range m.Params {
		if p.Mode != ByValue {
			want = append(want, nil)
			continue
		}
		want = append(want, p.Type)
	}
	if setter {
		want = append(want, m.Result)
	}
	if len(want) != len(f.In) {
		return fmt.Errorf("the Go function takes %d values, the signature %d", len(f.In), len(want))
	}
	for i, t := range want {
		if t == nil && f.In[i] != reflect.TypeFor[*Ref]() {
			return fmt.Errorf("value %d is an out or ref argument, which is a *types.Ref in Go and not a %s", i+1, f.In[i])
		}
		if t != nil && !fits(t, f.In[i]) {
			return fmt.Errorf("value %d is %s in the signature and %s in Go", i+1, t, f.In[i])
		}
	}
	if !setter && !fits(m.Result, f.Out) {
		return fmt.Errorf("the result is %s in the signature and %s in Go", m.Result, f.Out)
	}
	return nil
}
