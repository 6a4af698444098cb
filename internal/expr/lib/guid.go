package lib

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var guid = types.Struct("System.Guid").WithZero(Guid{})

// Guid is System.Guid, in the order in which it is printed.
type Guid [16]byte

// NetType implements types.Typed.
func (Guid) NetType() *types.Type { return guid }

// NetString implements types.Text.
func (g Guid) NetString() string { s, _ := formatGuid(g, "D"); return s }

// NetCompare implements types.Ordered.
func (g Guid) NetCompare(other types.Value) (int, error) {
	h, ok := other.(Guid)
	if !ok {
		return 0, types.Argument("", "Object must be of type GUID.")
	}
	return strings.Compare(string(g[:]), string(h[:])), nil
}

func formatGuid(v types.Value, format string) (string, error) {
	g := v.(Guid)
	h := hex.EncodeToString(g[:])
	d := h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
	switch format {
	case "", "D", "d":
		return d, nil
	case "N", "n":
		return h, nil
	case "B", "b":
		return "{" + d + "}", nil
	case "P", "p":
		return "(" + d + ")", nil
	case "X", "x":
		s := "{0x" + h[:8] + ",0x" + h[8:12] + ",0x" + h[12:16] + ",{"
		for i := 16; i < 32; i += 2 {
			s += "0x" + h[i:i+2] + ","
		}
		return s[:len(s)-1] + "}}", nil
	}
	return "", types.Throw(types.Format, `Format String can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".`)
}

// ParseGuid reads the forms D, N, B, P and X in any case.
func ParseGuid(s string) (Guid, error) {
	bad := types.Throw(types.Format, "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).")
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "{0x") || strings.HasPrefix(s, "{0X") {
		return hexGuid(s, bad)
	}
	if n := len(s); n == 38 && (s[0] == '{' && s[37] == '}' || s[0] == '(' && s[37] == ')') {
		s = s[1:37]
	}
	if len(s) == 36 {
		if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
			return Guid{}, bad
		}
		s = s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	}
	var g Guid
	if len(s) != 32 {
		return g, bad
	}
	if _, err := hex.Decode(g[:], []byte(s)); err != nil {
		return Guid{}, bad
	}
	return g, nil
}

// hexGuid reads the form X: {0x…,0x…,0x…,{0x…,…}}.
func hexGuid(s string, bad error) (Guid, error) {
	var g Guid
	fields := strings.Split(strings.NewReplacer("{", "", "}", "").Replace(s), ",")
	if len(fields) != 11 || strings.Count(s, "{") != 2 || !strings.HasSuffix(s, "}}") || !strings.Contains(s, ",{0") {
		return g, bad
	}
	at := 0
	for i, f := range fields {
		size := [...]int{4, 2, 2}[min(i, 2)]
		if i > 2 {
			size = 1
		}
		digits, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(f)), "0x")
		n, err := strconv.ParseUint(digits, 16, size*8)
		if !ok || err != nil {
			return Guid{}, bad
		}
		for k := size - 1; k >= 0; k-- {
			g[at+k] = byte(n)
			n >>= 8
		}
		at += size
	}
	return g, nil
}

// NetHash implements types.Equatable.
func (g Guid) NetHash() int32 {
	b := g.swapped()
	word := func(at int) int32 { return int32(binary.LittleEndian.Uint32(b[at:])) }
	return word(0) ^ word(4) ^ word(8) ^ word(12)
}

// NetEquals implements types.Equatable.
func (g Guid) NetEquals(other types.Value) bool { return types.Value(g) == other }

// bytes gives the byte order of .NET: the first three groups little-endian.
func (g Guid) bytes() *types.ByteArray {
	b := g.swapped()
	return &types.ByteArray{B: b[:]}
}

func (g Guid) swapped() Guid {
	binary.BigEndian.PutUint32(g[:], binary.LittleEndian.Uint32(g[:]))
	binary.BigEndian.PutUint16(g[4:], binary.LittleEndian.Uint16(g[4:]))
	binary.BigEndian.PutUint16(g[6:], binary.LittleEndian.Uint16(g[6:]))
	return g
}

// guidDecl is System.Guid.
var guidDecl = types.Decl{
	Type: guid, Doc: "A unique identifier of 128 bits.", Format: formatGuid,
	Members: []types.Member{
		{Sig: "Guid(string g)", Do: types.Fn1E(ParseGuid), Doc: "Reads an identifier; FormatException otherwise.", Ex: `new Guid("zz") ! FormatException`},
		{Sig: "Guid(byte[] b)", Do: types.Fn1E(guidOfBytes), Doc: "Of 16 bytes."},
		{Sig: "Guid()", Do: types.Fn0(func() Guid { return Guid{} }), Doc: "All zeros."},
		{Sig: "static Guid Empty { get; }", Do: types.Fn0(func() Guid { return Guid{} }), Doc: "All zeros.", Ex: `Guid.Empty.ToString("N") → 00000000000000000000000000000000`},
		{Sig: "static Guid NewGuid()", Do: types.Do(newGuid), Doc: "A random identifier.", Ex: `Guid.NewGuid() == Guid.Empty → False`},
		{Sig: "static Guid Parse(string input)", Do: types.Fn1E(ParseGuid), Doc: "Reads an identifier; FormatException otherwise.", Ex: `Guid.Parse("6F9619FF8B86D011B42D00C04FC964FF").ToString("B") → {6f9619ff-8b86-d011-b42d-00c04fc964ff}`},
		{Sig: "static bool TryParse(string input, out Guid result)", Do: types.Fn2(tryParse(ParseGuid)), Doc: "Reads an identifier, or gives false.", Ex: `Guid.TryParse("x", out var g) → False`},
		{Sig: "byte[] ToByteArray()", Do: types.Fn1(Guid.bytes), Doc: "The 16 bytes, the first three groups little-endian.", Ex: `Guid.Empty.ToByteArray().Length → 16`},
		{Sig: "static bool operator ==(Guid a, Guid b)", Do: types.Fn2(func(a, b Guid) bool { return a == b }), Doc: "Equality."},
		{Sig: "static bool operator !=(Guid a, Guid b)", Do: types.Fn2(func(a, b Guid) bool { return a != b }), Doc: "Inequality."},
	},
}

func guidOfBytes(a *types.ByteArray) (Guid, error) {
	if a == nil {
		return Guid{}, types.ArgumentNull("b")
	}
	if len(a.B) != 16 {
		return Guid{}, types.Argument("b", "Byte array for GUID must be exactly 16 bytes long.")
	}
	return Guid(a.B).swapped(), nil
}

func newGuid(c *types.Call) (types.Value, error) {
	var g Guid
	binary.BigEndian.PutUint64(g[:], c.Env.Uint64())
	binary.BigEndian.PutUint64(g[8:], c.Env.Uint64())
	g[6] = g[6]&0x0F | 0x40
	g[8] = g[8]&0x3F | 0x80
	return g, nil
}
