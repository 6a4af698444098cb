package lib

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var errNumberInput = types.Throw(types.Format, "Input string was not in a correct format.")

func overflow(t *types.Type) error {
	article := "a"
	if strings.ContainsRune("AEIOU", rune(t.Name[0])) {
		article = "an"
	}
	return types.Throw(types.Overflow, "Value was either too large or too small for "+article+" "+t.Name+".")
}

// trimNumber drops the white space .NET allows around numbers.
func trimNumber(s string) string {
	return strings.Trim(s, " \t\n\v\f\r\x00")
}

// parseInteger reads [ws][sign]digits[ws] and checks the range of t.
func parseInteger(s string, t *types.Type) (types.Value, error) {
	s = trimNumber(s)
	neg := false
	if s != "" && (s[0] == '-' || s[0] == '+') {
		neg, s = s[0] == '-', s[1:]
	}
	if s == "" {
		return nil, errNumberInput
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return nil, errNumberInput
		}
	}
	u, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return nil, overflow(t)
	}
	if v, ok := integerOf(u, neg, t.Kind); ok {
		return v, nil
	}
	return nil, overflow(t)
}

// ranges gives the largest magnitudes of the integer types.
var ranges = map[types.Kind]struct{ neg, pos uint64 }{
	types.KindSByte: {1 << 7, 1<<7 - 1}, types.KindByte: {0, 1<<8 - 1},
	types.KindInt16: {1 << 15, 1<<15 - 1}, types.KindUInt16: {0, 1<<16 - 1},
	types.KindInt32: {1 << 31, 1<<31 - 1}, types.KindUInt32: {0, 1<<32 - 1},
	types.KindInt64: {1 << 63, 1<<63 - 1}, types.KindUInt64: {0, math.MaxUint64},
}

// integerOf makes a value of an integer kind; ok is false outside its range.
func integerOf(magnitude uint64, neg bool, k types.Kind) (types.Value, bool) {
	r := ranges[k]
	if neg && magnitude > r.neg || !neg && magnitude > r.pos {
		return nil, false
	}
	if neg {
		magnitude = -magnitude
	}
	switch k {
	case types.KindSByte:
		return int8(magnitude), true
	case types.KindByte:
		return uint8(magnitude), true
	case types.KindInt16:
		return int16(magnitude), true
	case types.KindUInt16:
		return uint16(magnitude), true
	case types.KindInt32:
		return int32(magnitude), true
	case types.KindUInt32:
		return uint32(magnitude), true
	case types.KindInt64:
		return int64(magnitude), true
	}
	return magnitude, true
}

// numeral checks the form [ws][sign]digits with thousands separators[.digits][exponent][ws]
// and gives it without separators; ok is false for anything else.
func numeral(s string, exponent, trailingSign bool) (string, bool) {
	s = trimNumber(s)
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	} else if n := len(s); trailingSign && n > 1 && (s[n-1] == '-' || s[n-1] == '+') {
		sign, s = s[n-1:], s[:n-1]
	}
	var b strings.Builder
	b.WriteString(sign)
	i, digits := 0, 0
	for ; i < len(s) && (isDigit(s[i]) || s[i] == ',' && digits > 0); i++ {
		if s[i] != ',' {
			digits++
			b.WriteByte(s[i])
		}
	}
	if i < len(s) && s[i] == '.' {
		b.WriteByte('.')
		for i++; i < len(s) && isDigit(s[i]); i++ {
			digits++
			b.WriteByte(s[i])
		}
	}
	if digits == 0 {
		return "", false
	}
	if exponent && i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		rest := s[i+1:]
		digitsOnly := strings.TrimLeft(rest, "+-")
		if len(rest)-len(digitsOnly) > 1 || digitsOnly == "" || strings.IndexFunc(digitsOnly, func(r rune) bool { return !unicode.IsDigit(r) }) >= 0 {
			return "", false
		}
		b.WriteString("e" + rest)
		i = len(s)
	}
	return b.String(), i == len(s)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// parseFloat reads a float or double in the invariant culture.
func parseFloat(s string, t *types.Type) (float64, error) {
	switch trimNumber(s) {
	case "NaN":
		return math.NaN(), nil
	case "Infinity":
		return math.Inf(1), nil
	case "-Infinity":
		return math.Inf(-1), nil
	}
	text, ok := numeral(s, true, false)
	if !ok {
		return 0, errNumberInput
	}
	bits := 64
	if t.Kind == types.KindSingle {
		bits = 32
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		return 0, overflow(t)
	}
	return f, nil
}

// parseDecimal reads a decimal, keeping its scale.
func parseDecimal(s string) (Decimal, error) {
	text, ok := numeral(s, false, true)
	if !ok {
		return Decimal{}, errNumberInput
	}
	return decimalText(text)
}

// decimalText reads plain or scientific text that is known to be a numeral.
func decimalText(text string) (Decimal, error) {
	neg := strings.HasPrefix(text, "-")
	text = strings.TrimLeft(text, "+-")
	mantissa, exp, _ := strings.Cut(strings.ToLower(text), "e")
	whole, frac, _ := strings.Cut(mantissa, ".")
	e := 0
	if exp != "" {
		var err error
		if e, err = strconv.Atoi(exp); err != nil || e > 1000 || e < -1000 {
			return Decimal{}, overflow(types.Decimal)
		}
	}
	if len(whole)+len(frac) > 4096 {
		return Decimal{}, overflow(types.Decimal)
	}
	c, ok := new(big.Int).SetString("0"+whole+frac, 10)
	if !ok {
		return Decimal{}, errNumberInput
	}
	return makeDecimal(neg, c, len(frac)-e)
}
