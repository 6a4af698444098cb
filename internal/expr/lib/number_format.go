package lib

import (
	"math"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// number is a value to be formatted, with what the format letters need to know
// of its type.
type number struct {
	v       types.Value
	integer bool
	bits    int // of an integer, for X; of a float
	general int // significant digits G keeps
}

func numberOf(v types.Value) (number, bool) {
	switch v.(type) {
	case int8, uint8:
		return number{v, true, 8, 3}, true
	case int16, uint16:
		return number{v, true, 16, 5}, true
	case int32, uint32:
		return number{v, true, 32, 10}, true
	case int64, uint64:
		return number{v, true, 64, 19}, true
	case float32:
		return number{v, false, 32, 7}, true
	case float64:
		return number{v, false, 64, 15}, true
	case Decimal:
		return number{v, false, 0, 29}, true
	}
	return number{}, false
}

// digits takes the number apart; floats are first rounded to so many
// significant digits (0: as many as their type is good for).
func (n number) digits(significant int) digits {
	switch v := n.v.(type) {
	case float64:
		if significant == 0 {
			significant = 15
		}
		return floatDigits(v, significant, 64)
	case float32:
		if significant == 0 {
			significant = 7
		}
		return floatDigits(float64(v), significant, 32)
	case Decimal:
		return decimalDigits(v)
	}
	i, unsigned, _ := types.Integer(n.v)
	if unsigned {
		return unsignedDigits(uint64(i))
	}
	return signedDigits(i)
}

var errNumberFormat = types.Throw(types.Format, "Format specifier was invalid.")

// formatNumber is ToString(format) of every numeric type: standard formats of
// one letter with up to two digits, otherwise a custom format.
func formatNumber(v types.Value, format string) (string, error) {
	n, ok := numberOf(v)
	if !ok {
		return types.ToString(v), nil
	}
	if s, special := notFinite(v); special {
		return s, nil
	}
	letter, precision, standard := standardFormat(format)
	if !standard {
		return customNumber(n, format), nil
	}
	sign := func(x digits, s string) string {
		if x.neg {
			return "-" + s
		}
		return s
	}
	switch letter {
	case 'C', 'c':
		return n.currency(orDefault(precision, 2)), nil
	case 'D', 'd':
		if !n.integer {
			return "", errNumberFormat
		}
		x := n.digits(0)
		return sign(x, padZeros(x.plain(0, false), precision)), nil
	case 'E', 'e':
		p := orDefault(precision, 6)
		significant := 0
		if p > 14 {
			significant = 17
		}
		x := n.digits(significant).round(p + 1)
		return sign(x, x.scientific(p, letter, 3)), nil
	case 'F', 'f', 'N', 'n':
		x := n.rounded(orDefault(precision, 2), 0)
		return sign(x, x.plain(orDefault(precision, 2), letter|0x20 == 'n')), nil
	case 'G', 'g':
		return n.generalText(letter, precision), nil
	case 'P', 'p':
		x := n.rounded(orDefault(precision, 2), 2)
		return sign(x, x.plain(orDefault(precision, 2), true)+" %"), nil
	case 'R', 'r':
		if n.integer || n.bits == 0 {
			return "", errNumberFormat
		}
		return types.ToString(v), nil
	case 'X', 'x':
		if !n.integer {
			return "", errNumberFormat
		}
		return n.hex(letter, precision), nil
	}
	return "", errNumberFormat
}

func (n number) currency(decimals int) string {
	x := n.rounded(decimals, 0)
	s := "¤" + x.plain(decimals, true)
	if x.neg {
		return "(" + s + ")"
	}
	return s
}

// rounded gives the number times 10^shift with so many decimals.
func (n number) rounded(decimals, shift int) digits {
	x := n.digits(0)
	if len(x.d) > 0 {
		x.point += shift
	}
	return x.round(x.point + decimals)
}

func (n number) generalText(letter byte, precision int) string {
	_, exact := n.v.(Decimal)
	switch {
	case exact && precision == 0:
		precision = 29 // and no zeros at the end
	case precision <= 0 && letter == 'g' && !n.integer && !exact:
		return strings.Replace(types.ToString(n.v), "E", "e", 1)
	case precision <= 0:
		return types.ToString(n.v)
	}
	significant := 0
	if !n.integer && n.bits > 0 && precision > n.general {
		significant = map[int]int{32: 9, 64: 17}[n.bits]
	}
	x := n.digits(significant).round(precision)
	s := x.general(precision, 'E'+letter-'G')
	if x.neg {
		return "-" + s
	}
	return s
}

func (n number) hex(letter byte, precision int) string {
	i, _, _ := types.Integer(n.v)
	u := uint64(i)
	if n.bits < 64 {
		u &= 1<<n.bits - 1
	}
	s := strconv.FormatUint(u, 16)
	if letter == 'X' {
		s = strings.ToUpper(s)
	}
	return padZeros(s, precision)
}

func notFinite(v types.Value) (string, bool) {
	f, ok := v.(float64)
	if g, single := v.(float32); single {
		f, ok = float64(g), true
	}
	if ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return types.FormatFloat(f, 64), true
	}
	return "", false
}

// standardFormat splits "N2"; precision is -1 when absent.
func standardFormat(format string) (letter byte, precision int, ok bool) {
	if format == "" {
		return 'G', -1, true
	}
	c := format[0] | 0x20
	if c < 'a' || c > 'z' || len(format) > 3 {
		return 0, 0, false
	}
	if len(format) == 1 {
		return format[0], -1, true
	}
	p, err := strconv.Atoi(format[1:])
	if err != nil || p < 0 || format[1] == '+' {
		return 0, 0, false
	}
	return format[0], p, true
}

func orDefault(n, def int) int {
	if n < 0 {
		return def
	}
	return n
}

func padZeros(s string, width int) string {
	if len(s) < width {
		return strings.Repeat("0", width-len(s)) + s
	}
	return s
}
