package lib

import (
	"math"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

func TestNumbersFormatAsInTheInvariantCulture(t *testing.T) {
	t.Parallel()
	dec := func(s string) types.Value { d, _ := parseDecimal(s); return d }
	for _, c := range []struct {
		v            types.Value
		format, want string
	}{
		{int32(1234567), "N", "1,234,567.00"},
		{int32(-1234567), "C", "(¤1,234,567.00)"},
		{int32(-42), "D5", "-00042"},
		{int32(-1), "X", "FFFFFFFF"},
		{int8(-1), "x", "ff"},
		{uint8(10), "x2", "0a"},
		{int32(1234567), "G3", "1.23E+06"},
		{int32(5), "R", "! FormatException"},
		{1.5, "D", "! FormatException"},
		{int32(5), "Q", "! FormatException"},
		{0.5, "F0", "1"}, // half goes away from zero
		{123456789.125, "C2", "¤123,456,789.13"},
		{-0.001, "F2", "0.00"}, // what rounds to nothing has no sign
		{-0.001, "R", "-0.001"},
		{1234.5678, "E2", "1.23E+003"},
		{1e-5, "G", "1E-05"},
		{1e21, "N0", "1,000,000,000,000,000,000,000"},
		{0.256, "P1", "25.6 %"},
		{math.NaN(), "N2", "NaN"},
		{math.Inf(-1), "0.0", "-Infinity"},
		{float32(0.1), "G", "0.1"},
		{dec("1.50"), "G", "1.50"}, // a decimal keeps its scale
		{dec("1.50"), "G2", "1.5"},
		{dec("-1234.565"), "F1", "-1234.6"},
	} {
		if got := outcome(formatNumber(c.v, c.format)); got != c.want {
			t.Errorf("%v under %q: got %s, want %s", c.v, c.format, got, c.want)
		}
	}
}

func TestCustomNumberFormats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v            types.Value
		format, want string
	}{
		{int32(7), "000", "007"},
		{int32(-7), "000", "-007"},
		{int32(1234567), "#,##0.00", "1,234,567.00"},
		{int32(0), "#,#", ""},
		{1234567.0, "0,", "1235"}, // a comma before the point divides by a thousand
		{0.255, "0.0%", "25.5%"},
		{-5.0, "0;(0)", "(5)"},
		{0.0, "0;(0);zero", "zero"},
		{0.001, "0.0;-0.0;none", "none"}, // what rounds to zero takes its section
		{1234.5678, "0.00#", "1234.568"},
		{0.5, "#.##", ".5"},
		{12.3, "'no.' 00", "no. 12"},
		{12.3, `\#0`, "#12"},
		{1e10, "0.00E0", "1.00E10"},
		{1234567.0, "0.##E+00", "1.23E+06"},
	} {
		if got := outcome(formatNumber(c.v, c.format)); got != c.want {
			t.Errorf("%v under %q: got %q, want %q", c.v, c.format, got, c.want)
		}
	}
}

func TestNumbersAreReadAsInTheInvariantCulture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, integer, double, dec string }{
		{" 42 ", "42", "42", "42"},
		{"+5", "5", "5", "5"},
		{"1,234", "! FormatException", "1234", "1234"},
		{"1.50", "! FormatException", "1.5", "1.50"},
		{"5-", "! FormatException", "! FormatException", "-5"},
		{"1e3", "! FormatException", "1000", "! FormatException"},
		{"0x10", "! FormatException", "! FormatException", "! FormatException"},
		{"", "! FormatException", "! FormatException", "! FormatException"},
		{"2147483648", "! OverflowException", "2147483648", "2147483648"},
		{"1e999", "! FormatException", "! OverflowException", "! FormatException"},
		{"NaN", "! FormatException", "NaN", "! FormatException"},
	} {
		if got := outcome(parseInteger(c.text, types.Int32)); got != c.integer {
			t.Errorf("int.Parse(%q): got %s, want %s", c.text, got, c.integer)
		}
		if got := outcome(parseFloat(c.text, types.Double)); got != c.double {
			t.Errorf("double.Parse(%q): got %s, want %s", c.text, got, c.double)
		}
		if got := outcome(parseDecimal(c.text)); got != c.dec {
			t.Errorf("decimal.Parse(%q): got %s, want %s", c.text, got, c.dec)
		}
	}
}

func TestConvertRoundsHalfToEvenAndChecksRanges(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct {
		v    types.Value
		to   *types.Type
		want string
	}{
		{2.5, types.Int32, "2"},
		{3.5, types.Int32, "4"},
		{-2.5, types.Int32, "-2"},
		{255.5, types.Byte, "! OverflowException"},
		{int32(-1), types.UInt32, "! OverflowException"},
		{uint64(math.MaxUint64), types.Int64, "! OverflowException"},
		{"abc", types.Int32, "! FormatException"},
		{true, types.Int32, "1"},
		{types.Char('5'), types.Int32, "53"},
		{types.Char('5'), types.Double, "! InvalidCastException"},
		{int32(70000), types.CharT, "! OverflowException"},
		{0.1, types.Bool, "True"},
		{1.1, types.Decimal, "1.1"},
		{math.NaN(), types.Int32, "! OverflowException"},
	} {
		if got := outcome(convertTo(env, c.v, c.to)); got != c.want {
			t.Errorf("%v to %s: got %s, want %s", c.v, c.to, got, c.want)
		}
	}
}
