package lib

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// bitConverterDecl is System.BitConverter, little-endian as the service's
// machines are.
var bitConverterDecl = types.Decl{Type: types.StaticClass("System.BitConverter"), Doc: "The bytes of basic types.", Members: append([]types.Member{
	{Sig: "static bool IsLittleEndian { get; }", Do: types.Fn0(func() bool { return true }), Doc: "Always true."},
	{Sig: "static string ToString(byte[] value)", Do: types.Do(hexDashes), Doc: "Pairs of hexadecimal digits with dashes.", Ex: "BitConverter.ToString(new byte[] { 10, 255, 0 }) → 0A-FF-00"},
	{Sig: "static string ToString(byte[] value, int startIndex)", Do: types.Do(hexDashes), Doc: "From a position on."},
	{Sig: "static string ToString(byte[] value, int startIndex, int length)", Do: types.Do(hexDashes), Doc: "A part."},
	{Sig: "static long DoubleToInt64Bits(double value)", Do: types.Fn1(doubleBits), Doc: "The bits of a double."},
	{Sig: "static double Int64BitsToDouble(long value)", Do: types.Fn1(func(n int64) float64 { return math.Float64frombits(uint64(n)) }), Doc: "The double of bits."},
}, bitRows()...)}

// doubleBits are the bits of a double; NaN is the one that arithmetic of processors gives.
func doubleBits(f float64) int64 {
	if math.IsNaN(f) {
		return -1 << 51
	}
	return int64(math.Float64bits(f))
}

func hexDashes(c *types.Call) (types.Value, error) {
	a, _ := c.Args[0].(*types.ByteArray)
	if a == nil {
		return nil, types.ArgumentNull("value")
	}
	start, length := 0, len(a.B)
	if len(c.Args) > 1 {
		start = int(c.Args[1].(int32))
		length = len(a.B) - start
		if start > 0 && length == 0 {
			return nil, types.ArgumentRange("startIndex", "Index was out of range. Must be non-negative and less than the size of the collection.")
		}
	}
	if len(c.Args) > 2 {
		length = int(c.Args[2].(int32))
	}
	if err := firstError(checkRange(start, length, len(a.B)), c.Env.Charge(3*len(a.B))); err != nil {
		return nil, err
	}
	h := strings.ToUpper(hex.EncodeToString(a.B[start : start+length]))
	var b strings.Builder
	for i := 0; i < len(h); i += 2 {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(h[i : i+2])
	}
	return b.String(), nil
}

func bitRows() []types.Member {
	var out []types.Member
	for _, r := range []struct {
		name, typ string
		size      int
		of        func(u uint64) types.Value
	}{
		{"ToBoolean", "bool", 1, func(u uint64) types.Value { return u != 0 }},
		{"ToChar", "char", 2, func(u uint64) types.Value { return types.Char(u) }},
		{"ToInt16", "short", 2, func(u uint64) types.Value { return int16(u) }},
		{"ToUInt16", "ushort", 2, func(u uint64) types.Value { return uint16(u) }},
		{"ToInt32", "int", 4, func(u uint64) types.Value { return int32(u) }},
		{"ToUInt32", "uint", 4, func(u uint64) types.Value { return uint32(u) }},
		{"ToInt64", "long", 8, func(u uint64) types.Value { return int64(u) }},
		{"ToUInt64", "ulong", 8, func(u uint64) types.Value { return u }},
		{"ToSingle", "float", 4, func(u uint64) types.Value { return math.Float32frombits(uint32(u)) }},
		{"ToDouble", "double", 8, func(u uint64) types.Value { return math.Float64frombits(u) }},
	} {
		out = append(out,
			types.Member{
				Sig: "static " + r.typ + " " + r.name + "(byte[] value, int startIndex)", Doc: "The value of bytes.",
				Do: types.Do(func(c *types.Call) (types.Value, error) {
					u, err := bitsAt(c, r.size)
					if err != nil {
						return nil, err
					}
					return r.of(u), nil
				}),
			},
			types.Member{
				Sig: "static byte[] GetBytes(" + r.typ + " value)", Doc: "The bytes of a value.",
				Do: types.Fn1(func(v types.Value) *types.ByteArray {
					return &types.ByteArray{B: binary.LittleEndian.AppendUint64(nil, bitsOf(v))[:r.size]}
				}),
			})
	}
	return out
}

func bitsAt(c *types.Call, size int) (uint64, error) {
	a, _ := c.Args[0].(*types.ByteArray)
	if a == nil {
		return 0, types.ArgumentNull("value")
	}
	at := int(c.Args[1].(int32))
	if at < 0 || at >= len(a.B) {
		return 0, types.ArgumentRange("startIndex", "Index was out of range. Must be non-negative and less than the size of the collection.")
	}
	if at > len(a.B)-size {
		return 0, types.Argument("value", "Destination array is not long enough to copy all the items in the collection. Check array index and length.")
	}
	var b [8]byte
	copy(b[:], a.B[at:at+size])
	return binary.LittleEndian.Uint64(b[:]), nil
}

func bitsOf(v types.Value) uint64 {
	switch v := v.(type) {
	case bool:
		return uint64(types.Hash(v))
	case types.Char:
		return uint64(v)
	case float32:
		return uint64(math.Float32bits(v))
	case float64:
		return math.Float64bits(v)
	}
	n, _, _ := types.Integer(v)
	return uint64(n)
}
