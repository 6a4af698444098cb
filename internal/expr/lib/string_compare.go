package lib

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var stringCompare = []types.Member{
	{Sig: "bool Equals(string value)", Do: types.Fn2(func(a string, b types.Value) bool { return a == b }), Doc: "Ordinal equality.", Ex: `"a".Equals("A") → False`},
	{Sig: "bool Equals(string value, StringComparison comparisonType)", Do: types.Fn3(equalStrings), Doc: "Equality as asked.", Ex: `"a".Equals("A", StringComparison.OrdinalIgnoreCase) → True`},
	{Sig: "static bool Equals(string a, string b)", Do: types.Fn2(func(a, b types.Value) bool { return a == b }), Doc: "Ordinal equality that accepts null."},
	{Sig: "static bool Equals(string a, string b, StringComparison comparisonType)", Do: types.Fn3(equalStrings), Doc: "Equality as asked.", Ex: `string.Equals(null, "a", StringComparison.Ordinal) → False`},
	{Sig: "int CompareTo(string strB)", Do: types.Fn2(func(a, b types.Value) int32 { return compareStrings(a, b, 0) }), Doc: "The linguistic order.", Ex: `"a".CompareTo("B") → -1`},
	{Sig: "static int Compare(string strA, string strB)", Do: types.Fn2(func(a, b types.Value) int32 { return compareStrings(a, b, 0) }), Doc: "The linguistic order.", Ex: `string.Compare("a", "A") → -1`},
	{Sig: "static int Compare(string strA, string strB, bool ignoreCase)", Do: types.Fn3(func(a, b types.Value, ignore bool) int32 {
		if ignore {
			return compareStrings(a, b, 1)
		}
		return compareStrings(a, b, 0)
	}), Doc: "The linguistic order, perhaps without regard to case.", Ex: `string.Compare("a", "A", true) → 0`},
	{Sig: "static int Compare(string strA, string strB, StringComparison comparisonType)", Do: types.Fn3(func(a, b types.Value, cmp types.Enum) int32 { return compareStrings(a, b, cmp.N) }), Doc: "The order as asked.", Ex: `string.Compare("A", "a", StringComparison.OrdinalIgnoreCase) → 0`},
	{Sig: "static int Compare(string strA, int indexA, string strB, int indexB, int length)", Do: types.Do(compareParts), Doc: "The order of two parts."},
	{Sig: "static int Compare(string strA, int indexA, string strB, int indexB, int length, StringComparison comparisonType)", Do: types.Do(compareParts), Doc: "The order of two parts as asked."},
	{Sig: "static int CompareOrdinal(string strA, string strB)", Do: types.Fn2(func(a, b types.Value) int32 { return compareStrings(a, b, 4) }), Doc: "The order of code units.", Ex: `string.CompareOrdinal("a", "A") > 0 → True`},
}

func equalStrings(a, b types.Value, cmp types.Enum) bool { return compareStrings(a, b, cmp.N) == 0 }

// compareStrings orders strings that may be null by a StringComparison: even
// numbers heed case, the first four are linguistic.
func compareStrings(a, b types.Value, cmp int64) int32 {
	s, ok := a.(string)
	t, ok2 := b.(string)
	switch {
	case !ok && !ok2:
		return 0
	case !ok:
		return -1
	case !ok2:
		return 1
	case cmp < 4:
		return int32(types.CompareText(s, t, cmp%2 == 1))
	case cmp == 5:
		s, t = upper(s), upper(t)
	}
	return compareUnits(s, t)
}

// compareUnits gives the difference of the first code units that differ, else
// of the lengths.
func compareUnits(s, t string) int32 {
	if s == t {
		return 0
	}
	a, b := types.Units(s), types.Units(t)
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return int32(a[i]) - int32(b[i])
		}
	}
	return int32(len(a) - len(b))
}

func compareParts(c *types.Call) (types.Value, error) {
	part := func(i int) (types.Value, error) {
		s, ok := c.Args[i].(string)
		if !ok {
			return nil, nil
		}
		start, n := int(c.Args[i+1].(int32)), types.Len(s)
		if err := checkRange(start, 0, n); err != nil {
			return nil, err
		}
		length := int(c.Args[4].(int32))
		if length < 0 {
			return nil, types.ArgumentRange("length", "Length cannot be less than zero.")
		}
		return types.Sub(s, start, min(length, n-start)), nil
	}
	a, err := part(0)
	if err != nil {
		return nil, err
	}
	b, err := part(2)
	if err != nil {
		return nil, err
	}
	cmp := int64(0)
	if len(c.Args) > 5 {
		cmp = c.Args[5].(types.Enum).N
	}
	return compareStrings(a, b, cmp), nil
}

// upper and lower map character by character, as the invariant culture does:
// the dotted and dotless i of Turkish stay as they are.
func upper(s string) string { return mapCase(s, strings.ToUpper, upperRune) }

func lower(s string) string { return mapCase(s, strings.ToLower, lowerRune) }

func mapCase(s string, ascii func(string) string, one func(rune) rune) string {
	if types.IsASCII(s) {
		return ascii(s)
	}
	if utf8.ValidString(s) {
		return strings.Map(one, s)
	}
	units := types.Units(s)
	for i, u := range units {
		units[i] = uint16(one(rune(u)))
	}
	return types.FromUnits(units)
}

func upperRune(r rune) rune {
	if r == 'ı' || r == 'ſ' {
		return r
	}
	return unicode.ToUpper(r)
}

func lowerRune(r rune) rune {
	if r == 'İ' {
		return r
	}
	return unicode.ToLower(r)
}

func equalFold(a, b string) bool { return a == b || upper(a) == upper(b) }

func isWhite(r rune) bool { return unicode.IsSpace(r) }
