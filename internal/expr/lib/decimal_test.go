package lib

import "testing"

func TestDecimalArithmeticKeepsScaleAndRoundsHalfToEven(t *testing.T) {
	t.Parallel()
	ops := map[string]func(x, y Decimal) (Decimal, error){
		"+": addDecimals, "-": subtractDecimals, "*": multiplyDecimals, "/": divideDecimals, "%": remainderDecimals,
	}
	const largest = "79228162514264337593543950335"
	for _, c := range []struct{ x, op, y, want string }{
		{"0.1", "+", "0.2", "0.3"},
		{"1.0", "+", "1", "2.0"},
		{"1.10", "*", "2.20", "2.4200"},
		{"10", "/", "4", "2.5"},
		{"1", "/", "3", "0.3333333333333333333333333333"},
		{"2", "/", "3", "0.6666666666666666666666666667"},
		{"100", "/", "3", "33.333333333333333333333333333"},
		{"-7", "%", "3", "-1"},
		{"7.5", "%", "2", "1.5"},
		{"1", "/", "0", "! DivideByZeroException"},
		{"1", "%", "0", "! DivideByZeroException"},
		{largest, "+", "1", "! OverflowException"},
		{largest, "*", "10", "! OverflowException"},
		{largest, "+", "0.5", "! OverflowException"}, // ties go to even, which is one too many
		{largest, "+", "0.4", largest},
		{"0.0000000000000000000000000001", "*", "0.5", "0.0000000000000000000000000000"},
	} {
		x, _ := parseDecimal(c.x)
		y, _ := parseDecimal(c.y)
		if got := outcome(ops[c.op](x, y)); got != c.want {
			t.Errorf("%s %s %s: got %s, want %s", c.x, c.op, c.y, got, c.want)
		}
	}
}

func TestDecimalsOfDifferentScaleAreEqual(t *testing.T) {
	t.Parallel()
	x, _ := parseDecimal("5.00")
	y, _ := parseDecimal("5")
	if !x.NetEquals(y) || x.NetHash() != y.NetHash() {
		t.Errorf("5.00 and 5 must be equal and have one hash")
	}
	if x.NetString() == y.NetString() {
		t.Errorf("5.00 and 5 must print differently")
	}
}

func TestDecimalRounding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ x, even, away, floor, ceiling, zero string }{
		{"2.5", "2", "3", "2", "3", "2"},
		{"-2.5", "-2", "-3", "-3", "-2", "-2"},
		{"1.1", "1", "1", "1", "2", "1"},
		{"7", "7", "7", "7", "7", "7"},
	} {
		x, _ := parseDecimal(c.x)
		got := []string{
			roundDecimal(x, 0, halfEven).NetString(), roundDecimal(x, 0, halfAway).NetString(), roundDecimal(x, 0, towardFloor).NetString(),
			roundDecimal(x, 0, towardCeiling).NetString(), roundDecimal(x, 0, towardZero).NetString(),
		}
		for i, want := range []string{c.even, c.away, c.floor, c.ceiling, c.zero} {
			if got[i] != want {
				t.Errorf("%s in mode %d: got %s, want %s", c.x, i, got[i], want)
			}
		}
	}
}
