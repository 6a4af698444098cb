package types

import "math"

// Boxed arithmetic, for constant folding and lifted operators. The evaluator
// has unboxed forms of its own for the common cases; both follow C#: wrap
// around unless checked, shift counts masked, integer division by zero throws.

// errOverflow and errDivide are what checked arithmetic and integer division throw.
var (
	errOverflow = Throw(Overflow, "Arithmetic operation resulted in an overflow.")
	errDivide   = Throw(DivideByZero, "Attempted to divide by zero.")
)

// OverflowError gives the exception of checked arithmetic.
func OverflowError() *Exception { e := *errOverflow; return &e }

// DivideError gives the exception of an integer division by zero.
func DivideError() *Exception { e := *errDivide; return &e }

// Binary applies an operator to two values of kind k: int, uint, long, ulong,
// float, double or bool. For shifts b is an int.
func Binary(op string, k Kind, a, b Value, checked bool) (Value, error) {
	switch k {
	case KindBool:
		return boolOp(op, a.(bool), b.(bool)), nil
	case KindSingle:
		r := floatOp(op, float64(a.(float32)), float64(b.(float32)))
		if f, ok := r.(float64); ok {
			return float32(f), nil
		}
		return r, nil
	case KindDouble:
		return floatOp(op, a.(float64), b.(float64)), nil
	}
	x, _, _ := Integer(a)
	y, _, _ := Integer(b)
	if c, ok := compareOp(op, k, x, y); ok {
		return c, nil
	}
	n, err := IntOp(op, k, x, y, checked)
	if err != nil {
		return nil, err
	}
	return BoxInt(k, n), nil
}

func boolOp(op string, a, b bool) Value {
	switch op {
	case "&", "&&":
		return a && b
	case "|", "||":
		return a || b
	case "^", "!=":
		return a != b
	}
	return a == b
}

func floatOp(op string, a, b float64) Value {
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	case "/":
		return a / b
	case "%":
		return math.Mod(a, b)
	case "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case ">":
		return a > b
	case "<=":
		return a <= b
	}
	return a >= b
}

func compareOp(op string, k Kind, a, b int64) (result, ok bool) {
	c := sign(a, b)
	if k == KindUInt64 {
		c = sign(uint64(a), uint64(b))
	}
	switch op {
	case "==":
		return c == 0, true
	case "!=":
		return c != 0, true
	case "<":
		return c < 0, true
	case ">":
		return c > 0, true
	case "<=":
		return c <= 0, true
	case ">=":
		return c >= 0, true
	}
	return false, false
}

// IntOp applies an arithmetic, bitwise or shift operator to integers of kind k
// held in 64 bits, and narrows the result to k.
func IntOp(op string, k Kind, a, b int64, checked bool) (int64, error) {
	var n int64
	switch op {
	case "&":
		return a & b, nil
	case "|":
		return a | b, nil
	case "^":
		return Wrap(k, a^b), nil
	case "<<":
		return Wrap(k, a<<shiftCount(k, b)), nil
	case ">>":
		if k == KindUInt64 {
			return int64(uint64(a) >> shiftCount(k, b)), nil
		}
		return Wrap(k, a>>shiftCount(k, b)), nil
	case "/", "%":
		return divide(op, k, a, b)
	case "+":
		n = a + b
	case "-":
		n = a - b
	case "*":
		n = a * b
	}
	w := Wrap(k, n)
	if checked && (w != n || overflows(op, k, a, b, n)) {
		return 0, OverflowError()
	}
	return w, nil
}

func shiftCount(k Kind, n int64) uint {
	if k == KindInt64 || k == KindUInt64 {
		return uint(n & 63)
	}
	return uint(n & 31)
}

func divide(op string, k Kind, a, b int64) (int64, error) {
	if b == 0 {
		return 0, DivideError()
	}
	if k == KindUInt64 {
		if op == "/" {
			return int64(uint64(a) / uint64(b)), nil
		}
		return int64(uint64(a) % uint64(b)), nil
	}
	if b == -1 {
		if k == KindInt64 && a == math.MinInt64 || k == KindInt32 && a == math.MinInt32 {
			return 0, OverflowError()
		}
	}
	if op == "/" {
		return a / b, nil
	}
	return a % b, nil
}

// overflows reports whether a 64-bit result n of a and b is wrong.
func overflows(op string, k Kind, a, b, n int64) bool {
	if k == KindUInt64 {
		x, y := uint64(a), uint64(b)
		switch op {
		case "+":
			return uint64(n) < x
		case "-":
			return y > x
		}
		return x != 0 && uint64(n)/x != y
	}
	if k != KindInt64 {
		return false // the product of two 32-bit numbers fits
	}
	switch op {
	case "+":
		return (a > 0 && b > 0 && n <= 0) || (a < 0 && b < 0 && n >= 0)
	case "-":
		return (a >= 0 && b < 0 && n < 0) || (a < 0 && b > 0 && n >= 0)
	}
	return a != 0 && (n/a != b || a == -1 && b == math.MinInt64)
}

// Wrap narrows n to the width of k, keeping the low bits. A ulong is its bits.
func Wrap(k Kind, n int64) int64 {
	switch k {
	case KindSByte:
		return int64(int8(n))
	case KindByte:
		return int64(uint8(n))
	case KindInt16:
		return int64(int16(n))
	case KindUInt16, KindChar:
		return int64(uint16(n))
	case KindInt32:
		return int64(int32(n))
	case KindUInt32:
		return int64(uint32(n))
	}
	return n
}

// BoxInt makes the value of kind k that n holds.
func BoxInt(k Kind, n int64) Value {
	switch k {
	case KindInt32:
		return int32(n)
	case KindInt64:
		return n
	case KindChar:
		return Char(n)
	case KindSByte:
		return int8(n)
	case KindByte:
		return uint8(n)
	case KindInt16:
		return int16(n)
	case KindUInt16:
		return uint16(n)
	case KindUInt32:
		return uint32(n)
	}
	return uint64(n)
}

// Unbox gives the 64 bits of an integer or char; ok is false for other values.
func Unbox(v Value) (n int64, ok bool) {
	switch v := v.(type) {
	case Char:
		return int64(v), true
	case Enum:
		return v.N, true
	}
	n, _, ok = Integer(v)
	return n, ok
}

// Unary applies + - ! ~ to a value of kind k.
func Unary(op string, k Kind, a Value, checked bool) (Value, error) {
	switch {
	case op == "+":
		return a, nil
	case k == KindBool:
		return !a.(bool), nil
	case k == KindDouble:
		return -a.(float64), nil
	case k == KindSingle:
		return -a.(float32), nil
	}
	n, _ := Unbox(a)
	if op == "~" {
		return BoxInt(k, Wrap(k, ^n)), nil
	}
	r, err := IntOp("-", k, 0, n, checked)
	if err != nil {
		return nil, err
	}
	return BoxInt(k, r), nil
}

// ConvertNumber converts between primitive numeric kinds, char included. When
// checked, a value that does not fit throws; otherwise the low bits are kept.
func ConvertNumber(v Value, to Kind, checked bool) (Value, error) {
	from := Int64
	switch f := v.(type) {
	case float64:
		return convertFloat(f, to, checked)
	case float32:
		return convertFloat(float64(f), to, checked)
	case uint64:
		from = UInt64
	}
	n, ok := Unbox(v)
	if !ok {
		return nil, Throw(InvalidCast, "Specified cast is not valid.")
	}
	switch to {
	case KindDouble:
		return intToFloat(n, from.Kind), nil
	case KindSingle:
		return float32(intToFloat(n, from.Kind)), nil
	}
	r, err := NarrowInt(n, from.Kind, to, checked)
	if err != nil {
		return nil, err
	}
	return BoxInt(to, r), nil
}

func intToFloat(n int64, from Kind) float64 {
	if from == KindUInt64 {
		return float64(uint64(n))
	}
	return float64(n)
}

// NarrowInt converts 64 bits of kind from to kind to.
func NarrowInt(n int64, from, to Kind, checked bool) (int64, error) {
	w := Wrap(to, n)
	if checked {
		fits := w == n
		if to == KindUInt64 {
			fits = from == KindUInt64 || n >= 0
		} else if from == KindUInt64 {
			fits = fits && n >= 0
		}
		if !fits {
			return 0, OverflowError()
		}
	}
	return w, nil
}

func convertFloat(f float64, to Kind, checked bool) (Value, error) {
	switch to {
	case KindDouble:
		return f, nil
	case KindSingle:
		return float32(f), nil
	}
	n, err := FloatToInt(f, to, checked)
	if err != nil {
		return nil, err
	}
	return BoxInt(to, n), nil
}

// FloatToInt truncates f to an integer kind. Out of range it throws when
// checked; otherwise the result is the one x64 gives.
func FloatToInt(f float64, to Kind, checked bool) (int64, error) {
	t := math.Trunc(f)
	low, high := intRange(to)
	inside := t >= low && t <= high && !math.IsNaN(f)
	if to == KindUInt64 || to == KindInt64 {
		inside = inside && t < high
	}
	if checked && !inside {
		return 0, OverflowError()
	}
	switch {
	case to == KindInt32 && !inside:
		return math.MinInt32, nil
	case to == KindUInt64 && t >= math.MaxInt64 && t < math.MaxUint64:
		return int64(uint64(t)), nil
	case math.IsNaN(t) || t < math.MinInt64 || t >= math.MaxInt64:
		return Wrap(to, math.MinInt64), nil
	}
	return Wrap(to, int64(t)), nil
}

func intRange(k Kind) (low, high float64) {
	switch k {
	case KindSByte:
		return math.MinInt8, math.MaxInt8
	case KindByte:
		return 0, math.MaxUint8
	case KindInt16:
		return math.MinInt16, math.MaxInt16
	case KindUInt16, KindChar:
		return 0, math.MaxUint16
	case KindInt32:
		return math.MinInt32, math.MaxInt32
	case KindUInt32:
		return 0, math.MaxUint32
	case KindInt64:
		return math.MinInt64, math.MaxInt64
	}
	return 0, math.MaxUint64
}
