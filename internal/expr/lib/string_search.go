package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var stringSearch = concatRows([]types.Member{
	{Sig: "bool Contains(string value)", Do: types.Fn2(strings.Contains), Doc: "Whether value occurs in it.", Ex: `"abc".Contains("b") → True`},
	{Sig: "bool StartsWith(string value)", Do: types.Fn2(strings.HasPrefix), Doc: "Whether it begins with value.", Ex: `"abc".StartsWith("ab") → True`},
	{Sig: "bool EndsWith(string value)", Do: types.Fn2(strings.HasSuffix), Doc: "Whether it ends with value.", Ex: `"abc".EndsWith("bc") → True`},
	{Sig: "bool StartsWith(string value, StringComparison comparisonType)", Do: types.Fn3(func(s, v string, cmp types.Enum) bool { return strings.HasPrefix(folded(s, cmp), folded(v, cmp)) }), Doc: "Whether it begins with value.", Ex: `"Hello".StartsWith("h", StringComparison.OrdinalIgnoreCase) → True`},
	{Sig: "bool EndsWith(string value, StringComparison comparisonType)", Do: types.Fn3(func(s, v string, cmp types.Enum) bool { return strings.HasSuffix(folded(s, cmp), folded(v, cmp)) }), Doc: "Whether it ends with value.", Ex: `"a.JSON".EndsWith(".json", StringComparison.OrdinalIgnoreCase) → True`},
	{Sig: "int IndexOfAny(char[] anyOf)", Do: types.Do(indexOf), Doc: "The first of any of these, or -1.", Ex: `"a,b".IndexOfAny(new[] { ';', ',' }) → 1`},
	{Sig: "int IndexOfAny(char[] anyOf, int startIndex)", Do: types.Do(indexOf), Doc: "The first from a position on."},
	{Sig: "int IndexOfAny(char[] anyOf, int startIndex, int count)", Do: types.Do(indexOf), Doc: "The first within a part."},
	{Sig: "int LastIndexOfAny(char[] anyOf)", Do: types.Do(lastIndexOf), Doc: "The last of any of these, or -1.", Ex: `"a,b,c".LastIndexOfAny(new[] { ',' }) → 3`},
	{Sig: "int LastIndexOfAny(char[] anyOf, int startIndex)", Do: types.Do(lastIndexOf), Doc: "The last up to a position."},
}, searchRows("IndexOf", "The first position, or -1.", indexOf), searchRows("LastIndexOf", "The last position, or -1.", lastIndexOf))

func searchRows(name, doc string, do func(*types.Call) (types.Value, error)) []types.Member {
	var out []types.Member
	for _, params := range []string{
		"char value", "char value, int startIndex", "char value, int startIndex, int count",
		"string value", "string value, int startIndex", "string value, int startIndex, int count",
		"string value, StringComparison comparisonType", "string value, int startIndex, StringComparison comparisonType",
		"string value, int startIndex, int count, StringComparison comparisonType",
	} {
		out = append(out, types.Member{Sig: "int " + name + "(" + params + ")", Do: types.Do(do), Doc: doc})
	}
	out[0].Ex = `"abcb".` + name + `('z') → -1`
	out[3].Ex = `"éab".` + name + `("b") → 2`
	return out
}

// folded puts s into the form in which the comparison is ordinal.
func folded(s string, cmp types.Enum) string {
	if cmp.N%2 == 1 {
		return upper(s)
	}
	return s
}

// search is what the overloads of IndexOf and LastIndexOf have in common.
type search struct {
	s     string // already folded
	find  func(s string) int
	last  func(s string) int
	size  int // units of the text looked for
	ints  []int
	empty bool
}

func newSearch(c *types.Call) (*search, error) {
	x := &search{s: c.This.(string)}
	text := ""
	for i, v := range c.Args {
		switch v := v.(type) {
		case nil:
			return nil, types.ArgumentNull(c.Method.Params[i].Name)
		case types.Char:
			text = types.CharText(v)
		case string:
			text = v
		case int32:
			x.ints = append(x.ints, int(v))
		case types.Enum:
			x.s, text = folded(x.s, v), folded(text, v)
		case *types.Array:
			set := inSet(v)
			if len(v.Items) == 0 {
				set = func(rune) bool { return false }
			}
			x.find = func(s string) int { return strings.IndexFunc(s, set) }
			x.last = func(s string) int { return strings.LastIndexFunc(s, set) }
		}
	}
	if x.find == nil {
		x.find = func(s string) int { return strings.Index(s, text) }
		x.last = func(s string) int { return strings.LastIndex(s, text) }
		x.size, x.empty = types.Len(text), text == ""
	}
	return x, nil
}

func indexOf(c *types.Call) (types.Value, error) {
	x, err := newSearch(c)
	if err != nil {
		return nil, err
	}
	n := types.Len(x.s)
	start, count := 0, n
	if len(x.ints) > 0 {
		start, count = x.ints[0], n-x.ints[0]
	}
	if len(x.ints) > 1 {
		count = x.ints[1]
	}
	if err := checkRange(start, count, n); err != nil {
		return nil, err
	}
	part := types.Sub(x.s, start, count)
	i := x.find(part)
	if i < 0 {
		return int32(-1), nil
	}
	return int32(start + types.Len(part[:i])), nil
}

// lastIndexOf searches backwards from startIndex over count units.
func lastIndexOf(c *types.Call) (types.Value, error) {
	x, err := newSearch(c)
	if err != nil {
		return nil, err
	}
	n := types.Len(x.s)
	if n == 0 {
		if x.empty {
			return int32(0), nil
		}
		return int32(-1), nil
	}
	end := n - 1
	if len(x.ints) > 0 {
		end = x.ints[0]
	}
	if end < 0 || end > n {
		return nil, types.ArgumentRange("startIndex", "Index was out of range. Must be non-negative and less than the size of the collection.")
	}
	end = min(end, n-1)
	count := end + 1
	if len(x.ints) > 1 {
		count = x.ints[1]
	}
	if count < 0 || count > end+1 {
		return nil, types.ArgumentRange("count", "Count must be positive and count must refer to a location within the string/array/collection.")
	}
	start := end + 1 - count
	part := types.Sub(x.s, start, count)
	i := x.last(part)
	if i < 0 {
		return int32(-1), nil
	}
	at := start + types.Len(part[:i])
	if x.empty {
		at = end
	}
	return int32(at), nil
}
