package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// StringComparison and StringSplitOptions are the enumerations String's methods
// take.
var (
	stringComparison = types.EnumOf("System.StringComparison",
		"CurrentCulture", "CurrentCultureIgnoreCase", "InvariantCulture", "InvariantCultureIgnoreCase", "Ordinal", "OrdinalIgnoreCase")
	stringSplitOptions = types.EnumWith("System.StringSplitOptions", true, []string{"None", "RemoveEmptyEntries"}, []int64{0, 1})

	stringComparisonDecl   = types.Decl{Type: stringComparison, Doc: "How strings are compared."}
	stringSplitOptionsDecl = types.Decl{Type: stringSplitOptions, Doc: "Whether Split keeps empty parts."}
)

// stringDecl is System.String. Searching, splitting, comparing, joining and
// formatting have files of their own.
var stringDecl = types.Decl{
	Type:       types.String,
	Doc:        "Text, counted in UTF-16 code units.",
	Interfaces: []string{"IEnumerable<char>"},
	Members:    concatRows(stringBasics, stringSearch, stringSplit, stringCompare, stringJoin),
}

func concatRows(groups ...[]types.Member) []types.Member {
	var out []types.Member
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

var stringBasics = []types.Member{
	{Sig: "string(char c, int count)", Do: types.Do(newString), Doc: "A character repeated.", Ex: `new string('-', 3) → ---`},
	{Sig: "string(char[] value)", Do: types.Do(stringOfChars), Doc: "The characters in a row.", Ex: `new string(new[] { 'a', 'b' }) → ab`},
	{Sig: "string(char[] value, int startIndex, int length)", Do: types.Do(stringOfChars), Doc: "Some of the characters."},
	{Sig: "static string Empty { get; }", Do: types.Fn0(func() string { return "" }), Doc: "The empty string.", Ex: `string.Empty.Length → 0`},
	{Sig: "int Length { get; }", Do: types.Fn1(func(s string) int32 { return int32(types.Len(s)) }), Doc: "The number of UTF-16 code units.", Ex: `"abc".Length → 3`},
	{Sig: "char this[int index] { get; }", Do: types.Fn2E(charAt), Doc: "One code unit; IndexOutOfRangeException outside.", Ex: `"abc"[1] → b`},
	{Sig: "static bool IsNullOrEmpty(string value)", Do: types.Fn1(func(v types.Value) bool { s, _ := v.(string); return s == "" }), Doc: "Whether it is null or empty.", Ex: `string.IsNullOrEmpty("") → True`},
	{Sig: "static bool IsNullOrWhiteSpace(string value)", Do: types.Fn1(func(v types.Value) bool { s, _ := v.(string); return strings.TrimSpace(s) == "" }), Doc: "Whether it is null, empty or white space.", Ex: `string.IsNullOrWhiteSpace(" ") → True`},
	{Sig: "static bool operator ==(string a, string b)", Do: types.Fn2(func(a, b types.Value) bool { return a == b }), Doc: "Ordinal equality."},
	{Sig: "static bool operator !=(string a, string b)", Do: types.Fn2(func(a, b types.Value) bool { return a != b }), Doc: "Ordinal inequality."},
	{Sig: "string Substring(int startIndex)", Do: types.Fn2E(substringFrom), Doc: "From a position to the end.", Ex: `"abc".Substring(1) → bc`},
	{Sig: "string Substring(int startIndex, int length)", Do: types.Fn3E(substring), Doc: "A part of the string.", Ex: `"abc".Substring(1, 5) ! ArgumentOutOfRangeException`},
	{Sig: "string Insert(int startIndex, string value)", Do: types.Do(stringInsert), Doc: "With value put in at a position.", Ex: `"ac".Insert(1, "b") → abc`},
	{Sig: "string Remove(int startIndex)", Do: types.Fn2E(func(s string, i int32) (string, error) { return removeFrom(s, i, -1) }), Doc: "Without what follows a position.", Ex: `"abc".Remove(1) → a`},
	{Sig: "string Remove(int startIndex, int count)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		if c.Args[1].(int32) < 0 {
			return nil, types.ArgumentRange("count", "Count cannot be less than zero.")
		}
		if err := c.Env.Charge(len(c.This.(string))); err != nil {
			return nil, err
		}
		return removeFrom(c.This.(string), c.Args[0].(int32), c.Args[1].(int32))
	}), Doc: "Without some characters.", Ex: `"abcdef".Remove(2, 2) → abef`},
	{Sig: "string Replace(char oldChar, char newChar)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return replaceText(c, types.CharText(c.Args[0].(types.Char)), types.CharText(c.Args[1].(types.Char)))
	}), Doc: "With a character exchanged.", Ex: `"aba".Replace('a', 'x') → xbx`},
	{Sig: "string Replace(string oldValue, string newValue)", Do: types.Do(stringReplace), Doc: "With every oldValue exchanged.", Ex: `"a,b".Replace(",", "") → ab`},
	{Sig: "string ToLower()", Do: types.Do(cased(lower)), Doc: "In lower case.", Ex: `"ABC".ToLower() → abc`},
	{Sig: "string ToUpper()", Do: types.Do(cased(upper)), Doc: "In upper case.", Ex: `"abc".ToUpper() → ABC`},
	{Sig: "string ToLowerInvariant()", Do: types.Do(cased(lower)), Doc: "In lower case.", Ex: `"É".ToLowerInvariant() → é`},
	{Sig: "string ToUpperInvariant()", Do: types.Do(cased(upper)), Doc: "In upper case.", Ex: `"é".ToUpperInvariant() → É`},
	{Sig: "string Trim()", Do: types.Fn1(strings.TrimSpace), Doc: "Without white space at both ends.", Ex: `" a ".Trim() → a`},
	{Sig: "string Trim(params char[] trimChars)", Do: types.Fn2(func(s string, set *types.Array) string { return trimStart(trimEnd(s, set), set) }), Doc: "Without those characters at both ends.", Ex: `"xax".Trim('x') → a`},
	{Sig: "string TrimStart(params char[] trimChars)", Do: types.Fn2(trimStart), Doc: "Without white space, or those characters, in front.", Ex: `" a ".TrimStart() + "|" → a |`},
	{Sig: "string TrimEnd(params char[] trimChars)", Do: types.Fn2(trimEnd), Doc: "Without white space, or those characters, behind.", Ex: `"axx".TrimEnd('x') → a`},
	{Sig: "string PadLeft(int totalWidth, char paddingChar = ' ')", Do: types.Do(padded(true)), Doc: "Filled up in front.", Ex: `"12".PadLeft(5, '0') → 00012`},
	{Sig: "string PadRight(int totalWidth, char paddingChar = ' ')", Do: types.Do(padded(false)), Doc: "Filled up behind.", Ex: `"ab".PadRight(4) + "|" → ab  |`},
	{Sig: "char[] ToCharArray()", Do: types.Do(toCharArray), Doc: "The code units.", Ex: `"ab".ToCharArray() → ["a","b"]`},
	{Sig: "char[] ToCharArray(int startIndex, int length)", Do: types.Do(toCharArray), Doc: "Some of the code units."},
	{Sig: "string Normalize()", Do: types.Fn1(func(s string) string { return s }), Doc: "The text; it is taken to be in form C already."},
	{Sig: "bool IsNormalized()", Do: types.Fn1(func(string) bool { return true }), Doc: "Whether it is in form C."},
	{Sig: "object Clone()", Do: types.Fn1(func(s string) types.Value { return s }), Doc: "The same string.", Ex: `"abc".Clone() → abc`},
	{Sig: "static string Copy(string str)", Do: types.Fn1(func(s string) string { return s }), Doc: "An equal string."},
}

func newString(c *types.Call) (types.Value, error) {
	n := c.Args[1].(int32)
	if n < 0 {
		return nil, types.ArgumentRange("count", "'count' must be non-negative.")
	}
	return repeat(c.Env, types.CharText(c.Args[0].(types.Char)), int(n))
}

func repeat(env *types.Env, s string, n int) (string, error) {
	if err := env.Charge(n * len(s)); err != nil {
		return "", err
	}
	return strings.Repeat(s, n), nil
}

func stringOfChars(c *types.Call) (types.Value, error) {
	a, _ := c.Args[0].(*types.Array)
	if a == nil {
		if len(c.Args) == 1 {
			return "", nil
		}
		return nil, types.ArgumentNull("value")
	}
	start, length := 0, len(a.Items)
	if len(c.Args) == 3 {
		start, length = int(c.Args[1].(int32)), int(c.Args[2].(int32))
	}
	if err := checkRange(start, length, len(a.Items)); err != nil {
		return nil, err
	}
	return charsText(c.Env, a.Items[start:start+length])
}

// charsText joins chars to a string.
func charsText(env *types.Env, items []types.Value) (string, error) {
	if err := env.Charge(3 * len(items)); err != nil {
		return "", err
	}
	units := make([]uint16, len(items))
	for i, v := range items {
		c, _ := v.(types.Char)
		units[i] = uint16(c)
	}
	return types.FromUnits(units), nil
}

// checkRange is the check of every (index, count) pair of arguments.
func checkRange(start, count, length int) error {
	switch {
	case start < 0 || start > length:
		return types.ArgumentRange("startIndex", "Index was out of range. Must be non-negative and less than the size of the collection.")
	case count < 0 || count > length-start:
		return types.ArgumentRange("count", "Count must be positive and count must refer to a location within the string/array/collection.")
	}
	return nil
}

func charAt(s string, i int32) (types.Char, error) {
	c, ok := types.At(s, int(i))
	if !ok {
		return 0, types.Throw(types.IndexOutOfRange, "Index was outside the bounds of the array.")
	}
	return c, nil
}

func substringFrom(s string, start int32) (string, error) {
	return substring(s, start, max(int32(types.Len(s))-start, 0))
}

func substring(s string, start, length int32) (string, error) {
	n := int32(types.Len(s))
	switch {
	case start < 0:
		return "", types.ArgumentRange("startIndex", "StartIndex cannot be less than zero.")
	case start > n:
		return "", types.ArgumentRange("startIndex", "startIndex cannot be larger than length of string.")
	case length < 0:
		return "", types.ArgumentRange("length", "Length cannot be less than zero.")
	case length > n-start:
		return "", types.ArgumentRange("length", "Index and length must refer to a location within the string.")
	}
	return types.Sub(s, int(start), int(length)), nil
}

func stringInsert(c *types.Call) (types.Value, error) {
	s, at := c.This.(string), c.Args[0].(int32)
	v, ok := c.Args[1].(string)
	if !ok {
		return nil, types.ArgumentNull("value")
	}
	n := int32(types.Len(s))
	if at < 0 || at > n {
		return nil, types.ArgumentRange("startIndex", "Specified argument was out of the range of valid values.")
	}
	if err := c.Env.Charge(len(s) + len(v)); err != nil {
		return nil, err
	}
	head := types.Sub(s, 0, int(at))
	return types.Concat(types.Concat(head, v), types.Sub(s, int(at), int(n-at))), nil
}

// removeFrom removes count units; -1 means all that follow.
func removeFrom(s string, start, count int32) (string, error) {
	n := int32(types.Len(s))
	if start < 0 || start > n || count < 0 && start == n {
		return "", types.ArgumentRange("startIndex", "startIndex must be less than length of string.")
	}
	if count < 0 {
		count = n - start
	}
	if count > n-start {
		return "", types.ArgumentRange("count", "Index and count must refer to a location within the string.")
	}
	return types.Concat(types.Sub(s, 0, int(start)), types.Sub(s, int(start+count), int(n-start-count))), nil
}

func stringReplace(c *types.Call) (types.Value, error) {
	old, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("oldValue")
	}
	if old == "" {
		return nil, types.Argument("oldValue", "String cannot be of zero length.")
	}
	with, _ := c.Args[1].(string)
	return replaceText(c, old, with)
}

func replaceText(c *types.Call, old, with string) (types.Value, error) {
	s := c.This.(string)
	n := strings.Count(s, old)
	if n == 0 {
		return s, nil
	}
	if err := c.Env.Charge(len(s) + n*max(len(with)-len(old), 0)); err != nil {
		return nil, err
	}
	return strings.ReplaceAll(s, old, with), nil
}

func cased(f func(string) string) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		s := c.This.(string)
		if err := c.Env.Charge(len(s)); err != nil {
			return nil, err
		}
		return f(s), nil
	}
}

// inSet makes the test of Trim and Split: white space for an empty set.
func inSet(set *types.Array) func(r rune) bool {
	if set == nil || len(set.Items) == 0 {
		return isWhite
	}
	return func(r rune) bool {
		for _, v := range set.Items {
			if c, ok := v.(types.Char); ok && rune(c) == r {
				return true
			}
		}
		return false
	}
}

func trimStart(s string, set *types.Array) string { return strings.TrimLeftFunc(s, inSet(set)) }

func trimEnd(s string, set *types.Array) string { return strings.TrimRightFunc(s, inSet(set)) }

func padded(left bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		s, width := c.This.(string), c.Args[0].(int32)
		if width < 0 {
			return nil, types.ArgumentRange("totalWidth", "Non-negative number required.")
		}
		n := int(width) - types.Len(s)
		if n <= 0 {
			return s, nil
		}
		fill, err := repeat(c.Env, types.CharText(c.Args[1].(types.Char)), n)
		if left {
			return fill + s, err
		}
		return s + fill, err
	}
}

func toCharArray(c *types.Call) (types.Value, error) {
	s := c.This.(string)
	if err := c.Env.Charge(24 * len(s)); err != nil {
		return nil, err
	}
	units := types.Units(s)
	if len(c.Args) == 2 {
		start, length := int(c.Args[0].(int32)), int(c.Args[1].(int32))
		if err := checkRange(start, length, len(units)); err != nil {
			return nil, err
		}
		units = units[start : start+length]
	}
	items := make([]types.Value, len(units))
	for i, u := range units {
		items[i] = types.Char(u)
	}
	return &types.Array{Elem: types.CharT, Items: items}, nil
}
