package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var stringBuilder = types.Class("System.Text.StringBuilder")

// StringBuilder is System.Text.StringBuilder. Text is appended to parts, which
// are joined when it is read.
type StringBuilder struct {
	b     []byte
	ascii bool // as long as all text was
}

// NetType implements types.Typed.
func (*StringBuilder) NetType() *types.Type { return stringBuilder }

// NetString implements types.Text.
func (s *StringBuilder) NetString() string { return string(s.b) }

func (s *StringBuilder) len() int {
	if s.ascii {
		return len(s.b)
	}
	return types.Len(string(s.b))
}

func (s *StringBuilder) append(env *types.Env, text string) error {
	if err := env.Charge(len(text)); err != nil {
		return err
	}
	s.ascii = s.ascii && types.IsASCII(text)
	if !s.ascii && len(text) > 0 && text[0] == 0xED {
		s.b = []byte(types.Concat(string(s.b), text))
		return nil
	}
	s.b = append(s.b, text...)
	return nil
}

// edit replaces the whole text by what f makes of it.
func (s *StringBuilder) edit(c *types.Call, f func(text string) (string, error)) (types.Value, error) {
	if err := firstError(c.Env.Charge(len(s.b)), c.Env.Step(int64(len(s.b)/64))); err != nil {
		return nil, err
	}
	text, err := f(string(s.b))
	if err != nil {
		return nil, err
	}
	s.b, s.ascii = []byte(text), types.IsASCII(text)
	return s, nil
}

func newStringBuilder(c *types.Call) (types.Value, error) {
	s := &StringBuilder{ascii: true}
	for _, v := range c.Args {
		if text, ok := v.(string); ok {
			return s, s.append(c.Env, text)
		}
	}
	return s, nil
}

// stringBuilderDecl is System.Text.StringBuilder.
var stringBuilderDecl = types.Decl{Type: stringBuilder, Doc: "Text that grows.", Members: concatRows([]types.Member{
	{Sig: "StringBuilder()", Do: types.Do(newStringBuilder), Doc: "Empty.", Ex: `new StringBuilder().Append("a").Append(1).ToString() → a1`},
	{Sig: "StringBuilder(int capacity)", Do: types.Do(newStringBuilder), Doc: "Empty."},
	{Sig: "StringBuilder(string value)", Do: types.Do(newStringBuilder), Doc: "Of a text."},
	{Sig: "StringBuilder(string value, int capacity)", Do: types.Do(newStringBuilder), Doc: "Of a text."},
	{Sig: "int Length { get; set; }", Do: types.Fn1(func(s *StringBuilder) int32 { return int32(s.len()) }), Set: types.Do(setBuilderLength), Doc: "The number of code units; setting it cuts or fills up.", Ex: `new StringBuilder("abc") { Length = 2 }.ToString() → ab`},
	{Sig: "int Capacity { get; set; }", Do: types.Fn1(func(s *StringBuilder) int32 { return int32(max(16, s.len())) }), Set: types.Do(nothing), Doc: "What it has room for."},
	{Sig: "char this[int index] { get; set; }", Do: types.Fn2E(func(s *StringBuilder, i int32) (types.Char, error) { return charAt(string(s.b), i) }), Set: types.Do(func(c *types.Call) (types.Value, error) {
		i := int(c.Args[0].(int32))
		return c.This.(*StringBuilder).edit(c, func(t string) (string, error) {
			units := types.Units(t)
			if i < 0 || i >= len(units) {
				return "", errIndex
			}
			units[i] = uint16(c.Args[1].(types.Char))
			return types.FromUnits(units), nil
		})
	}), Doc: "One code unit."},
	{Sig: "string ToString(int startIndex, int length)", Do: types.Fn3E(func(s *StringBuilder, start, n int32) (string, error) { return substring(string(s.b), start, n) }), Doc: "A part of the text."},
	{Sig: "StringBuilder Append(char value, int repeatCount)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		n := c.Args[1].(int32)
		if n < 0 {
			return nil, types.ArgumentRange("repeatCount", "Non-negative number required.")
		}
		text, err := repeat(c.Env, types.CharText(c.Args[0].(types.Char)), int(n))
		return c.This, firstError(err, c.This.(*StringBuilder).append(c.Env, text))
	}), Doc: "Appends a character many times.", Ex: `new StringBuilder().Append('x', 3).ToString() → xxx`},
	{Sig: "StringBuilder Append(string value, int startIndex, int count)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		text, err := substring(types.ToString(c.Args[0]), c.Args[1].(int32), c.Args[2].(int32))
		if err != nil {
			return nil, err
		}
		return c.This, c.This.(*StringBuilder).append(c.Env, text)
	}), Doc: "Appends a part of a text."},
	{Sig: "StringBuilder AppendLine()", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.This, c.This.(*StringBuilder).append(c.Env, "\n") }), Doc: "Appends a line feed."},
	{Sig: "StringBuilder AppendLine(string value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return c.This, c.This.(*StringBuilder).append(c.Env, types.ToString(c.Args[0])+"\n")
	}), Doc: "Appends a text and a line feed."},
	{Sig: "StringBuilder AppendFormat(string format, params object[] args)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		text, err := formatMany(c)
		if err != nil {
			return nil, err
		}
		return c.This, c.This.(*StringBuilder).append(c.Env, text.(string))
	}), Doc: "Appends a format filled in.", Ex: `new StringBuilder().AppendFormat("{0}-{1}", 1, "x").ToString() → 1-x`},
	{Sig: "StringBuilder Remove(int startIndex, int length)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		if n := c.Args[1].(int32); n < 0 {
			return nil, types.ArgumentRange("length", "Length cannot be less than zero.")
		}
		return c.This.(*StringBuilder).edit(c, func(t string) (string, error) { return removeFrom(t, c.Args[0].(int32), c.Args[1].(int32)) })
	}), Doc: "Removes some characters."},
	{Sig: "StringBuilder Replace(string oldValue, string newValue)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return c.This.(*StringBuilder).edit(c, func(t string) (string, error) {
			return textOf(stringReplace(&types.Call{Env: c.Env, This: t, Args: c.Args}))
		})
	}), Doc: "Replaces every oldValue."},
	{Sig: "StringBuilder Replace(string oldValue, string newValue, int startIndex, int count)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return c.This.(*StringBuilder).edit(c, func(t string) (string, error) {
			start, n := c.Args[2].(int32), c.Args[3].(int32)
			part, err := substring(t, start, n)
			if err != nil {
				return "", err
			}
			part, err = textOf(stringReplace(&types.Call{Env: c.Env, This: part, Args: c.Args[:2]}))
			return t[:types.Offset(t, int(start))] + part + t[types.Offset(t, int(start+n)):], err
		})
	}), Doc: "Replaces every oldValue in a part.", Ex: `new StringBuilder("hello").Replace("l", "L", 3, 1).ToString() → helLo`},
	{Sig: "StringBuilder Replace(char oldChar, char newChar)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return c.This.(*StringBuilder).edit(c, func(t string) (string, error) {
			return textOf(replaceText(&types.Call{Env: c.Env, This: t}, types.ToString(c.Args[0]), types.ToString(c.Args[1])))
		})
	}), Doc: "Exchanges a character."},
	{Sig: "StringBuilder Clear()", Do: types.Fn1(func(s *StringBuilder) *StringBuilder {
		s.b, s.ascii = nil, true
		return s
	}), Doc: "Removes everything."},
	{Sig: "StringBuilder EnsureCapacity(int capacity)", Do: types.Fn2(func(s *StringBuilder, _ int32) *StringBuilder { return s }), Doc: "Does nothing here."},
}, appendRows())}

func textOf(v types.Value, err error) (string, error) {
	s, _ := v.(string)
	return s, err
}

// appendRows are Append and Insert for each type that has a text.
func appendRows() []types.Member {
	var out []types.Member
	names := []string{"string", "object", "bool", "char", "char[]"}
	for _, t := range numbers {
		names = append(names, t.Keyword)
	}
	text := func(c *types.Call, v types.Value) (string, error) {
		if a, ok := v.(*types.Array); ok && a != nil && a.Elem.Kind == types.KindChar {
			return charsText(c.Env, a.Items)
		}
		return types.ToString(v), nil
	}
	for _, name := range names {
		out = append(out,
			types.Member{Sig: "StringBuilder Append(" + name + " value)", Doc: "Appends the text of a value.", Do: types.Do(func(c *types.Call) (types.Value, error) {
				s, err := text(c, c.Args[0])
				if err != nil {
					return nil, err
				}
				return c.This, c.This.(*StringBuilder).append(c.Env, s)
			})},
			types.Member{Sig: "StringBuilder Insert(int index, " + name + " value)", Doc: "Inserts the text of a value.", Do: types.Do(func(c *types.Call) (types.Value, error) {
				s, err := text(c, c.Args[1])
				if err != nil {
					return nil, err
				}
				return c.This.(*StringBuilder).edit(c, func(t string) (string, error) {
					return textOf(stringInsert(&types.Call{Env: c.Env, This: t, Args: []types.Value{c.Args[0], s}}))
				})
			})})
	}
	return out
}

func setBuilderLength(c *types.Call) (types.Value, error) {
	n := int(c.Args[0].(int32))
	if n < 0 {
		return nil, types.ArgumentRange("value", "Length cannot be less than zero.")
	}
	s := c.This.(*StringBuilder)
	if have := s.len(); n > have {
		fill, err := repeat(c.Env, "\x00", n-have)
		return nil, firstError(err, s.append(c.Env, fill))
	}
	return s.edit(c, func(t string) (string, error) { return types.Sub(t, 0, n), nil })
}

// Span implements types.Sized.
func (s *StringBuilder) Span() int { return len(s.b) / 8 }
