package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var (
	stringComparer    = types.Class("System.StringComparer")
	iEqualityComparer = types.Interface("System.Collections.Generic.IEqualityComparer<in T>")
	iComparer         = types.Interface("System.Collections.Generic.IComparer<in T>")

	iEqualityComparerDecl = types.Decl{Type: iEqualityComparer, Doc: "Decides whether two values are equal.", Members: []types.Member{
		{Sig: "bool Equals(T x, T y)", Do: types.Fn3(comparerEquals), Doc: "Whether both are equal."},
		{Sig: "int GetHashCode(T obj)", Do: types.Fn2(comparerHash), Doc: "A number equal for equal values."},
	}}
	iComparerDecl = types.Decl{Type: iComparer, Doc: "Decides the order of two values.", Members: []types.Member{
		{Sig: "int Compare(T x, T y)", Do: types.Fn3E(comparerCompare), Doc: "The order of two values."},
	}}
)

// StringComparer is System.StringComparer; mode is a StringComparison.
type StringComparer struct{ mode int64 }

// NetType implements types.Typed.
func (*StringComparer) NetType() *types.Type { return stringComparer }

// fold gives the form in which equal strings are the same; a nil comparer
// changes nothing.
func (c *StringComparer) fold(s string) string {
	if c != nil && c.mode%2 == 1 {
		return upper(s)
	}
	return s
}

var comparers = [6]*StringComparer{{0}, {1}, {2}, {3}, {4}, {5}}

// stringComparerDecl is System.StringComparer.
var stringComparerDecl = types.Decl{
	Type: stringComparer, Doc: "A comparison of strings as an object.",
	Interfaces: []string{"IEqualityComparer<string>", "IComparer<string>"},
	Members: func() []types.Member {
		out := []types.Member{
			{Sig: "bool Equals(string x, string y)", Do: types.Fn3(comparerEquals), Doc: "Whether both are equal.", Ex: `StringComparer.OrdinalIgnoreCase.Equals("A", "a") → True`},
			{Sig: "bool Equals(object x, object y)", Do: types.Fn3(comparerEquals), Doc: "Whether both are equal."},
			{Sig: "int Compare(string x, string y)", Do: types.Fn3E(comparerCompare), Doc: "The order of two strings.", Ex: `StringComparer.Ordinal.Compare("a", "B") > 0 → True`},
			{Sig: "int Compare(object x, object y)", Do: types.Fn3E(comparerCompare), Doc: "The order of two strings."},
			{Sig: "int GetHashCode(string obj)", Do: types.Fn2(comparerHash), Doc: "A number equal for equal strings."},
		}
		for i, name := range stringComparison.Enum.Names {
			out = append(out, types.Member{Sig: "static StringComparer " + name + " { get; }", Do: types.Fn0(func() *StringComparer { return comparers[i] }), Doc: "Comparison by " + name + "."})
		}
		return out
	}(),
}

func comparerEquals(c *StringComparer, x, y types.Value) bool {
	a, ok := x.(string)
	b, ok2 := y.(string)
	if !ok || !ok2 {
		return types.Equal(x, y)
	}
	return c.fold(a) == c.fold(b)
}

func comparerHash(c *StringComparer, v types.Value) int32 {
	if s, ok := v.(string); ok {
		return types.Hash(c.fold(s))
	}
	return types.Hash(v)
}

func comparerCompare(c *StringComparer, x, y types.Value) (int32, error) {
	_, ok := x.(string)
	_, ok2 := y.(string)
	if ok && ok2 || x == nil || y == nil {
		return compareStrings(x, y, c.mode), nil
	}
	return compareValues(x, y)
}

// comparerArgument finds a StringComparer among the arguments.
func comparerArgument(args []types.Value) *StringComparer {
	for _, v := range args {
		if c, ok := v.(*StringComparer); ok {
			return c
		}
	}
	return nil
}
