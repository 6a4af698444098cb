package lib

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// enumDecl is System.Enum, the base of every enumeration.
var enumDecl = types.Decl{
	Type: types.EnumT, Doc: "The base of all enumerations.",
	Denied: []string{"GetName", "GetNames", "GetValues", "IsDefined", "Format", "ToObject", "GetUnderlyingType", "HasFlag", "CompareTo"},
	Members: []types.Member{
		{Sig: "static object Parse(Type enumType, string value)", Do: types.Do(enumParse), Doc: "The member of that name; ArgumentException without it."},
		{Sig: "static object Parse(Type enumType, string value, bool ignoreCase)", Do: types.Do(enumParse), Doc: "The member of that name.", Ex: `(int)(DayOfWeek)Enum.Parse(typeof(DayOfWeek), "friday", true) → 5`},
		{Sig: "static bool TryParse<TEnum>(string value, out TEnum result)", Do: types.Do(enumTryParse), Doc: "The member of that name, or false.", Ex: `Enum.TryParse<DayOfWeek>("x", out var d) → False`},
		{Sig: "static bool TryParse<TEnum>(string value, bool ignoreCase, out TEnum result)", Do: types.Do(enumTryParse), Doc: "The member of that name, or false."},
		{Sig: "string ToString(string format)", Do: types.Fn2E(func(v types.Value, format string) (string, error) { return types.FormatEnum(v.(types.Enum), format) }), Doc: "The name, or under D and X the number."},
	},
}

func enumOf(t *types.Type, s string, ignoreCase bool) (types.Enum, error) {
	out := types.Enum{Type: t}
	s = strings.TrimSpace(s)
	if s == "" {
		return out, types.Argument("value", "Must specify valid information for parsing in the string.")
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		out.N = n
		return out, nil
	}
	for word := range strings.SplitSeq(s, ",") {
		word = strings.TrimSpace(word)
		found := false
		for i, name := range t.Enum.Names {
			if name == word || ignoreCase && equalFold(name, word) {
				out.N |= t.Enum.Values[i]
				found = true
				break
			}
		}
		if !found {
			return types.Enum{Type: t}, types.Argument("", "Requested value '"+s+"' was not found.")
		}
	}
	return out, nil
}

func enumParse(c *types.Call) (types.Value, error) {
	t, ok := c.Args[0].(types.TypeValue)
	if !ok {
		return nil, types.ArgumentNull("enumType")
	}
	if t.T.Kind != types.KindEnum {
		return nil, types.Argument("enumType", "Type provided must be an Enum.")
	}
	s, ok := c.Args[1].(string)
	if !ok {
		return nil, types.ArgumentNull("value")
	}
	return enumOf(t.T, s, len(c.Args) > 2 && c.Args[2].(bool))
}

func enumTryParse(c *types.Call) (types.Value, error) {
	t := c.Types[0]
	if t.Kind != types.KindEnum {
		return nil, types.Argument("enumType", "Type provided must be an Enum.")
	}
	s, _ := c.Args[0].(string)
	e, err := enumOf(t, s, len(c.Args) > 2 && c.Args[1].(bool))
	c.Args[len(c.Args)-1].(*types.Ref).V = e
	return err == nil, nil
}

// nullableHelpers is the static class System.Nullable.
var nullableHelpers = types.Decl{Type: types.StaticClass("System.Nullable"), Doc: "Comparison of nullable values.", Members: []types.Member{
	{Sig: "static int Compare<T>(T? n1, T? n2)", Do: types.Fn2E(compareValues), Doc: "The order; null comes first.", Ex: "Nullable.Compare<int>(1, null) → 1"},
	{Sig: "static bool Equals<T>(T? n1, T? n2)", Do: types.Fn2(types.Equal), Doc: "Whether both are equal.", Ex: "Nullable.Equals<int>(1, 1) → True"},
}}
