package lib

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// decimalDecl is System.Decimal.
var decimalDecl = types.Decl{
	Type:   types.Decimal,
	Doc:    "A decimal number of 28 to 29 digits that keeps its scale.",
	Format: formatNumber,
	Members: append(append([]types.Member{
		{Sig: "static decimal Parse(string s)", Do: types.Fn1E(parseDecimal), Doc: "Reads a number; FormatException otherwise.", Ex: `decimal.Parse("1,234.50") → 1234.50`},
		{Sig: "static bool TryParse(string s, out decimal result)", Do: types.Fn2(tryParse(parseDecimal)), Doc: "Reads a number, or gives false.", Ex: `decimal.TryParse("x", out var d) → False`},
		{Sig: "const decimal Zero", Const: Decimal{}, Doc: "0."},
		{Sig: "const decimal One", Const: decimalInt(1), Doc: "1."},
		{Sig: "const decimal MinusOne", Const: decimalInt(-1), Doc: "-1."},
		{Sig: "const decimal MaxValue", Const: Decimal{hi: 1<<32 - 1, lo: 1<<64 - 1}, Doc: "The largest value.", Ex: "decimal.MaxValue → 79228162514264337593543950335"},
		{Sig: "const decimal MinValue", Const: Decimal{neg: true, hi: 1<<32 - 1, lo: 1<<64 - 1}, Doc: "The smallest value."},
		{Sig: "static decimal Add(decimal d1, decimal d2)", Do: types.Fn2E(addDecimals), Doc: "The sum.", Ex: "decimal.Add(1.5m, 1) → 2.5"},
		{Sig: "static decimal Subtract(decimal d1, decimal d2)", Do: types.Fn2E(subtractDecimals), Doc: "The difference.", Ex: "decimal.Subtract(1.5m, 1) → 0.5"},
		{Sig: "static decimal Multiply(decimal d1, decimal d2)", Do: types.Fn2E(multiplyDecimals), Doc: "The product.", Ex: "decimal.Multiply(1.5m, 2m) → 3.0"},
		{Sig: "static decimal Divide(decimal d1, decimal d2)", Do: types.Fn2E(divideDecimals), Doc: "The quotient.", Ex: "decimal.Divide(10m, 4m) → 2.5"},
		{Sig: "static decimal Remainder(decimal d1, decimal d2)", Do: types.Fn2E(remainderDecimals), Doc: "What a division leaves.", Ex: "decimal.Remainder(-7m, 3m) → -1"},
		{Sig: "static decimal Negate(decimal d)", Do: types.Fn1(negateDecimal), Doc: "The opposite.", Ex: "decimal.Negate(1.5m) → -1.5"},
		{Sig: "static int[] GetBits(decimal d)", Do: types.Fn1(func(x Decimal) *types.Array {
			flags := int32(x.scale) << 16
			if x.neg {
				flags |= -1 << 31
			}
			return &types.Array{Elem: types.Int32, Items: []types.Value{int32(x.lo), int32(x.lo >> 32), int32(x.hi), flags}}
		}), Doc: "The three parts of the coefficient, then scale and sign.", Ex: "decimal.GetBits(-2.5m)[0] → 25"},
		{Sig: "static long ToOACurrency(decimal value)", Do: types.Fn1E(func(x Decimal) (types.Value, error) {
			scaled, err := multiplyDecimals(x, decimalInt(10000))
			if err != nil {
				return nil, err
			}
			return roundDecimal(scaled, 0, halfEven).integer(types.Int64)
		}), Doc: "In ten-thousandths.", Ex: "decimal.ToOACurrency(1.5m) → 15000"},
		{Sig: "static decimal Truncate(decimal d)", Do: types.Fn1(func(x Decimal) Decimal { return roundDecimal(x, 0, towardZero) }), Doc: "Without its decimals.", Ex: "decimal.Truncate(-1.9m) → -1"},
		{Sig: "static decimal Floor(decimal d)", Do: types.Fn1(func(x Decimal) Decimal { return roundDecimal(x, 0, towardFloor) }), Doc: "Rounded down.", Ex: "decimal.Floor(-1.1m) → -2"},
		{Sig: "static decimal Ceiling(decimal d)", Do: types.Fn1(func(x Decimal) Decimal { return roundDecimal(x, 0, towardCeiling) }), Doc: "Rounded up.", Ex: "decimal.Ceiling(1.1m) → 2"},
		{Sig: "static decimal Round(decimal d)", Do: types.Fn1(func(x Decimal) Decimal { return roundDecimal(x, 0, halfEven) }), Doc: "Rounded, half to even.", Ex: "decimal.Round(2.5m) → 2"},
		{Sig: "static decimal Round(decimal d, int decimals)", Do: types.Do(mathRoundDecimal), Doc: "Rounded to so many decimals, half to even.", Ex: "decimal.Round(2.345m, 2) → 2.34"},
		{Sig: "static decimal Round(decimal d, MidpointRounding mode)", Do: types.Do(mathRoundDecimal), Doc: "Rounded as asked."},
		{Sig: "static decimal Round(decimal d, int decimals, MidpointRounding mode)", Do: types.Do(mathRoundDecimal), Doc: "Rounded to so many decimals as asked."},
		{Sig: "static int Compare(decimal d1, decimal d2)", Do: types.Fn2(func(x, y Decimal) int32 { return int32(compareDecimals(x, y)) }), Doc: "The order of two values.", Ex: "decimal.Compare(1m, 2m) → -1"},
		{Sig: "static bool Equals(decimal d1, decimal d2)", Do: types.Fn2(func(x, y Decimal) bool { return compareDecimals(x, y) == 0 }), Doc: "Whether both are equal."},
		{Sig: "static int ToInt32(decimal d)", Do: types.Fn1E(func(x Decimal) (types.Value, error) { return x.integer(types.Int32) }), Doc: "As an int, without decimals.", Ex: "decimal.ToInt32(2.9m) → 2"},
		{Sig: "static long ToInt64(decimal d)", Do: types.Fn1E(func(x Decimal) (types.Value, error) { return x.integer(types.Int64) }), Doc: "As a long, without decimals."},
		{Sig: "static double ToDouble(decimal d)", Do: types.Fn1(Decimal.float), Doc: "As a double.", Ex: "decimal.ToDouble(1.50m) → 1.5"},
	}, decimalOperators()...), decimalConversions()...),
}

func decimalOperators() []types.Member {
	var out []types.Member
	for _, op := range []struct {
		sign string
		do   func(x, y Decimal) (Decimal, error)
	}{{"+", addDecimals}, {"-", subtractDecimals}, {"*", multiplyDecimals}, {"/", divideDecimals}, {"%", remainderDecimals}} {
		out = append(out, types.Member{Sig: fmt.Sprintf("static decimal operator %s(decimal d1, decimal d2)", op.sign), Do: types.Fn2E(op.do), Doc: "Decimal arithmetic."})
	}
	for _, op := range []struct {
		sign string
		ok   func(c int) bool
	}{
		{"==", func(c int) bool { return c == 0 }},
		{"!=", func(c int) bool { return c != 0 }},
		{"<", func(c int) bool { return c < 0 }},
		{">", func(c int) bool { return c > 0 }},
		{"<=", func(c int) bool { return c <= 0 }},
		{">=", func(c int) bool { return c >= 0 }},
	} {
		out = append(out, types.Member{
			Sig: fmt.Sprintf("static bool operator %s(decimal d1, decimal d2)", op.sign),
			Do:  types.Fn2(func(x, y Decimal) bool { return op.ok(compareDecimals(x, y)) }), Doc: "Decimal comparison.",
		})
	}
	step := func(sig string, by int64) types.Member {
		return types.Member{Sig: sig, Do: types.Fn1E(func(x Decimal) (Decimal, error) { return addDecimals(x, decimalInt(by)) }), Doc: "One more or less."}
	}
	return append(out,
		types.Member{Sig: "static decimal operator -(decimal d)", Do: types.Fn1(negateDecimal), Doc: "The opposite."},
		types.Member{Sig: "static decimal operator +(decimal d)", Do: types.Fn1(func(x Decimal) Decimal { return x }), Doc: "The same."},
		step("static decimal operator ++(decimal d)", 1), step("static decimal operator --(decimal d)", -1))
}

func decimalConversions() []types.Member {
	var out []types.Member
	for _, t := range integers {
		out = append(out,
			types.Member{Sig: "static implicit operator decimal(" + t.Keyword + " value)", Do: types.Fn1(decimalInteger), Doc: "Exact."},
			types.Member{
				Sig: "static explicit operator " + t.Keyword + "(decimal value)",
				Do:  types.Fn1E(func(x Decimal) (types.Value, error) { return x.integer(t) }), Doc: "Without decimals; OverflowException outside the range.",
			})
	}
	return append(out,
		types.Member{Sig: "static implicit operator decimal(char value)", Do: types.Fn1(func(c types.Char) Decimal { return decimalInt(int64(c)) }), Doc: "The code unit."},
		types.Member{Sig: "static explicit operator char(decimal value)", Do: types.Fn1E(func(x Decimal) (types.Char, error) {
			v, err := x.integer(types.UInt16)
			u, _ := v.(uint16)
			return types.Char(u), err
		}), Doc: "The code unit."},
		types.Member{Sig: "static explicit operator decimal(double value)", Do: types.Fn1E(func(f float64) (Decimal, error) { return decimalFloat(f, 15) }), Doc: "To 15 digits."},
		types.Member{Sig: "static explicit operator decimal(float value)", Do: types.Fn1E(func(f float32) (Decimal, error) { return decimalFloat(float64(f), 7) }), Doc: "To 7 digits."},
		types.Member{Sig: "static explicit operator double(decimal value)", Do: types.Fn1(Decimal.float), Doc: "The nearest double."},
		types.Member{Sig: "static explicit operator float(decimal value)", Do: types.Fn1(func(x Decimal) float32 { return float32(x.float()) }), Doc: "The nearest float."},
	)
}

func decimalInteger(v types.Value) Decimal {
	n, unsigned, _ := types.Integer(v)
	if unsigned {
		return Decimal{lo: uint64(n)}
	}
	return decimalInt(n)
}
