package main

// quoted makes C# literals of texts.
func quoted(texts ...string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = `@"` + replaceQuotes(t) + `"`
	}
	return out
}

func replaceQuotes(s string) string {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i])
		if s[i] == '"' {
			b = append(b, '"')
		}
	}
	return string(b)
}

var (
	standardFormats = quoted("G", "g", "D", "d5", "N", "N0", "n3", "F", "F0", "f4", "E", "e2", "E0", "X", "x4", "C", "C0", "P", "p1", "R", "G3", "G10", "g2", "", "D0", "N20", "Z", "D1000000000", "G0")
	customFormats   = quoted("0", "00.00", "#,##0.00", "#", "#.##", "0.0%", "0.00E+00", "0.0e0", "#E-0", "0,", "0,,", "#,#,", "000-00-000", "(0);[0];zero", "0.0;;'-'", "'text'0", "\\#0", "0\"q\"", "+0;-0;0", "##0.###‰", "0.#####", ";;", "pre 0 post", "#,##0;(#,##0)", "00000000000", "0.0.0", "0%0", "'open", "E+0")
	formatted       = []string{"0", "-0.0", "1", "-1", "255", "-255", "1234567", "int.MinValue", "long.MaxValue", "1234.5678", "-1234.5678", "0.000123", "1e20", "1.5e-10", "0.5", "-0.5", "double.NaN", "double.NegativeInfinity", "1234.5678m", "-0.005m", "79228162514264337593543950335m", "0.10m", "(byte)10", "(short)-10", "1.25f", "ulong.MaxValue"}
	numerals        = quoted("0", "42", " 42 ", "-42", "+42", "42-", "(42)", "1,234", "1,2,3", "1.5", ".5", "5.", "1e3", "1E-2", "-1.5e+2", "0x1F", "", " ", "abc", "99999999999", "9223372036854775808", "-129", "256", "$5", "5%", "NaN", "Infinity", "-Infinity", "∞", "1_000", "٣", "1 2", "1e400", "0.1000", "--1", "1.2.3", "79228162514264337593543950336", "\t7\n", "true", "True", " false ", "1.0000000000000000000000000000001", "4.9e-324", "-0")
	parsers         = []string{"int", "long", "byte", "sbyte", "short", "uint", "ulong", "double", "decimal", "float", "bool", "char"}
)

var numberTexts = []table{
	{"format-standard", []string{"($1).ToString($2)"}, [][]string{formatted, standardFormats}},
	{"format-custom", []string{"($1).ToString($2)"}, [][]string{{"0", "1", "-1", "1234567", "-42", "0.5", "-0.004", "1234.5678", "0.00012", "1e20", "double.NaN", "1234.5678m", "-0.5m", "0.10m", "99.999", "long.MinValue"}, customFormats}},
	{"format-plain", []string{"($1).ToString()", "\"\" + $1", "$\"{$1}\"", "string.Concat($1, \"|\")"}, [][]string{append([]string{"true", "'c'", "(int?)null", "null", "new int[0]", "new List<int>()", "100000000000000000000.0", "1e15", "1e14", "1e-5", "1e-4", "1e16m", "0.1f", "1e10f", "(object)3"}, formatted[:9]...)}},
	{"composite", []string{"string.Format($1, $2)"}, [][]string{
		quoted("{0}", "{0,10}|", "{0,-10}|", "{0:N2}", "{0,12:F1}|", "{0:X}", "{0:00000}", "{{{0}}}", "{{0}}", "{0", "0}", "{1}", "{}", "{-1}", "{0:}", "{0,}", "{0 ,5 }|", "{0:{{}}}", "{ 0}", "{0:yyyy}", "a{0}b{0}c", "{00}", "{0x}"),
		{"42", "-1.5", "\"text\"", "null", "true", "new DateTime(2024, 5, 6)", "1.50m"},
	}},
	{"composite-many", []string{"string.Format($1, 1, \"b\", 3.5)", "string.Format($1, new object[] { 1, null })", "string.Format($1, new object[0])", "string.Format($1, 1, 2, 3, 4, 5)", "string.Format(null, 1)", "string.Format($1, (object[])null)"}, [][]string{quoted("{0}{1}{2}", "{2}{0}", "{1,5}|{0,-5}|", "{3}", "none", "{4}{3}{2}{1}{0}", "")}},
	{"interpolated", []string{"@{ var v = $1; return $\"$2\"; }"}, [][]string{{"42", "-1.5", "\"text\"", "(string)null", "true", "new DateTime(2024, 5, 6, 7, 8, 9)", "1.50m", "'c'"}, {"{v}", "{v,8}|", "{v,-8}|", "{v:N1}", "{v,10:0.00}|", "{{{v}}}", "{(v == null ? \"n\" : \"y\")}", "{v}{v}", "{v,3+2}|", "a{{b}}{v}", "{v:yyyy-MM-dd}", "{nameof(v)}"}}},
	{"parse", []string{"$1.Parse($2)"}, [][]string{parsers, numerals}},
	{"try-parse", []string{"@{ $1 r; return $1.TryParse($2, out r) + \":\" + r; }"}, [][]string{{"int", "decimal", "bool", "char"}, append(numerals, "null")}},
	{"convert-text", []string{"Convert.To$1($2)"}, [][]string{{"Int32", "Int64", "Byte", "Double", "Decimal", "Boolean", "Char", "SByte", "UInt16", "Single", "DateTime"}, append(quoted("42", " 42 ", "-1", "", "abc", "300", "1e3", "True", "x", "2024-05-06T01:02:03"), "(string)null", "(object)null")}},
	{"convert-number", []string{"Convert.To$1($2)"}, [][]string{{"Int32", "Int64", "Byte", "SByte", "Int16", "UInt16", "UInt32", "UInt64", "Double", "Single", "Decimal", "Boolean", "Char", "String", "DateTime"}, {"1.5", "2.5", "-1.5", "0.5m", "3.5m", "300", "-1", "70000L", "1e20", "double.NaN", "true", "'A'", "(byte)65", "(object)2.5", "1.5f", "0"}}},
	{"convert-base", []string{"Convert.ToString($1, $2)"}, [][]string{{"255", "-1", "0", "(byte)7", "(short)-2", "5000000000L", "long.MinValue"}, {"2", "8", "10", "16", "3"}}},
	{"convert-from-base", []string{"Convert.ToInt32($1, $2)", "Convert.ToInt64($1, $2)", "Convert.ToByte($1, $2)", "Convert.ToInt16($1, $2)", "Convert.ToUInt32($1, $2)"}, [][]string{append(quoted("ff", "0xFF", "-1", "101", "777", "FFFFFFFF", "80000000", "", "12 ", "9", "g"), "(string)null"), {"2", "8", "10", "16"}}},
	{"change-type", []string{"Convert.ToBase64String(BitConverter.GetBytes($1))", "BitConverter.ToString(BitConverter.GetBytes($1))"}, [][]string{{"1", "-1", "258L", "1.5", "1.5f", "true", "'a'", "(short)-2", "(ushort)65535", "3u", "9UL"}}},
	{"bits-back", []string{"BitConverter.To$1(new byte[] { 1, 2, 3, 4, 5, 6, 7, 0x40, 9 }, $2)"}, [][]string{{"Int16", "Int32", "Int64", "UInt16", "UInt32", "UInt64", "Double", "Single", "Boolean", "Char", "String"}, {"0", "1", "2", "7", "8", "9", "-1"}}},
	{"double-bits", []string{"BitConverter.DoubleToInt64Bits($1)", "BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits($1))"}, [][]string{doubles}},
	{"hash", []string{"($1).GetHashCode()"}, [][]string{{"0", "-5", "5000000000L", "-1L", "true", "false", "'a'", "(byte)7", "(short)-2", "3u", "9UL", "ulong.MaxValue", "1.5", "0.0", "(sbyte)-3"}}},
}
