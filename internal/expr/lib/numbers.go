package lib

import (
	"math"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// integers and numbers list the primitive numeric types in their usual order.
var (
	integers = []*types.Type{types.SByte, types.Byte, types.Int16, types.UInt16, types.Int32, types.UInt32, types.Int64, types.UInt64}
	numbers  = append(append([]*types.Type{}, integers...), types.Single, types.Double, types.Decimal)
)

// tryParse makes the Try form of a parser: false, and the default, on failure.
func tryParse[R any](parse func(string) (R, error)) func(s types.Value, out *types.Ref) bool {
	return func(s types.Value, out *types.Ref) bool {
		var zero R
		out.V = zero
		text, ok := s.(string)
		if !ok {
			return false
		}
		v, err := parse(text)
		if err != nil {
			return false
		}
		out.V = v
		return true
	}
}

// integerDecls declares the eight integer types alike.
func integerDecls() []types.Decl {
	var out []types.Decl
	for _, t := range integers {
		parse := func(s string) (types.Value, error) { return parseInteger(s, t) }
		r := ranges[t.Kind]
		top, _ := integerOf(r.pos, false, t.Kind)
		bottom, _ := integerOf(r.neg, true, t.Kind)
		out = append(out, types.Decl{Type: t, Doc: "A whole number.", Format: formatNumber, Members: []types.Member{
			{Sig: "static " + t.Keyword + " Parse(string s)", Do: types.Fn1E(parse), Doc: "Reads a whole number; FormatException or OverflowException otherwise.", Ex: t.Keyword + `.Parse(" 42 ") → 42`},
			{Sig: "static bool TryParse(string s, out " + t.Keyword + " result)", Do: types.Fn2(tryInteger(t)), Doc: "Reads a whole number, or gives false.", Ex: t.Keyword + `.TryParse("x", out var n) → False`},
			{Sig: "const " + t.Keyword + " MaxValue", Const: top, Doc: "The largest value."},
			{Sig: "const " + t.Keyword + " MinValue", Const: bottom, Doc: "The smallest value."},
		}})
	}
	return out
}

// tryInteger differs from tryParse in the zero it leaves: one of its own type.
func tryInteger(t *types.Type) func(s types.Value, out *types.Ref) bool {
	return func(s types.Value, out *types.Ref) bool {
		out.V = types.Zero(t)
		text, ok := s.(string)
		if !ok {
			return false
		}
		v, err := parseInteger(text, t)
		if err == nil {
			out.V = v
		}
		return err == nil
	}
}

func parseDouble(s string) (float64, error) { return parseFloat(s, types.Double) }

func parseSingle(s string) (float32, error) {
	f, err := parseFloat(s, types.Single)
	return float32(f), err
}

// doubleDecl is System.Double, singleDecl System.Single.
var (
	doubleDecl = types.Decl{Type: types.Double, Doc: "A binary floating point number of 64 bits.", Format: formatNumber, Members: []types.Member{
		{Sig: "static double Parse(string s)", Do: types.Fn1E(parseDouble), Doc: "Reads a number; FormatException otherwise.", Ex: `double.Parse("1,234.5") → 1234.5`},
		{Sig: "static bool TryParse(string s, out double result)", Do: types.Fn2(tryParse(parseDouble)), Doc: "Reads a number, or gives false.", Ex: `double.TryParse("x", out var d) → False`},
		{Sig: "static bool IsNaN(double d)", Do: types.Fn1(math.IsNaN), Doc: "Whether it is not a number.", Ex: "double.IsNaN(0.0 / 0) → True"},
		{Sig: "static bool IsInfinity(double d)", Do: types.Fn1(func(f float64) bool { return math.IsInf(f, 0) }), Doc: "Whether it is infinite.", Ex: "double.IsInfinity(1 / 0.0) → True"},
		{Sig: "static bool IsPositiveInfinity(double d)", Do: types.Fn1(func(f float64) bool { return math.IsInf(f, 1) }), Doc: "Whether it is +∞."},
		{Sig: "static bool IsNegativeInfinity(double d)", Do: types.Fn1(func(f float64) bool { return math.IsInf(f, -1) }), Doc: "Whether it is -∞."},
		{Sig: "const double MaxValue", Const: math.MaxFloat64, Doc: "The largest value.", Ex: "double.MaxValue → 1.7976931348623157E+308"},
		{Sig: "const double MinValue", Const: -math.MaxFloat64, Doc: "The smallest value."},
		{Sig: "const double Epsilon", Const: math.SmallestNonzeroFloat64, Doc: "The smallest positive value."},
		{Sig: "const double NaN", Const: math.NaN(), Doc: "Not a number."},
		{Sig: "const double PositiveInfinity", Const: math.Inf(1), Doc: "+∞."},
		{Sig: "const double NegativeInfinity", Const: math.Inf(-1), Doc: "-∞."},
	}}
	singleDecl = types.Decl{Type: types.Single, Doc: "A binary floating point number of 32 bits.", Format: formatNumber, Members: []types.Member{
		{Sig: "static float Parse(string s)", Do: types.Fn1E(parseSingle), Doc: "Reads a number; FormatException otherwise.", Ex: `float.Parse("0.1") → 0.1`},
		{Sig: "static bool TryParse(string s, out float result)", Do: types.Fn2(tryParse(parseSingle)), Doc: "Reads a number, or gives false."},
		{Sig: "static bool IsNaN(float f)", Do: types.Fn1(func(f float32) bool { return f != f }), Doc: "Whether it is not a number."},
		{Sig: "static bool IsInfinity(float f)", Do: types.Fn1(func(f float32) bool { return math.IsInf(float64(f), 0) }), Doc: "Whether it is infinite."},
		{Sig: "const float MaxValue", Const: float32(math.MaxFloat32), Doc: "The largest value."},
		{Sig: "const float MinValue", Const: -float32(math.MaxFloat32), Doc: "The smallest value."},
		{Sig: "const float Epsilon", Const: float32(math.SmallestNonzeroFloat32), Doc: "The smallest positive value."},
		{Sig: "const float NaN", Const: float32(math.NaN()), Doc: "Not a number."},
		{Sig: "const float PositiveInfinity", Const: float32(math.Inf(1)), Doc: "+∞."},
		{Sig: "const float NegativeInfinity", Const: float32(math.Inf(-1)), Doc: "-∞."},
	}}
)

// booleanDecl is System.Boolean.
var booleanDecl = types.Decl{Type: types.Bool, Doc: "True or False.", Members: []types.Member{
	{Sig: "static bool Parse(string value)", Do: types.Fn1E(parseBool), Doc: "Reads True or False in any case; FormatException otherwise.", Ex: `bool.Parse(" true ") → True`},
	{Sig: "static bool TryParse(string value, out bool result)", Do: types.Fn2(tryParse(parseBool)), Doc: "Reads True or False, or gives false.", Ex: `bool.TryParse("yes", out var b) → False`},
	{Sig: "static string TrueString { get; }", Do: types.Fn0(func() string { return "True" }), Doc: "The text True.", Ex: "bool.TrueString → True"},
	{Sig: "static string FalseString { get; }", Do: types.Fn0(func() string { return "False" }), Doc: "The text False."},
}}

func parseBool(s string) (bool, error) {
	switch t := trimNumber(s); {
	case equalFold(t, "True"):
		return true, nil
	case equalFold(t, "False"):
		return false, nil
	}
	return false, types.Throw(types.Format, "String was not recognized as a valid Boolean.")
}
