package lib

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// call runs a row's function directly, receiver first when there is one.
func call(env *types.Env, f func(c *types.Call) (types.Value, error), this types.Value, args ...types.Value) (types.Value, error) {
	m := &types.Method{Name: "m"}
	for range args {
		m.Params = append(m.Params, types.Param{Name: "p", Type: types.Object})
	}
	return f(&types.Call{Env: env, This: this, Args: args, Method: m})
}

func chars(s string) *types.Array {
	a := &types.Array{Elem: types.CharT}
	for _, u := range types.Units(s) {
		a.Items = append(a.Items, types.Char(u))
	}
	return a
}

func list(v types.Value) string {
	var parts []string
	items, _ := itemsOf(v)
	for _, x := range items {
		parts = append(parts, types.ToString(x))
	}
	return strings.Join(parts, "|")
}

func TestSplit(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	remove := types.Enum{Type: stringSplitOptions, N: 1}
	none := types.Enum{Type: stringSplitOptions}
	for _, c := range []struct {
		s    string
		args []types.Value
		want string
	}{
		{"a,b,,c", []types.Value{chars(",")}, "a|b||c"},
		{"", []types.Value{chars(",")}, ""},
		{"a b\tc", []types.Value{chars("")}, "a|b|c"},
		{"a=b=c", []types.Value{chars("="), int32(2)}, "a|b=c"},
		{"a,,b,c", []types.Value{chars(","), int32(2), remove}, "a|b,c"},
		{",a,", []types.Value{chars(","), remove}, "a"},
		{"a::b::c", []types.Value{types.Strings([]string{"::"}), none}, "a|b|c"},
		{"é€é", []types.Value{chars("€")}, "é|é"},
		{"abc", []types.Value{types.Strings([]string{""}), none}, "abc"},
	} {
		v, err := call(env, split, c.s, c.args...)
		if err != nil {
			t.Fatal(err)
		}
		if got := list(v); got != c.want {
			t.Errorf("%q split by %v: got %s, want %s", c.s, c.args, got, c.want)
		}
	}
}

func TestPositionsCountUTF16Units(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	ignore := types.Enum{Type: stringComparison, N: 5}
	for _, c := range []struct {
		f    func(*types.Call) (types.Value, error)
		s    string
		args []types.Value
		want string
	}{
		{indexOf, "😀ab", []types.Value{"b"}, "3"},
		{indexOf, "éaé", []types.Value{types.Char('é'), int32(1)}, "2"},
		{indexOf, "ABC", []types.Value{"b", ignore}, "1"},
		{indexOf, "abc", []types.Value{""}, "0"},
		{indexOf, "abc", []types.Value{"a", int32(4)}, "! ArgumentOutOfRangeException"},
		{indexOf, "abc", []types.Value{nil}, "! ArgumentNullException"},
		{lastIndexOf, "Hello, World", []types.Value{"o", int32(7)}, "4"},
		{lastIndexOf, "a😀a", []types.Value{types.Char('a')}, "3"},
		{lastIndexOf, "", []types.Value{types.Char('a')}, "-1"},
		{lastIndexOf, "abc", []types.Value{"a", int32(9)}, "! ArgumentOutOfRangeException"},
	} {
		if got := outcome(call(env, c.f, c.s, c.args...)); got != c.want {
			t.Errorf("%q %v: got %s, want %s", c.s, c.args, got, c.want)
		}
	}
}

func TestCompositeFormats(t *testing.T) {
	t.Parallel()
	env := testEnv(t)
	for _, c := range []struct{ format, want string }{
		{"{0:N2} {1,6}|{1,-6}|", "1,234.50     ab|ab    |"},
		{"{{{0}}}", "{1234.5}"},
		{"{2}", "! FormatException"},
		{"{", "! FormatException"},
		{"}", "! FormatException"},
		{"{a}", "! FormatException"},
		{"{0,x}", "! FormatException"},
		{"{0,100000}{0,100000}", "! limit"},
	} {
		if c.want == "! limit" {
			env.Limits.Bytes = 50_000
			env.Begin()
		}
		if got := outcome(composite(env, c.format, []types.Value{1234.5, "ab"})); got != c.want {
			t.Errorf("%q: got %q, want %q", c.format, got, c.want)
		}
	}
}

func TestComparisonsByCulture(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b types.Value
		mode int64
		want int
	}{
		{"a", "B", 0, -1}, {"a", "A", 0, -1}, {"a", "A", 1, 0}, {"a", "B", 4, 1}, {"a", "A", 5, 0}, {nil, "a", 4, -1}, {nil, nil, 4, 0}, {"É", "é", 5, 0},
	} {
		got := int(compareStrings(c.a, c.b, c.mode))
		if got > 0 != (c.want > 0) || got < 0 != (c.want < 0) {
			t.Errorf("%v and %v in mode %d: got %d, want the sign of %d", c.a, c.b, c.mode, got, c.want)
		}
	}
}

func TestCaseIsMappedCharacterByCharacter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ s, up, low string }{{"straße", "STRAßE", "straße"}, {"ÀÉî", "ÀÉÎ", "àéî"}, {"ı", "ı", "ı"}, {"İ", "İ", "İ"}} {
		if upper(c.s) != c.up || lower(c.s) != c.low {
			t.Errorf("%s: got %s and %s, want %s and %s", c.s, upper(c.s), lower(c.s), c.up, c.low)
		}
	}
}

func TestWhatAnArgumentSizesIsCharged(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(env *types.Env) error{
		"new string('x', 2000000000)": func(env *types.Env) error {
			_, err := call(env, newString, nil, types.Char('x'), int32(2_000_000_000))
			return err
		},
		"PadLeft(2000000000)": func(env *types.Env) error {
			_, err := call(env, padded(true), "a", int32(2_000_000_000), types.Char(' '))
			return err
		},
		"Replace that multiplies": func(env *types.Env) error {
			_, err := call(env, stringReplace, strings.Repeat("a", 1<<16), "a", strings.Repeat("b", 1<<16))
			return err
		},
		"Enumerable.Range(0, 2000000000).ToList()": func(env *types.Env) error {
			_, err := collect(env, counted(types.Int32, 2_000_000_000, func(i int32) types.Value { return i }))
			return err
		},
		"Insert in a loop": func(env *types.Env) error {
			l := NewList(types.Int32, nil)
			for range 10_000_000 {
				if err := l.insert(env, 0, int32(1)); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		if err := f(testEnv(t)); thrown(err) != "limit" {
			t.Errorf("%s: got %v, want a limit", name, err)
		}
	}
}
