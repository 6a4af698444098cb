package lib

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var base64Options = types.EnumOf("System.Base64FormattingOptions", "None", "InsertLineBreaks")

var base64OptionsDecl = types.Decl{Type: base64Options, Doc: "Whether base64 text has line breaks."}

// convertBaseRows convert from and to bases 2, 8, 10 and 16.
var convertBaseRows = func() []types.Member {
	out := []types.Member{
		{Sig: "static string ToString(byte value, int toBase)", Do: types.Do(toBase(8)), Doc: "Digits in base 2, 8, 10 or 16."},
		{Sig: "static string ToString(short value, int toBase)", Do: types.Do(toBase(16)), Doc: "Digits in base 2, 8, 10 or 16."},
		{Sig: "static string ToString(int value, int toBase)", Do: types.Do(toBase(32)), Doc: "Digits in base 2, 8, 10 or 16.", Ex: "Convert.ToString(-1, 16) → ffffffff"},
		{Sig: "static string ToString(long value, int toBase)", Do: types.Do(toBase(64)), Doc: "Digits in base 2, 8, 10 or 16."},
	}
	for _, to := range convertTargets {
		if to.t.IsInteger() {
			out = append(out, types.Member{
				Sig: "static " + to.t.Keyword + " " + to.name + "(string value, int fromBase)",
				Do:  types.Do(func(c *types.Call) (types.Value, error) { return fromBase(c, to.t) }),
				Doc: "Reads digits in base 2, 8, 10 or 16.", Ex: "Convert." + to.name + `("101", 2) → 5`,
			})
		}
	}
	return out
}()

func checkBase(base int32) error {
	switch base {
	case 2, 8, 10, 16:
		return nil
	}
	return types.Argument("", "Invalid Base.")
}

func toBase(bits int) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		base := c.Args[1].(int32)
		if err := checkBase(base); err != nil {
			return nil, err
		}
		n, _, _ := types.Integer(c.Args[0])
		if base == 10 {
			return strconv.FormatInt(n, 10), nil
		}
		u := uint64(n)
		if bits < 64 {
			u &= 1<<bits - 1
		}
		return strconv.FormatUint(u, int(base)), nil
	}
}

// fromBase reads digits; in bases other than 10 they are the bits of the type.
func fromBase(c *types.Call, t *types.Type) (types.Value, error) {
	base := c.Args[1].(int32)
	if err := checkBase(base); err != nil {
		return nil, err
	}
	s, ok := c.Args[0].(string)
	if !ok {
		return types.Zero(t), nil
	}
	if s == "" {
		return nil, types.ArgumentRange("", "Index was out of range. Must be non-negative and less than the size of the collection.")
	}
	if base == 10 {
		if strings.TrimRight(s, " \t\r\n") != s {
			return nil, types.Throw(types.Format, "Additional non-parsable characters are at the end of the string.")
		}
		return parseInteger(s, t)
	}
	if strings.HasPrefix(s, "-") {
		return nil, types.Argument("", "String cannot contain a minus sign if the base is not 10.")
	}
	if base == 16 {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "0x"), "0X")
	}
	u, err := strconv.ParseUint(s, int(base), 64)
	if err != nil {
		if ne, ok := err.(*strconv.NumError); ok && ne.Err == strconv.ErrRange {
			return nil, overflow(t)
		}
		return nil, types.Throw(types.Format, "Could not find any recognizable digits.")
	}
	r := ranges[t.Kind]
	if u <= r.pos {
		v, _ := integerOf(u, false, t.Kind)
		return v, nil
	}
	if r.neg > 0 && u <= r.pos+r.neg {
		v, _ := integerOf(r.pos+r.neg-u+1, true, t.Kind)
		return v, nil
	}
	return nil, overflow(t)
}

// base64Rows are the base64 members of Convert.
var base64Rows = []types.Member{
	{Sig: "static string ToBase64String(byte[] inArray)", Do: types.Do(toBase64), Doc: "Base64 with padding.", Ex: "Convert.ToBase64String(new byte[] { 1, 2, 3, 255 }) → AQID/w=="},
	{Sig: "static string ToBase64String(byte[] inArray, Base64FormattingOptions options)", Do: types.Do(toBase64), Doc: "Base64, perhaps with line breaks after 76 characters."},
	{Sig: "static string ToBase64String(byte[] inArray, int offset, int length)", Do: types.Do(toBase64), Doc: "Base64 of a part."},
	{Sig: "static byte[] FromBase64String(string s)", Do: types.Do(fromBase64), Doc: "Reads base64; white space is ignored.", Ex: `Convert.FromBase64String("a") ! FormatException`},
}

func toBase64(c *types.Call) (types.Value, error) {
	a, _ := c.Args[0].(*types.ByteArray)
	if a == nil {
		return nil, types.ArgumentNull("inArray")
	}
	b := a.B
	if len(c.Args) == 3 {
		offset, length := int(c.Args[1].(int32)), int(c.Args[2].(int32))
		if err := checkRange(offset, length, len(b)); err != nil {
			return nil, err
		}
		b = b[offset : offset+length]
	}
	if err := c.Env.Charge(2 * len(b)); err != nil {
		return nil, err
	}
	s := base64.StdEncoding.EncodeToString(b)
	if len(c.Args) == 2 && c.Args[1].(types.Enum).N == 1 {
		var lines []string
		for len(s) > 76 {
			lines, s = append(lines, s[:76]), s[76:]
		}
		s = strings.Join(append(lines, s), "\r\n")
	}
	return s, nil
}

func fromBase64(c *types.Call) (types.Value, error) {
	s, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("s")
	}
	if err := c.Env.Charge(2 * len(s)); err != nil {
		return nil, err
	}
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, s)
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		if len(s)%4 != 0 {
			return nil, types.Throw(types.Format, "Invalid length for a Base-64 char array or string.")
		}
		return nil, types.Throw(types.Format, "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.")
	}
	return &types.ByteArray{B: b}, nil
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
