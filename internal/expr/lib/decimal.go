package lib

import (
	"math"
	"math/big"
	"strconv"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Decimal is System.Decimal: a coefficient of 96 bits, a scale of 0 to 28
// decimals and a sign. The scale is kept: 1.50 is not printed as 1.5, although
// both are equal.
type Decimal struct {
	neg   bool
	scale uint8
	hi    uint32
	lo    uint64
}

// The zero of decimal is known to package types only through this value.
var _ = types.Decimal.WithZero(Decimal{})

const maxScale = 28

var (
	ten    = big.NewInt(10)
	max96  = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 96), big.NewInt(1))
	powers = func() []*big.Int {
		p := []*big.Int{big.NewInt(1)}
		for i := range 64 {
			p = append(p, new(big.Int).Mul(p[i], ten))
		}
		return p
	}()
)

func power10(n int) *big.Int {
	if n < len(powers) {
		return powers[n]
	}
	return new(big.Int).Exp(ten, big.NewInt(int64(n)), nil)
}

// makeDecimal fits c × 10^-scale into a decimal, rounding half to even when
// digits must go.
func makeDecimal(neg bool, c *big.Int, scale int) (Decimal, error) {
	if scale < 0 {
		if c.Sign() == 0 {
			scale = 0
		} else {
			c, scale = new(big.Int).Mul(c, power10(-scale)), 0
		}
	}
	drop := max(scale-maxScale, 0)
	if c.BitLen() > 96 {
		drop = max(drop, len(c.Text(10))-29)
	}
	for ; ; drop++ {
		r := c
		if drop > 0 {
			if drop > scale {
				return Decimal{}, overflow(types.Decimal)
			}
			r = divideHalfEven(c, power10(drop))
		}
		if r.Cmp(max96) <= 0 {
			lo := new(big.Int).And(r, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
			hi := uint32(new(big.Int).Rsh(r, 64).Uint64())
			return Decimal{neg: neg && r.Sign() != 0, scale: uint8(scale - drop), hi: hi, lo: lo}, nil
		}
	}
}

func divideHalfEven(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	c := new(big.Int).Lsh(r, 1).Cmp(b)
	if c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q
}

func (x Decimal) coefficient() *big.Int {
	c := new(big.Int).SetUint64(uint64(x.hi))
	return c.Lsh(c, 64).Or(c, new(big.Int).SetUint64(x.lo))
}

// signed is the coefficient with its sign.
func (x Decimal) signed() *big.Int {
	c := x.coefficient()
	if x.neg {
		c.Neg(c)
	}
	return c
}

// NetType implements types.Typed.
func (Decimal) NetType() *types.Type { return types.Decimal }

// NetString implements types.Text.
func (x Decimal) NetString() string {
	s := x.coefficient().Text(10)
	if n := int(x.scale); n > 0 {
		s = padZeros(s, n+1)
		s = s[:len(s)-n] + "." + s[len(s)-n:]
	}
	if x.neg {
		s = "-" + s
	}
	return s
}

// NetEquals implements types.Equatable: scale does not matter.
func (x Decimal) NetEquals(other types.Value) bool {
	y, ok := other.(Decimal)
	return ok && compareDecimals(x, y) == 0
}

// NetHash implements types.Equatable.
func (x Decimal) NetHash() int32 { return types.Hash(x.float()) }

// NetCompare implements types.Ordered.
func (x Decimal) NetCompare(other types.Value) (int, error) {
	y, ok := other.(Decimal)
	if !ok {
		return 0, types.Argument("", "Object must be of type Decimal.")
	}
	return compareDecimals(x, y), nil
}

func alignDecimals(x, y Decimal) (a, b *big.Int, scale int) {
	a, b, scale = x.signed(), y.signed(), int(max(x.scale, y.scale))
	a.Mul(a, power10(scale-int(x.scale)))
	b.Mul(b, power10(scale-int(y.scale)))
	return a, b, scale
}

func compareDecimals(x, y Decimal) int {
	a, b, _ := alignDecimals(x, y)
	return a.Cmp(b)
}

func signedDecimal(c *big.Int, scale int) (Decimal, error) {
	return makeDecimal(c.Sign() < 0, new(big.Int).Abs(c), scale)
}

func addDecimals(x, y Decimal) (Decimal, error) {
	a, b, scale := alignDecimals(x, y)
	return signedDecimal(a.Add(a, b), scale)
}

func negateDecimal(x Decimal) Decimal {
	x.neg = !x.neg && (x.hi != 0 || x.lo != 0)
	return x
}

func subtractDecimals(x, y Decimal) (Decimal, error) { return addDecimals(x, negateDecimal(y)) }

// multiplyDecimals forgets the scale of a product that is zero when an operand takes more than 32 bits or nothing is left of it, as .NET does.
func multiplyDecimals(x, y Decimal) (Decimal, error) {
	scale, wide := int(x.scale)+int(y.scale), x.hi|y.hi != 0 || (x.lo|y.lo)>>32 != 0
	if zero := x.isZero() || y.isZero(); zero && wide || !wide && scale > maxScale+19 {
		return Decimal{}, nil
	}
	return signedDecimal(new(big.Int).Mul(x.signed(), y.signed()), int(x.scale)+int(y.scale))
}

func (x Decimal) isZero() bool { return x.hi == 0 && x.lo == 0 }

var errDivideByZero = types.Throw(types.DivideByZero, "Attempted to divide by zero.")

// divideDecimals keeps the fewest decimals that hold an exact quotient, but no
// fewer than the operands ask for, otherwise all that fit without the zeros at
// their end.
func divideDecimals(x, y Decimal) (Decimal, error) {
	if y.hi == 0 && y.lo == 0 {
		return Decimal{}, errDivideByZero
	}
	const extra = 60
	c := new(big.Int).Mul(x.coefficient(), power10(extra))
	q, r := new(big.Int).QuoRem(c, y.coefficient(), new(big.Int))
	scale := int(x.scale) - int(y.scale) + extra
	ideal := max(int(x.scale)-int(y.scale), 0)
	if r.Sign() == 0 {
		q, scale = stripZeros(q, scale, ideal)
	} else if q.Mul(q, ten).Add(q, big.NewInt(1)); true {
		scale++ // a sticky digit, so that rounding sees that more follows
	}
	z, err := makeDecimal(x.neg != y.neg, q, scale)
	if err != nil || r.Sign() == 0 && int(z.scale) == scale {
		return z, err
	}
	if z.isZero() {
		return Decimal{}, nil
	}
	q, scale = stripZeros(z.coefficient(), int(z.scale), 0)
	return makeDecimal(z.neg, q, scale)
}

// stripZeros removes trailing zeros down to a scale of floor.
func stripZeros(c *big.Int, scale, floor int) (*big.Int, int) {
	if c.Sign() == 0 {
		return c, min(scale, floor)
	}
	for scale > floor {
		q, r := new(big.Int).QuoRem(c, ten, new(big.Int))
		if r.Sign() != 0 {
			break
		}
		c, scale = q, scale-1
	}
	return c, scale
}

func remainderDecimals(x, y Decimal) (Decimal, error) {
	if y.hi == 0 && y.lo == 0 {
		return Decimal{}, errDivideByZero
	}
	a, b, scale := alignDecimals(x, y)
	if a.CmpAbs(b) < 0 {
		return x, nil // with its own scale
	}
	return signedDecimal(new(big.Int).Rem(a, b), scale)
}

// roundDecimal rounds to so many decimals; mode is one of the roundings below.
func roundDecimal(x Decimal, decimals int, mode func(c, unit *big.Int) *big.Int) Decimal {
	drop := int(x.scale) - decimals
	if drop <= 0 {
		return x
	}
	y, _ := signedDecimal(mode(x.signed(), power10(drop)), decimals) // smaller than x: it fits
	return y
}

func halfEven(c, unit *big.Int) *big.Int {
	q := divideHalfEven(new(big.Int).Abs(c), unit)
	if c.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

func halfAway(c, unit *big.Int) *big.Int {
	twice := new(big.Int).Lsh(new(big.Int).Abs(c), 1)
	q := twice.Add(twice, unit).Quo(twice, new(big.Int).Lsh(unit, 1))
	if c.Sign() < 0 {
		q.Neg(q)
	}
	return q
}

func towardZero(c, unit *big.Int) *big.Int { return new(big.Int).Quo(c, unit) }

func towardFloor(c, unit *big.Int) *big.Int { return new(big.Int).Div(c, unit) }

func towardCeiling(c, unit *big.Int) *big.Int {
	q := new(big.Int).Div(new(big.Int).Neg(c), unit)
	return q.Neg(q)
}

// decimalPowers are the powers of ten that a decimal is divided by to make a double; the last digit is that of one division, as in .NET.
var decimalPowers = func() (p [maxScale + 1]float64) {
	for i := range p {
		p[i], _ = strconv.ParseFloat("1e"+strconv.Itoa(i), 64)
	}
	return p
}()

func (x Decimal) float() float64 {
	f := (float64(x.lo) + float64(x.hi)*(1<<64)) / decimalPowers[x.scale]
	if x.neg {
		return -f
	}
	return f
}

// decimalFloat converts a float or double, rounded to the digits its type is
// good for.
func decimalFloat(f float64, significant int) (Decimal, error) {
	if math.IsNaN(f) || math.Abs(f) >= 7.9228162514264338e28 {
		return Decimal{}, overflow(types.Decimal)
	}
	d := floatDigits(f, significant, 64).round(significant)
	if len(d.d) == 0 {
		return Decimal{}, nil
	}
	c, _ := new(big.Int).SetString(string(d.d), 10)
	x, err := makeDecimal(d.neg, c, len(d.d)-d.point)
	if x.isZero() {
		x = Decimal{}
	}
	return x, err
}

func decimalInt(n int64) Decimal {
	x := Decimal{neg: n < 0, lo: uint64(n)}
	if n < 0 {
		x.lo = -x.lo
	}
	return x
}

// integer converts to an integer kind, dropping decimals.
func (x Decimal) integer(t *types.Type) (types.Value, error) {
	c := roundDecimal(x, 0, towardZero).coefficient()
	if !c.IsUint64() {
		return nil, overflow(t)
	}
	if v, ok := integerOf(c.Uint64(), x.neg, t.Kind); ok {
		return v, nil
	}
	return nil, overflow(t)
}
