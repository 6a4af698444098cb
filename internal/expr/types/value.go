package types

import "iter"

// Value is a run-time value: nil is null, and otherwise
//
//	bool bool · char Char · sbyte int8 · byte uint8 · short int16 · ushort uint16 · int int32 · uint uint32
//	long int64 · ulong uint64 · float float32 · double float64 · string string (UTF-8, see text.go)
//	byte[] *ByteArray · T[] *Array · enum Enum · tuple *Tuple · anonymous *Anonymous · delegate *Func
//	KeyValuePair Pair · exception *Exception · T? the T or nil · everything else a Typed
//
// A reference type is a Go pointer, so that Go == is reference equality; a
// value type is a comparable Go value that is never changed in place.
type Value = any

// Char is a C# char: one UTF-16 code unit.
type Char uint16

// Typed is implemented by every Go type that stands for a .NET type of its own.
type Typed interface {
	// NetType is the type at run time, with its type arguments.
	NetType() *Type
}

// Text is implemented by values with their own ToString().
type Text interface{ NetString() string }

// Equatable is implemented by values with their own Equals(object).
// GetHashCode follows: equal values must give the same hash.
type Equatable interface {
	NetEquals(other Value) bool
	NetHash() int32
}

// Ordered is implemented by values with CompareTo; it fails with an
// ArgumentException when other is of another type.
type Ordered interface {
	NetCompare(other Value) (int, error)
}

// Sequence is what IEnumerable is to Go code.
type Sequence interface {
	Enumerate(env *Env) Enumerator
}

// Enumerator walks a sequence. After ok is false or err is not nil it is done.
type Enumerator interface {
	Next() (v Value, ok bool, err error)
}

// Dictionary is what IReadOnlyDictionary and IDictionary are to Go code. Its
// Enumerate gives Pair values.
type Dictionary interface {
	Sequence
	Len() int
	Get(key Value) (Value, bool)
}

// Enum is a value of an enumeration.
type Enum struct {
	Type *Type
	N    int64
}

// NetType implements Typed.
func (e Enum) NetType() *Type { return e.Type }

// Array is T[] for every T but byte, and every rectangular array: its items are
// kept row by row and Dims are the lengths of its dimensions.
type Array struct {
	Elem  *Type
	Items []Value
	Dims  []int // nil for T[]
}

// NetType implements Typed.
func (a *Array) NetType() *Type { return RectangleOf(a.Elem, len(a.Dims)) }

// Enumerate implements Sequence.
func (a *Array) Enumerate(*Env) Enumerator { return &sliceEnumerator{items: a.Items} }

// ByteArray is byte[].
type ByteArray struct{ B []byte }

// NetType implements Typed.
func (a *ByteArray) NetType() *Type { return Bytes }

// Enumerate implements Sequence.
func (a *ByteArray) Enumerate(*Env) Enumerator {
	i := 0
	return EnumeratorFunc(func() (Value, bool, error) {
		if i >= len(a.B) {
			return nil, false, nil
		}
		i++
		return a.B[i-1], true, nil
	})
}

// Strings makes a string[].
func Strings(ss []string) *Array {
	items := make([]Value, len(ss))
	for i, s := range ss {
		items[i] = s
	}
	return &Array{Elem: String, Items: items}
}

// Wrapper is a value that formats as another that it holds.
type Wrapper interface {
	NetWrapped() (Value, bool)
}

// Pair is KeyValuePair<TKey, TValue>.
type Pair struct {
	Type       *Type
	Key, Value Value
}

// NetType implements Typed.
func (p Pair) NetType() *Type { return p.Type }

// NetString implements Text.
func (p Pair) NetString() string { return "[" + ToString(p.Key) + ", " + ToString(p.Value) + "]" }

// Tuple is a value tuple. It is never changed in place: assigning to an item
// makes a new one.
type Tuple struct {
	Type  *Type
	Items []Value
}

// NetType implements Typed.
func (t *Tuple) NetType() *Type { return t.Type }

// NetString implements Text.
func (t *Tuple) NetString() string {
	s := "("
	for i, v := range t.Items {
		if i > 0 {
			s += ", "
		}
		s += ToString(v)
	}
	return s + ")"
}

// NetEquals implements Equatable: item by item.
func (t *Tuple) NetEquals(other Value) bool {
	u, ok := other.(*Tuple)
	return ok && equalItems(t.Items, u.Items)
}

// NetHash implements Equatable.
func (t *Tuple) NetHash() int32 { return hashItems(t.Items) }

// NetCompare implements Ordered: by the first items that differ.
func (t *Tuple) NetCompare(other Value) (int, error) {
	u, ok := other.(*Tuple)
	if !ok || len(u.Items) != len(t.Items) {
		return 0, Throw(ArgumentExc, "Argument must be of the same tuple type.")
	}
	for i := range t.Items {
		if n, err := Compare(t.Items[i], u.Items[i]); n != 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

// Anonymous is an object of an anonymous type.
type Anonymous struct {
	Type  *Type
	Items []Value
}

// NetType implements Typed.
func (a *Anonymous) NetType() *Type { return a.Type }

// NetString implements Text.
func (a *Anonymous) NetString() string {
	if len(a.Items) == 0 {
		return "{ }"
	}
	s := "{ "
	for i, v := range a.Items {
		if i > 0 {
			s += ", "
		}
		s += a.Type.Names[i] + " = " + ToString(v)
	}
	return s + " }"
}

// NetEquals implements Equatable: same type and equal properties.
func (a *Anonymous) NetEquals(other Value) bool {
	b, ok := other.(*Anonymous)
	return ok && a.Type.Same(b.Type) && equalItems(a.Items, b.Items)
}

// NetHash implements Equatable.
func (a *Anonymous) NetHash() int32 { return hashItems(a.Items) }

// Func is a delegate. Call runs the lambda; an exception it throws is the
// error, which library code hands on unchanged.
type Func struct {
	Type *Type
	Call func(args ...Value) (Value, error)
}

// NetType implements Typed.
func (f *Func) NetType() *Type { return f.Type }

// Ref is the storage behind a ref or out argument.
type Ref struct{ V Value }

// TypeValue is a System.Type, the value of typeof(T).
type TypeValue struct{ T *Type }

// NetType implements Typed.
func (t TypeValue) NetType() *Type { return TypeT }

// NetString implements Text.
func (t TypeValue) NetString() string { return t.T.Full() }

// EnumeratorFunc makes an Enumerator of a function.
type EnumeratorFunc func() (Value, bool, error)

// Next implements Enumerator.
func (f EnumeratorFunc) Next() (Value, bool, error) { return f() }

// Seq is a lazily evaluated IEnumerable<T>, as Enumerable's methods give it.
type Seq struct {
	Elem  *Type
	Start func(env *Env) Enumerator
}

// NetType implements Typed.
func (s *Seq) NetType() *Type { return IEnumerableOf.Of(s.Elem) }

// Enumerate implements Sequence.
func (s *Seq) Enumerate(env *Env) Enumerator { return s.Start(env) }

type sliceEnumerator struct {
	items []Value
	i     int
}

func (e *sliceEnumerator) Next() (Value, bool, error) {
	if e.i >= len(e.items) {
		return nil, false, nil
	}
	e.i++
	return e.items[e.i-1], true, nil
}

// Slice enumerates items.
func Slice(items []Value) Enumerator { return &sliceEnumerator{items: items} }

// stringEnumerator gives the chars of a string.
func stringEnumerator(s string) Enumerator {
	units := Units(s)
	i := 0
	return EnumeratorFunc(func() (Value, bool, error) {
		if i >= len(units) {
			return nil, false, nil
		}
		i++
		return Char(units[i-1]), true, nil
	})
}

// Enumerate starts walking v, which must be a Sequence or a string; each item
// costs a step. A null v is an ArgumentNullException.
func Enumerate(env *Env, v Value) (Enumerator, error) {
	switch v := v.(type) {
	case nil:
		return nil, ArgumentNull("source")
	case string:
		return stringEnumerator(v), nil
	case Sequence:
		return v.Enumerate(env), nil
	}
	return nil, Throw(InvalidCast, "the value is not a sequence")
}

// Each is Enumerate for a range loop; an error ends it.
func Each(env *Env, v Value) iter.Seq2[Value, error] {
	return func(yield func(Value, error) bool) {
		e, err := Enumerate(env, v)
		for err == nil {
			var item Value
			var ok bool
			if err = env.Step(1); err != nil {
				break
			}
			if item, ok, err = e.Next(); err != nil || !ok {
				break
			}
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// Zero is default(T): null, or the zero of a value type. Structs other than
// the primitive ones and KeyValuePair set theirs with WithZero; a type
// parameter gives null.
func Zero(t *Type) Value {
	switch t.Kind {
	case KindBool:
		return false
	case KindChar:
		return Char(0)
	case KindSByte:
		return int8(0)
	case KindByte:
		return uint8(0)
	case KindInt16:
		return int16(0)
	case KindUInt16:
		return uint16(0)
	case KindInt32:
		return int32(0)
	case KindUInt32:
		return uint32(0)
	case KindInt64:
		return int64(0)
	case KindUInt64:
		return uint64(0)
	case KindSingle:
		return float32(0)
	case KindDouble:
		return float64(0)
	case KindEnum:
		return Enum{Type: t}
	case KindTuple:
		items := make([]Value, len(t.Args))
		for i, a := range t.Args {
			items[i] = Zero(a)
		}
		return &Tuple{Type: t, Items: items}
	}
	if t.Def == KeyValuePair {
		return Pair{t, Zero(t.Args[0]), Zero(t.Args[1])}
	}
	return t.ZeroValue
}

// Canonical is implemented by values whose canonical form is not ToString():
// the name of their type in results and a text that tells values apart.
type Canonical interface {
	CanonicalForm() (typeName, text string)
}
