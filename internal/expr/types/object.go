package types

import (
	"hash/maphash"
	"math"
	"strconv"
	"strings"
)

// ToString is the invariant ToString() of any value; null gives "".
func ToString(v Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "True"
		}
		return "False"
	case Char:
		return CharText(v)
	case float64:
		return FormatFloat(v, 64)
	case float32:
		return FormatFloat(float64(v), 32)
	case Enum:
		return EnumText(v)
	case Text:
		return v.NetString()
	case Typed:
		return ClrName(v.NetType())
	}
	if n, unsigned, ok := Integer(v); ok {
		if unsigned {
			return strconv.FormatUint(uint64(n), 10)
		}
		return strconv.FormatInt(n, 10)
	}
	return "System.Object"
}

// ClrName is what object.ToString() gives: the name of the type as the runtime
// writes it.
func ClrName(t *Type) string {
	switch {
	case t.Kind == KindArray:
		return ClrName(t.Args[0]) + "[]"
	case len(t.Args) > 0:
		names := make([]string, len(t.Args))
		for i, a := range t.Args {
			names[i] = ClrName(a)
		}
		return t.Full() + "`" + strconv.Itoa(len(t.Args)) + "[" + strings.Join(names, ",") + "]"
	}
	return t.Full()
}

// Integer gives the value of any integer type; a ulong comes as its bits with
// unsigned true.
func Integer(v Value) (n int64, unsigned, ok bool) {
	switch v := v.(type) {
	case int32:
		return int64(v), false, true
	case int64:
		return v, false, true
	case int8:
		return int64(v), false, true
	case uint8:
		return int64(v), false, true
	case int16:
		return int64(v), false, true
	case uint16:
		return int64(v), false, true
	case uint32:
		return int64(v), false, true
	case uint64:
		return int64(v), true, true
	}
	return 0, false, false
}

// FormatFloat writes a float or double in its shortest form that reads back,
// as .NET does: exponents below 1E-04 and from 1E+15 (float: 1E+07).
func FormatFloat(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		if math.Signbit(f) {
			return "-0"
		}
		return "0"
	}
	e := strconv.FormatFloat(f, 'E', -1, bits)
	exp, _ := strconv.Atoi(e[strings.IndexByte(e, 'E')+1:])
	top := 15
	if bits == 32 {
		top = 7
	}
	if exp < -4 || exp >= top {
		return e
	}
	return strconv.FormatFloat(f, 'f', -1, bits)
}

// EnumText is the name of an enum value, names joined for flags, or the number.
func EnumText(e Enum) string {
	info := e.Type.Enum
	for i, v := range info.Values {
		if v == e.N {
			return info.Names[i]
		}
	}
	if info.Flags {
		if s, ok := flagText(info, e.N); ok {
			return s
		}
	}
	return strconv.FormatInt(e.N, 10)
}

func flagText(info *EnumInfo, n int64) (string, bool) {
	var parts []string
	for i := len(info.Values) - 1; i >= 0; i-- {
		if v := info.Values[i]; v != 0 && n&v == v {
			parts = append([]string{info.Names[i]}, parts...)
			n &^= v
		}
	}
	return strings.Join(parts, ", "), n == 0 && len(parts) > 0
}

// FormatEnum writes an enum value under G, F, D or X.
func FormatEnum(e Enum, format string) (string, error) {
	switch format {
	case "", "G", "g", "F", "f":
		return EnumText(e), nil
	case "D", "d":
		return strconv.FormatInt(e.N, 10), nil
	case "X", "x":
		s := strings.ToUpper(strconv.FormatUint(uint64(uint32(e.N)), 16))
		return strings.Repeat("0", 8-len(s)) + s, nil
	}
	return "", Throw(Format, "Format String can be only \"G\", \"g\", \"X\", \"x\", \"F\", \"f\", \"D\" or \"d\".")
}

// Equal is object.Equals(a, b): values of different types are never equal.
func Equal(a, b Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	switch a := a.(type) {
	case Equatable:
		return a.NetEquals(b)
	case float64:
		c, ok := b.(float64)
		return ok && (a == c || math.IsNaN(a) && math.IsNaN(c))
	case float32:
		c, ok := b.(float32)
		return ok && (a == c || a != a && c != c)
	}
	return a == b
}

func equalItems(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

var seed = maphash.MakeSeed()

// Hash is GetHashCode(): equal values have equal hashes. It differs from run to
// run for strings, as .NET's does.
func Hash(v Value) int32 {
	switch v := v.(type) {
	case int16: // as .NET Framework mixes the small signed types
		return int32(uint16(v)) | int32(v)<<16
	case int8:
		return int32(v) ^ int32(v)<<8
	case int32:
		return v
	}
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 1
		}
		return 0
	case string:
		return int32(maphash.String(seed, v))
	case float64:
		b := math.Float64bits(v)
		return int32(b) ^ int32(b>>32)
	case float32:
		return int32(math.Float32bits(v))
	case Char:
		return int32(v) | int32(v)<<16
	case Enum:
		return int32(v.N)
	case Equatable:
		return v.NetHash()
	}
	if n, _, ok := Integer(v); ok {
		return int32(n) ^ int32(n>>32)
	}
	return int32(maphash.Comparable(seed, v))
}

func hashItems(items []Value) int32 {
	h := int32(17)
	for _, v := range items {
		h = h*31 + Hash(v)
	}
	return h
}

// Compare is Comparer.Default: null first, then IComparable. Strings compare
// in linguistic order (see CompareText).
func Compare(a, b Value) (int, error) {
	switch {
	case a == nil && b == nil:
		return 0, nil
	case a == nil:
		return -1, nil
	case b == nil:
		return 1, nil
	}
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return CompareText(a, b, false), nil
		}
	case Ordered:
		return a.NetCompare(b)
	case Enum:
		if b, ok := b.(Enum); ok {
			return sign(a.N, b.N), nil
		}
	}
	if c, ok := compareNumbers(a, b); ok {
		return c, nil
	}
	return 0, Throw(ArgumentExc, "At least one object must implement IComparable.")
}

func compareNumbers(a, b Value) (int, bool) {
	switch a := a.(type) {
	case bool:
		b, ok := b.(bool)
		return int(Hash(a)) - int(Hash(b)), ok
	case Char:
		b, ok := b.(Char)
		return int(a) - int(b), ok
	case uint64:
		b, ok := b.(uint64)
		return sign(a, b), ok
	case float64:
		b, ok := b.(float64)
		return floatOrder(a, b), ok
	case float32:
		b, ok := b.(float32)
		return floatOrder(float64(a), float64(b)), ok
	}
	n, _, ok := Integer(a)
	m, _, ok2 := Integer(b)
	return sign(n, m), ok && ok2
}

// floatOrder puts NaN before every number, as double.CompareTo does.
func floatOrder(a, b float64) int {
	switch {
	case math.IsNaN(a) && math.IsNaN(b):
		return 0
	case math.IsNaN(a):
		return -1
	case math.IsNaN(b):
		return 1
	}
	return sign(a, b)
}

func sign[T int64 | uint64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
