package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var stringJoin = []types.Member{
	{Sig: "static string Concat(object arg0)", Do: types.Do(concat), Doc: "The text of the value."},
	{Sig: "static string Concat(object arg0, object arg1)", Do: types.Do(concat), Doc: "The texts of the values, joined."},
	{Sig: "static string Concat(object arg0, object arg1, object arg2)", Do: types.Do(concat), Doc: "The texts of the values, joined."},
	{Sig: "static string Concat(params object[] args)", Do: types.Do(concatAll), Doc: "The texts of the values, joined.", Ex: `string.Concat(1, true, 'c', null) → 1Truec`},
	{Sig: "static string Concat(string str0, string str1)", Do: types.Do(concat), Doc: "The strings joined.", Ex: `string.Concat("a", null) → a`},
	{Sig: "static string Concat(string str0, string str1, string str2)", Do: types.Do(concat), Doc: "The strings joined."},
	{Sig: "static string Concat(string str0, string str1, string str2, string str3)", Do: types.Do(concat), Doc: "The strings joined."},
	{Sig: "static string Concat(params string[] values)", Do: types.Do(concatAll), Doc: "The strings joined."},
	{Sig: "static string Concat(IEnumerable<string> values)", Do: types.Do(concatAll), Doc: "The strings joined.", Ex: `string.Concat(new List<string> { "x", "y" }) → xy`},
	{Sig: "static string Concat<T>(IEnumerable<T> values)", Do: types.Do(concatAll), Doc: "The texts of the items, joined."},
	{Sig: "static string Join(string separator, params string[] value)", Do: types.Do(join), Doc: "The strings with a separator between.", Ex: `string.Join(",", "a", "b") → a,b`},
	{Sig: "static string Join(string separator, params object[] values)", Do: types.Do(join), Doc: "The texts with a separator between.", Ex: `string.Join("|", 1, "x", null) → 1|x|`},
	{Sig: "static string Join(string separator, IEnumerable<string> values)", Do: types.Do(join), Doc: "The strings with a separator between."},
	{Sig: "static string Join<T>(string separator, IEnumerable<T> values)", Do: types.Do(join), Doc: "The texts with a separator between.", Ex: `string.Join(",", new[] { 1, 2 }) → 1,2`},
	{Sig: "static string Join(string separator, string[] value, int startIndex, int count)", Do: types.Do(join), Doc: "Some of the strings with a separator between."},
	{Sig: "static string Format(string format, object arg0)", Do: types.Do(formatFew), Doc: "The format with {0} filled in.", Ex: `string.Format("{0:N2}|", 1234.5) → 1,234.50|`},
	{Sig: "static string Format(string format, object arg0, object arg1)", Do: types.Do(formatFew), Doc: "The format filled in."},
	{Sig: "static string Format(string format, object arg0, object arg1, object arg2)", Do: types.Do(formatFew), Doc: "The format filled in."},
	{Sig: "static string Format(string format, params object[] args)", Do: types.Do(formatMany), Doc: "The format filled in.", Ex: `string.Format("{0,5}|{0,-5}|{{}}", "ab") →    ab|ab   |{}`},
}

func concat(c *types.Call) (types.Value, error) { return joinValues(c.Env, "", types.Slice(c.Args)) }

func concatAll(c *types.Call) (types.Value, error) {
	e, err := types.Enumerate(c.Env, c.Args[0])
	if err != nil {
		return nil, err
	}
	return joinValues(c.Env, "", e)
}

func join(c *types.Call) (types.Value, error) {
	sep, _ := c.Args[0].(string)
	values := c.Args[1]
	if a, ok := values.(*types.Array); ok && len(c.Args) == 4 {
		start, count := int(c.Args[2].(int32)), int(c.Args[3].(int32))
		if err := checkRange(start, count, len(a.Items)); err != nil {
			return nil, err
		}
		values = &types.Array{Elem: a.Elem, Items: a.Items[start : start+count]}
	}
	e, err := types.Enumerate(c.Env, values)
	if err != nil {
		return nil, err
	}
	return joinValues(c.Env, sep, e)
}

// joinValues writes the texts of a sequence with a separator between; null has
// no text.
func joinValues(env *types.Env, sep string, e types.Enumerator) (types.Value, error) {
	var b strings.Builder
	split := false // whether a surrogate pair may meet at a seam
	for i := 0; ; i++ {
		v, ok, err := e.Next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		s := types.ToString(v)
		if err := firstError(env.Step(1), env.Charge(len(s)+len(sep))); err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteString(sep)
		}
		split = split || len(s) > 0 && s[0] == 0xED
		b.WriteString(s)
	}
	if split {
		return types.FromUnits(types.Units(b.String())), nil
	}
	return b.String(), nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func formatFew(c *types.Call) (types.Value, error) {
	return formatCall(c, c.Args[0], c.Args[1:])
}

func formatMany(c *types.Call) (types.Value, error) {
	args, _ := c.Args[1].(*types.Array)
	if args == nil {
		return nil, types.ArgumentNull("args")
	}
	return formatCall(c, c.Args[0], args.Items)
}

func formatCall(c *types.Call, format types.Value, args []types.Value) (types.Value, error) {
	f, ok := format.(string)
	if !ok {
		return nil, types.ArgumentNull("format")
	}
	return composite(c.Env, f, args)
}

var (
	errComposite = types.Throw(types.Format, "Input string was not in a correct format.")
	errFormatArg = types.Throw(types.Format, "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.")
)

// composite fills {index,alignment:format} holes.
func composite(env *types.Env, f string, args []types.Value) (string, error) {
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		c := f[i]
		if c != '{' && c != '}' {
			b.WriteByte(c)
			continue
		}
		if i+1 < len(f) && f[i+1] == c {
			b.WriteByte(c)
			i++
			continue
		}
		if c == '}' {
			return "", errComposite
		}
		text, end := holeText(f[i:])
		if end < 0 {
			return "", errComposite
		}
		s, err := hole(env, text, args)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
		i += end
	}
	return b.String(), env.Charge(b.Len())
}

// holeText gives what stands in the hole that s begins with, and where its closing brace is; braces in a format are written twice.
func holeText(s string) (text string, end int) {
	format := false
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		c := s[i]
		double := format && i+1 < len(s) && s[i+1] == c
		switch {
		case (c == '{' || c == '}') && double:
			i++
		case c == '}':
			return b.String(), i
		case c == '{':
			return "", -1
		}
		format = format || c == ':'
		b.WriteByte(c)
	}
	return "", -1
}

// hole fills one hole, given without its braces.
func hole(env *types.Env, h string, args []types.Value) (string, error) {
	h, format, _ := strings.Cut(h, ":")
	number, align, hasAlign := strings.Cut(h, ",")
	index, ok := smallNumber(strings.TrimRight(number, " "))
	if !ok || index < 0 {
		return "", errComposite
	}
	width := 0
	if hasAlign {
		if width, ok = smallNumber(strings.TrimSpace(align)); !ok {
			return "", errComposite
		}
	}
	if index >= len(args) {
		return "", errFormatArg
	}
	s, err := formatValue(env, args[index], format)
	if err != nil {
		return "", err
	}
	return alignText(env, s, width)
}

// formatValue is IFormattable.ToString(format).
func formatValue(env *types.Env, v types.Value, format string) (string, error) {
	if env.Library == nil || format == "" {
		return types.ToString(v), nil
	}
	return env.Library.Format(v, format)
}

func alignText(env *types.Env, s string, width int) (string, error) {
	n := max(width, -width) - types.Len(s)
	if n <= 0 {
		return s, nil
	}
	fill, err := repeat(env, " ", n)
	if width > 0 {
		return fill + s, err
	}
	return s + fill, err
}

// smallNumber reads up to six digits with an optional minus sign.
func smallNumber(s string) (int, bool) {
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	if s == "" || len(s) > 6 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	if neg {
		n = -n
	}
	return n, true
}
