package lib

import (
	"unicode"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// charTests are the questions Char answers about a code unit.
var charTests = []struct {
	name, doc string
	is        func(rune) bool
}{
	{"IsLetter", "Whether it is a letter.", unicode.IsLetter},
	{"IsDigit", "Whether it is a decimal digit.", unicode.IsDigit},
	{"IsLetterOrDigit", "Whether it is a letter or decimal digit.", func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }},
	{"IsNumber", "Whether it is a number of any kind.", unicode.IsNumber},
	{"IsWhiteSpace", "Whether it is white space.", isWhite},
	{"IsUpper", "Whether it is an upper case letter.", unicode.IsUpper},
	{"IsLower", "Whether it is a lower case letter.", func(r rune) bool { return unicode.IsLower(r) || r == 'ª' || r == 'º' }},
	{"IsPunctuation", "Whether it is punctuation.", unicode.IsPunct},
	{"IsSymbol", "Whether it is a symbol.", unicode.IsSymbol},
	{"IsSeparator", "Whether it separates words or lines.", func(r rune) bool { return unicode.In(r, unicode.Z) }},
	{"IsControl", "Whether it is a control character.", unicode.IsControl},
	{"IsSurrogate", "Whether it is half of a surrogate pair.", func(r rune) bool { return r >= 0xD800 && r <= 0xDFFF }},
	{"IsHighSurrogate", "Whether it is the first half of a surrogate pair.", func(r rune) bool { return r >= 0xD800 && r <= 0xDBFF }},
	{"IsLowSurrogate", "Whether it is the second half of a surrogate pair.", func(r rune) bool { return r >= 0xDC00 && r <= 0xDFFF }},
}

// charDecl is System.Char.
var charDecl = types.Decl{Type: types.CharT, Doc: "One UTF-16 code unit.", Members: charMembers()}

func charMembers() []types.Member {
	out := []types.Member{
		{Sig: "const char MaxValue", Const: types.Char(0xFFFF), Doc: "The largest code unit."},
		{Sig: "const char MinValue", Const: types.Char(0), Doc: "The smallest code unit."},
		{Sig: "static char ToUpper(char c)", Do: types.Fn1(func(c types.Char) types.Char { return types.Char(upperRune(rune(c))) }), Doc: "In upper case.", Ex: `char.ToUpper('é') → É`},
		{Sig: "static char ToLower(char c)", Do: types.Fn1(func(c types.Char) types.Char { return types.Char(lowerRune(rune(c))) }), Doc: "In lower case."},
		{Sig: "static char ToUpperInvariant(char c)", Do: types.Fn1(func(c types.Char) types.Char { return types.Char(upperRune(rune(c))) }), Doc: "In upper case."},
		{Sig: "static char ToLowerInvariant(char c)", Do: types.Fn1(func(c types.Char) types.Char { return types.Char(lowerRune(rune(c))) }), Doc: "In lower case.", Ex: `char.ToLowerInvariant('Ä') → ä`},
		{Sig: "static string ToString(char c)", Do: types.Fn1(types.CharText), Doc: "The string of one character.", Ex: `char.ToString('x') → x`},
		{Sig: "static char Parse(string s)", Do: types.Fn1E(parseChar), Doc: "The only character of a string.", Ex: `char.Parse("ab") ! FormatException`},
		{Sig: "static bool TryParse(string s, out char result)", Do: types.Fn2(tryParse(parseChar)), Doc: "The only character of a string, or false."},
		{Sig: "static double GetNumericValue(char c)", Do: types.Fn1(func(c types.Char) float64 { return numericValue(rune(c)) }), Doc: "The number it stands for, or -1.", Ex: `char.GetNumericValue('½') → 0.5`},
		{Sig: "static double GetNumericValue(string s, int index)", Do: types.Fn2E(func(s string, i int32) (float64, error) {
			c, err := charAt(s, i)
			return numericValue(rune(c)), err
		}), Doc: "The number a character stands for."},
		{Sig: "static string ConvertFromUtf32(int utf32)", Do: types.Fn1E(fromUtf32), Doc: "The string of a code point.", Ex: `char.ConvertFromUtf32(0x1F600) → 😀`},
		{Sig: "static int ConvertToUtf32(string s, int index)", Do: types.Fn2E(toUtf32), Doc: "The code point at a position.", Ex: `char.ConvertToUtf32("😀", 0) → 128512`},
		{Sig: "static int ConvertToUtf32(char highSurrogate, char lowSurrogate)", Do: types.Fn2E(func(h, l types.Char) (int32, error) {
			return toUtf32(types.FromUnits([]uint16{uint16(h), uint16(l)}), 0)
		}), Doc: "The code point of a pair."},
		{Sig: "static bool IsSurrogatePair(char highSurrogate, char lowSurrogate)", Do: types.Fn2(func(h, l types.Char) bool { return h>>10 == 0x36 && l>>10 == 0x37 }), Doc: "Whether two code units are one character."},
	}
	for _, t := range charTests {
		out = append(out,
			types.Member{Sig: "static bool " + t.name + "(char c)", Do: types.Fn1(func(c types.Char) bool { return t.is(rune(c)) }), Doc: t.doc},
			types.Member{Sig: "static bool " + t.name + "(string s, int index)", Do: types.Fn2E(func(s string, i int32) (bool, error) {
				c, ok := types.At(s, int(i))
				if !ok {
					return false, types.ArgumentRange("index", "Index was out of range. Must be non-negative and less than the size of the collection.")
				}
				return t.is(rune(c)), nil
			}), Doc: t.doc})
	}
	return out
}

func parseChar(s string) (types.Char, error) {
	if types.Len(s) != 1 {
		return 0, types.Throw(types.Format, "String must be exactly one character long.")
	}
	c, _ := types.At(s, 0)
	return c, nil
}

// fractions are the numeric values of the vulgar fractions of Latin-1 and the
// Number Forms block.
var fractions = map[rune]float64{'¼': 0.25, '½': 0.5, '¾': 0.75, '⅓': 1.0 / 3, '⅔': 2.0 / 3, '⅛': 0.125, '⅜': 0.375, '⅝': 0.625, '⅞': 0.875}

func numericValue(r rune) float64 {
	if f, ok := fractions[r]; ok {
		return f
	}
	if i := map[rune]float64{'²': 2, '³': 3, '¹': 1}[r]; i > 0 {
		return i
	}
	if !unicode.IsDigit(r) {
		return -1
	}
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return float64(r - zero)
}

func fromUtf32(n int32) (string, error) {
	if n < 0 || n > 0x10FFFF || n >= 0xD800 && n <= 0xDFFF {
		return "", types.ArgumentRange("utf32", "A valid UTF32 value is between 0x000000 and 0x10ffff, inclusive, and should not include surrogate codepoint values (0x00d800 ~ 0x00dfff).")
	}
	return string(rune(n)), nil
}

func toUtf32(s string, i int32) (int32, error) {
	units := types.Units(s)
	if i < 0 || int(i) >= len(units) {
		return 0, types.ArgumentRange("index", "Index was out of range. Must be non-negative and less than the size of the collection.")
	}
	h := units[i]
	if h < 0xD800 || h > 0xDFFF {
		return int32(h), nil
	}
	if h < 0xDC00 && int(i)+1 < len(units) && units[i+1]>>10 == 0x37 {
		return 0x10000 + int32(h-0xD800)<<10 + int32(units[i+1]-0xDC00), nil
	}
	return 0, types.Argument("s", "Found a lone surrogate.")
}
