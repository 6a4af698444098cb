package liquid

import (
	"errors"
	"math"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var numberFilters = []filter{
	{"Abs", 0, 0, absFilter},
	{"AtLeast", 1, 1, func(c *call) (any, error) { return bounded(c, math.Max) }},
	{"AtMost", 1, 1, func(c *call) (any, error) { return bounded(c, math.Min) }},
	{"Currency", 0, 1, currencyFilter},
	{"DividedBy", 1, 1, func(c *call) (any, error) { return calculate(c, '/') }},
	{"Minus", 1, 1, func(c *call) (any, error) { return calculate(c, '-') }},
	{"Modulo", 1, 1, func(c *call) (any, error) { return calculate(c, '%') }},
	{"Plus", 1, 1, plusFilter},
	{"Round", 0, 1, roundFilter},
	{"Times", 1, 1, timesFilter},
}

func isReal(v any) bool {
	switch v.(type) {
	case float64, float32, lib.Decimal:
		return true
	}
	return false
}

func isNumber(v any) bool {
	_, _, whole := types.Integer(v)
	return whole || isReal(v)
}

// calculate is arithmetic: whole numbers stay whole, anything else is done in decimals, and in doubles where those end. Text isn't a number,
// unless the other side has decimals.
func calculate(c *call, op byte) (any, error) {
	a, b := c.in, c.args[0]
	if a == nil || b == nil {
		return nil, nil
	}
	if isReal(a) || isReal(b) {
		return calculateReal(c.env, op, a, b)
	}
	if !isNumber(a) || !isNumber(b) {
		return nil, types.Throw(types.InvalidOperation, "The operator "+string(op)+" is not defined for "+typeOf(a).Name+" and "+typeOf(b).Name+"; text becomes a number with Times: 1.0")
	}
	x, err := lib.ChangeType(c.env, a, types.Int64)
	if err != nil {
		return nil, err
	}
	y, err := lib.ChangeType(c.env, b, types.Int64)
	if err != nil {
		return nil, err
	}
	return types.Binary(string(op), types.KindInt64, x, y, true)
}

func calculateReal(env *types.Env, op byte, a, b any) (any, error) {
	x, err := lib.ChangeType(env, a, types.Decimal)
	var y any
	if err == nil {
		y, err = lib.ChangeType(env, b, types.Decimal)
	}
	var out lib.Decimal
	if err == nil {
		if out, err = lib.Calculate(op, x.(lib.Decimal), y.(lib.Decimal)); err == nil {
			return out, nil
		}
	}
	var thrown *types.Exception
	if !errors.As(err, &thrown) || thrown.Type != types.Overflow && thrown.Type != types.DivideByZero {
		return nil, err
	}
	f, err := lib.ChangeType(env, a, types.Double)
	if err != nil {
		return nil, err
	}
	g, err := lib.ChangeType(env, b, types.Double)
	if err != nil {
		return nil, err
	}
	return types.Binary(string(op), types.KindDouble, f, g, false)
}

// plusFilter appends to text and adds to numbers.
func plusFilter(c *call) (any, error) {
	if s, ok := c.in.(string); ok {
		other, err := c.text(0, "")
		return s + other, err
	}
	return calculate(c, '+')
}

// timesFilter repeats text and multiplies numbers.
func timesFilter(c *call) (any, error) {
	s, isText := c.in.(string)
	n, _, whole := types.Integer(c.args[0])
	if !isText || !whole {
		return calculate(c, '*')
	}
	if n < 0 || n > math.MaxInt32 {
		return nil, types.ArgumentRange("count", "Specified argument was out of the range of valid values.")
	}
	if err := c.env.Charge(int(n) * (len(s) + 16)); err != nil {
		return nil, err
	}
	out := make([]any, n)
	for i := range out {
		out[i] = s
	}
	return out, nil
}

// roundFilter rounds, half to even; what isn't a number becomes null.
func roundFilter(c *call) (any, error) {
	places, err := c.number(0, 0)
	d, bad := lib.ChangeType(c.env, orZero(c.in), types.Decimal)
	if err != nil || bad != nil || places < 0 || places > 28 {
		return nil, nil
	}
	return d.(lib.Decimal).Round(places), nil
}

func orZero(v any) any {
	if v == nil {
		return int32(0)
	}
	return v
}

// double reads a number out of anything's text.
func double(v any) (float64, bool) {
	s, err := asText(v)
	if err != nil {
		return 0, false
	}
	f, err := lib.ChangeType(nil, s, types.Double)
	if err != nil {
		return 0, false
	}
	return f.(float64), true
}

var errNoObject = types.Throw(types.NullReference, "Object reference not set to an instance of an object.")

func absFilter(c *call) (any, error) {
	if c.in == nil {
		return nil, errNoObject
	}
	f, _ := double(c.in)
	return math.Abs(f), nil
}

func bounded(c *call, pick func(a, b float64) float64) (any, error) {
	if c.in == nil || c.args[0] == nil {
		return nil, errNoObject
	}
	a, ok := double(c.in)
	b, also := double(c.args[0])
	if !ok || !also {
		return c.in, nil
	}
	return pick(a, b), nil
}

// money is how a language writes amounts: %s is the amount, the first %s of minus the same.
type money struct{ plus, minus, thousand, point string }

var languages = map[string]money{
	"":      {"¤#", "(¤#)", ",", "."},
	"en-US": {"$#", "-$#", ",", "."},
	"en-GB": {"£#", "-£#", ",", "."},
	"de-DE": {"# €", "-# €", ".", ","},
	"fr-FR": {"# €", "-# €", "\u202f", ","},
	"es-ES": {"# €", "-# €", ".", ","},
	"it-IT": {"# €", "-# €", ".", ","},
	"nl-NL": {"€ #", "€ -#", ".", ","},
}

// currencyFilter writes an amount of money: in the invariant culture, or as a language does.
func currencyFilter(c *call) (any, error) {
	if c.in == nil {
		return nil, nil
	}
	tag, err := c.text(0, "")
	if err != nil {
		return nil, err
	}
	m, ok := languages[strings.TrimSpace(tag)]
	if !ok {
		return nil, types.Throw(types.ArgumentExc, "Culture is not supported. "+tag+" is an invalid culture identifier.")
	}
	in := c.in
	if s, err := asText(in); err == nil && !isReal(in) {
		in = strings.TrimPrefix(strings.TrimSpace(s), "¤")
	}
	d, err := lib.ChangeType(c.env, in, types.Decimal)
	if err != nil {
		return asText(c.in)
	}
	return m.write(d.(lib.Decimal)), nil
}

func (m money) write(d lib.Decimal) string {
	s, negative := strings.CutPrefix(d.Round(2).Plain(), "-")
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + m.thousand + whole[i:]
	}
	amount := whole + m.point + (part + "00")[:2]
	if negative {
		return strings.Replace(m.minus, "#", amount, 1)
	}
	return strings.Replace(m.plus, "#", amount, 1)
}
