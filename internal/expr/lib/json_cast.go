package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// castSources say which kinds of token an explicit conversion takes.
var (
	fromNumbers = []JKind{JInteger, JFloat, JString, JComment, JRaw, JBoolean}
	fromText    = []JKind{JDate, JInteger, JFloat, JString, JComment, JRaw, JBoolean, JBytes, JGuid, JTimeSpan, JUri}
	fromChars   = []JKind{JInteger, JFloat, JString, JComment, JRaw}
	fromDates   = []JKind{JDate, JString, JComment, JRaw}
	fromGuids   = []JKind{JString, JComment, JRaw, JGuid, JBytes}
	fromSpans   = []JKind{JString, JComment, JRaw, JTimeSpan}
	fromUris    = []JKind{JString, JComment, JRaw, JUri}
	fromBytes   = []JKind{JBytes, JString, JComment, JRaw, JInteger}
)

// jsonCast is an explicit conversion of a token to a type.
type jsonCast struct {
	t     *types.Type
	from  []JKind
	value func(env *types.Env, v types.Value) (types.Value, error)
}

// jsonCasts are the conversions, by target; each value type also has one to its
// nullable form.
var jsonCasts = func() []jsonCast {
	out := []jsonCast{
		{types.String, fromText, castString},
		{types.Bool, fromNumbers, castWith(types.Bool)},
		{types.CharT, fromChars, castWith(types.CharT)},
		{dateTime, fromDates, castDate},
		{dateTimeOffset, fromDates, castOffset},
		{guid, fromGuids, castGuid},
		{timeSpan, fromSpans, castSpan},
		{uriT, fromUris, castUri},
		{types.Bytes, fromBytes, castBytes},
	}
	for _, t := range numbers {
		out = append(out, jsonCast{t, fromNumbers, castWith(t)})
	}
	return out
}()

func castWith(t *types.Type) func(env *types.Env, v types.Value) (types.Value, error) {
	return func(env *types.Env, v types.Value) (types.Value, error) {
		if b, ok := v.(bigInteger); ok {
			if t.IsInteger() {
				return nil, overflow(t)
			}
			v = plainNumber(b)
		}
		return convertTo(env, v, t)
	}
}

func castString(_ *types.Env, v types.Value) (types.Value, error) {
	if b, ok := v.(*types.ByteArray); ok {
		return base64Text(b.B), nil
	}
	return types.ToString(v), nil
}

func castDate(env *types.Env, v types.Value) (types.Value, error) {
	if d, ok := v.(DateTimeOffset); ok {
		return DateTime{ticks: d.clock()}, nil
	}
	return convertDate(env, v)
}

func castOffset(env *types.Env, v types.Value) (types.Value, error) {
	switch d := v.(type) {
	case DateTimeOffset:
		return d, nil
	case DateTime:
		return DateTimeOffset{utc: d.ticks}, nil
	}
	d, err := parseOffset(&types.Call{Env: env, Args: []types.Value{types.ToString(v)}})
	return d, err
}

func castGuid(_ *types.Env, v types.Value) (types.Value, error) {
	if b, ok := v.(*types.ByteArray); ok {
		return guidOfBytes(b)
	}
	if g, ok := v.(Guid); ok {
		return g, nil
	}
	return ParseGuid(types.ToString(v))
}

func castSpan(_ *types.Env, v types.Value) (types.Value, error) {
	if s, ok := v.(TimeSpan); ok {
		return s, nil
	}
	return ParseTimeSpan(types.ToString(v))
}

func castUri(_ *types.Env, v types.Value) (types.Value, error) {
	if u, ok := v.(*Uri); ok {
		return u, nil
	}
	u, err := ParseUri(types.ToString(v))
	if err != nil {
		return nil, err
	}
	return u, nil
}

func castBytes(env *types.Env, v types.Value) (types.Value, error) {
	if b, ok := v.(*types.ByteArray); ok {
		return b, nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, types.Throw(types.ArgumentExc, "Can not convert the value to byte array.")
	}
	return fromBase64(&types.Call{Env: env, Args: []types.Value{s}})
}

// castToken performs an explicit conversion: a property counts as its value;
// null gives null where the target has one.
func castToken(env *types.Env, t *JToken, c jsonCast, nullable bool) (types.Value, error) {
	if t == nil {
		if nullable {
			return nil, nil
		}
		return nil, types.ArgumentNull("value")
	}
	if t.kind == JProperty && len(t.items) > 0 {
		t = t.items[0]
	}
	allowed := nullable && (t.kind == JNull || t.kind == JUndefined) && !c.t.Same(types.Bytes)
	for _, k := range c.from {
		allowed = allowed || t.kind == k
	}
	if !allowed || t.value == nil && !nullable {
		return nil, types.Throw(types.ArgumentExc, "Can not convert "+kindName(t.kind)+" to "+strings.TrimSuffix(c.t.Name, "?")+".")
	}
	if t.value == nil {
		return nil, nil
	}
	return c.value(env, t.value)
}

func kindName(k JKind) string { return jTokenType.Enum.Names[k] }

// castRows are the explicit conversions from JToken, and the implicit ones to it.
func castRows() []types.Member {
	var out []types.Member
	for _, c := range jsonCasts {
		name := typeWord(c.t)
		if c.t == types.Bytes {
			name = "byte[]"
		}
		row := func(name string, nullable bool) {
			out = append(out, types.Member{Sig: "static explicit operator " + name + "(JToken value)", Doc: "The value of a token.", Do: types.Do(func(call *types.Call) (types.Value, error) {
				t, _ := call.Args[0].(*JToken)
				return castToken(call.Env, t, c, nullable)
			})})
			if c.t.Kind == types.KindChar {
				return // a char goes to a token as the number that it is
			}
			out = append(out, types.Member{Sig: "static implicit operator JToken(" + name + " value)", Doc: "A token of a value.", Do: types.Fn1(func(v types.Value) *JToken { return implicitToken(c.t, v) })})
		}
		reference := !c.t.IsValue()
		row(name, reference)
		if !reference {
			row(name+"?", true)
		}
	}
	return out
}

// implicitToken keeps the kind of the static type: a null string is a string
// token without a value. Integers are kept as longs.
func implicitToken(t *types.Type, v types.Value) *JToken {
	switch t.Kind {
	case types.KindString:
		return &JToken{kind: JString, value: v}
	case types.KindSByte, types.KindByte, types.KindInt16, types.KindUInt16, types.KindInt32, types.KindUInt32:
		if n, _, ok := types.Integer(v); ok {
			return NewJValue(n)
		}
	case types.KindChar:
		return &JToken{kind: JString, value: v}
	}
	return NewJValue(v)
}

// convertToken is Extensions.Value<T>: the token itself when it is a T, else
// its value converted.
func convertToken(env *types.Env, t *JToken, to *types.Type) (types.Value, error) {
	if t == nil {
		return types.Zero(to), nil
	}
	if env.Library.Is(t, to) {
		return t, nil
	}
	if !t.isValue() {
		return nil, types.Throw(types.InvalidCast, "Cannot cast "+className(t)+" to "+to.Full()+".")
	}
	if t.value == nil {
		if to.CanBeNull() {
			return nil, nil
		}
		return nil, types.Throw(types.InvalidCast, "Null object cannot be converted to a value type.")
	}
	if env.Library.Is(t.value, to) {
		return t.value, nil
	}
	return castWith(to.Underlying())(env, t.value)
}
