package main

// Values of each kind of number, as C# writes them.
var (
	ints     = []string{"0", "1", "-1", "7", "-13", "int.MaxValue", "int.MinValue", "1000"}
	longs    = []string{"0L", "-1L", "25L", "long.MaxValue", "long.MinValue", "5000000000L"}
	doubles  = []string{"0.0", "-0.0", "1.5", "-2.5", "1e300", "1e-7", "123456789.125", "double.NaN", "double.PositiveInfinity", "double.NegativeInfinity", "double.MaxValue", "double.Epsilon"}
	floats   = []string{"0f", "1.25f", "-3.5f", "float.MaxValue", "float.NaN", "16777217f"}
	decimals = []string{"0m", "0.00m", "1.10m", "-2.5m", "79228162514264337593543950335m", "0.0000000000000000000000000001m", "3m", "123456.789m"}
	mixed    = []string{"7", "-3L", "2.5", "1.5f", "2.50m", "(byte)200", "(short)-9", "3000000000u", "9UL", "'z'", "(int?)null", "(int?)4", "(double?)1.5", "(decimal?)null", "true", "\"s\"", "null"}
	binary   = []string{"+", "-", "*", "/", "%"}
	compared = []string{"==", "!=", "<", "<=", ">", ">="}
	bits     = []string{"&", "|", "^", "<<", ">>"}
	targets  = []string{"sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong", "char", "float", "double", "decimal", "int?", "bool", "string", "object"}
)

var numbers = []table{
	// Operands through locals: nothing is a constant, nothing is folded.
	{"int-arithmetic", []string{"@{ int a = $1; int b = $3; return a $2 b; }", "@{ int a = $1; int b = $3; return checked(a $2 b); }"}, [][]string{ints, binary, ints}},
	{"long-arithmetic", []string{"@{ long a = $1; long b = $3; return a $2 b; }", "@{ long a = $1; long b = $3; return checked(a $2 b); }"}, [][]string{longs, binary, longs}},
	{"double-arithmetic", []string{"@{ double a = $1; double b = $3; return a $2 b; }"}, [][]string{doubles, binary, {"0.0", "3.0", "-0.1", "double.NaN", "double.PositiveInfinity"}}},
	{"float-arithmetic", []string{"@{ float a = $1; float b = $3; return a $2 b; }"}, [][]string{floats, binary, {"0f", "3f", "0.1f"}}},
	{"decimal-arithmetic", []string{"@{ decimal a = $1; decimal b = $3; return a $2 b; }"}, [][]string{decimals, binary, decimals}},
	{"mixed-arithmetic", []string{"@{ var a = $1; var b = $3; return a $2 b; }"}, [][]string{mixed[:16], {"+", "/", "<", "=="}, mixed[:16]}},
	{"mixed-constants", []string{"$1 $2 $3"}, [][]string{mixed, {"+", "*", ">=", "!=", "??"}, mixed}},
	{"folded", []string{"$1 $2 $3", "unchecked($1 $2 $3)"}, [][]string{{"int.MaxValue", "int.MinValue", "-1", "0"}, binary, {"int.MaxValue", "-1", "0", "2L"}}},
	{"bits", []string{"@{ var a = $1; var b = $3; return a $2 b; }"}, [][]string{{"5", "-6", "7L", "3u", "9UL", "(byte)200", "(short)-9", "true", "2.5", "'c'", "(int?)6"}, bits, {"1", "33", "-1", "65", "2L", "3u", "false", "'a'", "(int?)null"}}},
	{"compare", []string{"@{ double a = $1; double b = $3; return a $2 b; }"}, [][]string{{"double.NaN", "0.0", "-0.0", "1.5"}, compared, {"double.NaN", "0.0", "1.5", "double.PositiveInfinity"}}},
	{"unary", []string{"@{ var a = $2; return $1a; }", "$1($2)", "@{ var a = $2; return a$1; }"}, [][]string{{"-", "+", "~", "!", "++", "--"}, {"5", "int.MinValue", "3u", "9UL", "-3L", "1.5", "2.5m", "(byte)0", "(sbyte)-128", "'a'", "true", "(int?)null", "(byte?)255", "1.5f", "ulong.MaxValue"}}},
	{"shift", []string{"@{ int n = $2; return $1 << n; }", "@{ int n = $2; return $1 >> n; }"}, [][]string{{"1", "-8", "1L", "3000000000u", "9UL"}, {"0", "31", "32", "63", "64", "-1"}}},
	{"compound", []string{"@{ $1 a = $3; a $2= 3; return a; }"}, [][]string{{"byte", "sbyte", "short", "char", "int", "uint", "long", "ulong", "float", "double", "decimal", "string", "int?"}, {"+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"}, {"100"}}},
	{"compound-overflow", []string{"@{ checked { $1 a = $1.MaxValue; a++; return a; } }", "@{ $1 a = $1.MaxValue; a++; return a; }", "@{ $1 a = $1.MinValue; a--; return a; }", "@{ $1 a = $1.MaxValue; a += 1; return a; }", "@{ checked { $1 a = $1.MinValue; a -= 1; return a; } }"}, [][]string{{"byte", "sbyte", "short", "ushort", "char", "int", "uint", "long", "ulong", "float", "double", "decimal"}}},
	{"cast", []string{"@{ var a = $2; return ($1)a; }"}, [][]string{targets, {"300", "-1", "5000000000L", "3.99", "-0.5", "65.5f", "12.75m", "'A'", "true", "(byte)7", "18446744073709551615UL", "(int?)null", "(double?)2.5", "1e20", "double.NaN", "\"5\""}}},
	{"cast-checked", []string{"@{ var a = $2; return checked(($1)a); }"}, [][]string{targets[:12], {"300", "-1", "5000000000L", "3.99", "-0.5", "12.75m", "18446744073709551615UL", "1e20", "double.NaN"}}},
	{"cast-constant", []string{"($1)($2)", "unchecked(($1)($2))"}, [][]string{targets[:14], {"300", "-1", "3.99", "12.75m", "'A'", "65f", "3000000000"}}},
	{"implicit", []string{"@{ $1 a = $2; return a; }"}, [][]string{targets, {"1", "300", "-1", "1L", "1.5", "1.5f", "1.5m", "'a'", "null", "\"s\"", "(byte)1", "(short)1", "1u", "1UL", "true", "(int?)1"}}},
	{"boxed", []string{"@{ object o = $2; return ($1)o; }", "@{ object o = $2; return o is $1; }"}, [][]string{{"int", "long", "double", "string", "int?", "byte", "decimal", "bool", "object"}, {"1", "1L", "1.5", "\"s\"", "null", "(byte)1", "(int?)2", "1m", "false"}}},
	{"as", []string{"@{ object o = $2; return o as $1; }"}, [][]string{{"string", "int?", "object", "long?", "int", "int[]", "IEnumerable<int>"}, {"1", "\"s\"", "null", "new[] { 1, 2 }", "new List<int> { 3 }"}}},
	{
		"math",
		[]string{"Math.Abs($1)", "Math.Sign($1)", "Math.Floor($1)", "Math.Ceiling($1)", "Math.Truncate($1)", "Math.Round($1)", "Math.Max($1, 2)", "Math.Min($1, -1.5)", "Math.Sqrt($1)"},
		[][]string{{"2.5", "-2.5", "3.5", "0.5", "-0.5", "2.4999m", "2.5m", "-3.5m", "7", "-7L", "int.MinValue", "double.NaN", "double.NegativeInfinity", "-0.0", "long.MinValue", "decimal.MinValue", "1e15", "(short)-3", "(sbyte)-128", "1.5f"}},
	},
	{
		"round",
		[]string{"Math.Round($1, $2)", "Math.Round($1, $2, MidpointRounding.AwayFromZero)", "Math.Round($1, MidpointRounding.AwayFromZero)"},
		[][]string{{"2.345", "2.675", "-1.005", "2.345m", "-1.005m", "1234.5", "0.5", "1.5m", "9.995", "double.NaN", "1e16", "123.456789m"}, {"0", "1", "2", "-1", "15", "16", "28", "29"}},
	},
	{"divrem", []string{"Math.IEEERemainder($1, $2)", "Math.BigMul(int.MaxValue, (int)$2)", "Math.Pow($1, $2)"}, [][]string{{"5.0", "-7.5", "10.0"}, {"3.0", "-2.0", "0.0"}}},
	{"decimal-members", []string{"decimal.Round($1, 2)", "decimal.Truncate($1)", "decimal.Floor($1)", "decimal.Ceiling($1)", "decimal.Negate($1)", "decimal.ToInt32($1)", "decimal.ToDouble($1)", "decimal.GetBits($1)", "decimal.Remainder($1, 0.7m)", "decimal.Divide($1, 3m)", "decimal.ToOACurrency($1)", "($1).GetHashCode() == ($1 + 0.00m).GetHashCode()", "decimal.Compare($1, 1.1m)", "(double)$1", "(float)$1", "(int)$1", "(long)$1", "(byte)$1"}, [][]string{append(decimals, "1.005m", "-1.115m", "1.50000m")}},
	{"number-tests", []string{"double.IsNaN($1)", "double.IsInfinity($1)", "double.IsPositiveInfinity($1)", "($1).Equals($1)", "($1).CompareTo(1.5)", "($1) == ($1)", "(decimal)($1)", "(long)($1)", "(float)($1)", "Convert.ToInt32($1)", "Convert.ToDecimal($1)"}, [][]string{doubles}},
	{"equals", []string{"($1).Equals($2)", "object.Equals($1, $2)", "($1).CompareTo($2)"}, [][]string{{"1", "1L", "1.0", "1m", "'a'", "true", "(byte)1", "\"a\""}, {"1", "1L", "1.0", "1.00m", "'a'", "true", "(byte)1", "\"a\"", "null"}}},
	{"nullable", []string{"@{ int? a = $1; int? b = $3; return a $2 b; }", "@{ int? a = $1; int b = 3; return a $2 b; }"}, [][]string{{"null", "4", "-3"}, {"+", "-", "*", "/", "%", "&", "|", "<<", "==", "!=", "<", ">=", "??"}, {"null", "2", "0"}}},
	{"nullable-bool", []string{"@{ bool? a = $1; bool? b = $3; return a $2 b; }", "@{ bool? a = $1; bool? b = $3; return !a == b; }"}, [][]string{{"null", "true", "false"}, {"&", "|", "^", "==", "!=", "&&"}, {"null", "true", "false"}}},
	{"nullable-members", []string{"@{ $1 a = $2; return a.HasValue; }", "@{ $1 a = $2; return a.Value; }", "@{ $1 a = $2; return a.GetValueOrDefault(); }", "@{ $1 a = $2; return a.ToString(); }", "@{ $1 a = $2; return a?.ToString(); }", "@{ $1 a = $2; return a.GetHashCode(); }", "@{ $1 a = $2; return a ?? default($1); }", "@{ $1 a = $2; object o = a; return o == null; }", "@{ $1 a = $2; return a.Equals(1); }", "@{ $1 a = $2; return a + 1; }"}, [][]string{{"int?", "byte?", "bool?", "char?", "long?"}, {"null", "1", "'a'", "true"}}},
}
