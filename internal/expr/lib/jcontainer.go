package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	mergeArrayHandling = types.EnumOf("Newtonsoft.Json.Linq.MergeArrayHandling", "Concat", "Union", "Replace", "Merge")
	mergeNullHandling  = types.EnumOf("Newtonsoft.Json.Linq.MergeNullValueHandling", "Ignore", "Merge")
	jsonMergeSettings  = types.Class("Newtonsoft.Json.Linq.JsonMergeSettings")

	mergeArrayHandlingDecl = types.Decl{Type: mergeArrayHandling, Doc: "How Merge treats arrays."}
	mergeNullHandlingDecl  = types.Decl{Type: mergeNullHandling, Doc: "How Merge treats nulls."}
	jsonMergeSettingsDecl  = types.Decl{Type: jsonMergeSettings, Doc: "How Merge works.", Members: []types.Member{
		{Sig: "JsonMergeSettings()", Do: types.Do(func(*types.Call) (types.Value, error) { return &mergeSettings{}, nil }), Doc: "Arrays are concatenated, nulls ignored."},
		{Sig: "MergeArrayHandling MergeArrayHandling { get; set; }", Do: types.Fn1(func(s *mergeSettings) types.Enum { return types.Enum{Type: mergeArrayHandling, N: s.arrays} }), Set: types.Fn2(func(s *mergeSettings, e types.Enum) types.Value { s.arrays = e.N; return nil }), Doc: "How arrays are merged."},
		{Sig: "MergeNullValueHandling MergeNullValueHandling { get; set; }", Do: types.Fn1(func(s *mergeSettings) types.Enum { return types.Enum{Type: mergeNullHandling, N: s.nulls} }), Set: types.Fn2(func(s *mergeSettings, e types.Enum) types.Value { s.nulls = e.N; return nil }), Doc: "How nulls are merged."},
	}}
)

type mergeSettings struct{ arrays, nulls int64 }

// NetType implements types.Typed.
func (*mergeSettings) NetType() *types.Type { return jsonMergeSettings }

// jContainerDecl is Newtonsoft.Json.Linq.JContainer.
var jContainerDecl = types.Decl{Type: jContainerT, Base: "JToken", Doc: "A token with children.", Members: []types.Member{
	{Sig: "int Count { get; }", Do: types.Fn1(func(t *JToken) int32 { return int32(len(t.items)) }), Doc: "The number of children.", Ex: `JObject.Parse("{'a':1}").Count → 1`},
	{Sig: "void Add(object content)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return nil, c.This.(*JToken).addContent(c.Env, c.Args[0])
	}), Doc: "Adds content at the end."},
	{Sig: "void AddFirst(object content)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return nil, c.This.(*JToken).insertContent(c.Env, 0, c.Args[0])
	}), Doc: "Adds content in front."},
	{Sig: "void RemoveAll()", Do: types.Fn1(func(t *JToken) types.Value { t.removeAll(); return nil }), Doc: "Removes all children."},
	{Sig: "void ReplaceAll(object content)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		t := c.This.(*JToken)
		t.removeAll()
		return nil, t.addContent(c.Env, c.Args[0])
	}), Doc: "Puts content in the place of all children."},
	{Sig: "IEnumerable<JToken> Descendants()", Do: types.Do(descendants(false)), Doc: "All tokens inside, in document order."},
	{Sig: "IEnumerable<JToken> DescendantsAndSelf()", Do: types.Do(descendants(true)), Doc: "Itself and all tokens inside."},
	{Sig: "void Merge(object content)", Do: types.Do(mergeContent), Doc: "Merges the content of another container.", Ex: `JObject.Parse("{'a':1}").Count → 1`},
	{Sig: "void Merge(object content, JsonMergeSettings settings)", Do: types.Do(mergeContent), Doc: "Merges the content of another container as asked."},
}}

func mergeContent(c *types.Call) (types.Value, error) {
	s := &mergeSettings{}
	if len(c.Args) > 1 {
		if given, ok := c.Args[1].(*mergeSettings); ok {
			s = given
		}
	}
	other, _ := c.Args[0].(*JToken)
	return nil, c.This.(*JToken).merge(c.Env, other, s.arrays, s.nulls == 0)
}

func descendants(self bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		t := c.This.(*JToken)
		n := t.count()
		if err := firstError(c.Env.Step(int64(n)), c.Env.Charge(8*n)); err != nil {
			return nil, err
		}
		out := t.flatten(make([]*JToken, 0, n))
		if !self {
			out = out[1:]
		}
		return tokens(jTokenT, out), nil
	}
}

func (t *JToken) flatten(out []*JToken) []*JToken {
	out = append(out, t)
	for _, k := range t.items {
		out = k.flatten(out)
	}
	return out
}

// newContainer makes a constructor of objects and arrays: of content, or a
// copy of another of the same class.
func newContainer(kind JKind, copies bool) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		t := &JToken{kind: kind}
		for _, v := range c.Args {
			if other, ok := v.(*JToken); ok && copies && other.kind == kind {
				for _, k := range other.items {
					if err := t.addContent(c.Env, k); err != nil {
						return nil, err
					}
				}
				continue
			}
			if err := t.addContent(c.Env, v); err != nil {
				return nil, err
			}
		}
		return t, nil
	})
}

// jObjectDecl is Newtonsoft.Json.Linq.JObject.
var jObjectDecl = types.Decl{
	Type: jObjectT, Base: "JContainer", Doc: "A JSON object; its properties keep their order.", Interfaces: []string{"IDictionary<string, JToken>"},
	Members: []types.Member{
		{Sig: "JObject()", Do: newContainer(JObject, false), Doc: "An empty object."},
		{Sig: "JObject(JObject other)", Do: newContainer(JObject, true), Doc: "A copy."},
		{Sig: "JObject(object content)", Do: newContainer(JObject, false), Doc: "Of properties.", Ex: `new JObject(new JProperty("a", 1)).ToString(Formatting.None) → {"a":1}`},
		{Sig: "JObject(params object[] content)", Do: newContainer(JObject, false), Doc: "Of properties; ArgumentException for equal names.", Ex: `new JObject(new JProperty("a", 1), new JProperty("a", 2)) ! ArgumentException`},
		{Sig: "static JObject Parse(string json)", Do: types.Do(parseToken(JObject)), Doc: "Reads an object; JsonReaderException otherwise.", Ex: `JObject.Parse("{'a':1,'a':2}").ToString(Formatting.None) → {"a":2}`},
		{Sig: "static JObject FromObject(object o)", Do: types.Do(fromObject(JObject)), Doc: "The JSON of a value.", Ex: `JObject.FromObject(new { a = 1 }).ToString(Formatting.None) → {"a":1}`},
		{Sig: "JToken this[string propertyName] { get; set; }", Do: types.Fn2(func(t *JToken, name string) *JToken { return t.child(name) }), Set: types.Do(setTokenItem), Doc: "The value of a property, or null.", Ex: `JObject.Parse("{}")["a"] == null → True`},
		{Sig: "IEnumerator<KeyValuePair<string, JToken>> GetEnumerator()", Do: types.Fn1(pairs), Doc: "Starts walking names and values."},
		{Sig: "JProperty Property(string name)", Do: types.Fn2(func(t *JToken, v types.Value) *JToken { name, _ := v.(string); return t.property(name) }), Doc: "A property, or null."},
		{Sig: "IEnumerable<JProperty> Properties()", Do: types.Fn1(func(t *JToken) types.Value { return tokens(jPropertyT, t.items) }), Doc: "The properties in order."},
		{Sig: "IJEnumerable<JToken> PropertyValues()", Do: types.Fn1(func(t *JToken) types.Value {
			var out []*JToken
			for _, p := range t.items {
				out = append(out, p.items[0])
			}
			return tokens(jTokenT, out)
		}), Doc: "The values of the properties."},
		{Sig: "JToken GetValue(string propertyName)", Do: types.Fn2(func(t *JToken, v types.Value) *JToken { name, _ := v.(string); return t.child(name) }), Doc: "The value of a property, or null."},
		{Sig: "JToken GetValue(string propertyName, StringComparison comparison)", Do: types.Fn3(func(t *JToken, v types.Value, cmp types.Enum) *JToken {
			name, _ := v.(string)
			if p := t.propertyFold(name, cmp); p != nil {
				return p.items[0]
			}
			return nil
		}), Doc: "The value of a property by a comparison of names, or null.", Ex: `JObject.Parse("{'a':1}").GetValue("A", StringComparison.OrdinalIgnoreCase).ToString() → 1`},
		{Sig: "bool TryGetValue(string propertyName, out JToken value)", Do: types.Fn3(func(t *JToken, v types.Value, out *types.Ref) bool {
			name, _ := v.(string)
			return giveToken(t.property(name), out)
		}), Doc: "The value of a property, and whether it is there."},
		{Sig: "bool TryGetValue(string propertyName, StringComparison comparison, out JToken value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			name, _ := c.Args[0].(string)
			return giveToken(c.This.(*JToken).propertyFold(name, c.Args[1].(types.Enum)), c.Args[2].(*types.Ref)), nil
		}), Doc: "The value of a property by a comparison of names."},
		{Sig: "bool ContainsKey(string propertyName)", Do: types.Fn2(func(t *JToken, name string) bool { return t.property(name) != nil }), Doc: "Whether the property is there."},
		{Sig: "void Add(string propertyName, JToken value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			name, ok := c.Args[0].(string)
			if !ok {
				return nil, types.ArgumentNull("name")
			}
			p, err := newProperty(c.Env, name, contentToken(c.Args[1]))
			if err != nil {
				return nil, err
			}
			return nil, c.This.(*JToken).addContent(c.Env, p)
		}), Doc: "Adds a property; ArgumentException when it is there."},
		{Sig: "bool Remove(string propertyName)", Do: types.Fn2(func(t *JToken, v types.Value) bool {
			name, _ := v.(string)
			p := t.property(name)
			return p != nil && p.remove() == nil
		}), Doc: "Removes a property."},
	},
}

func giveToken(p *JToken, out *types.Ref) bool {
	out.V = nil
	if p != nil {
		out.V = p.items[0]
	}
	return p != nil
}

func pairs(t *JToken) *Walk {
	pair := types.KeyValuePair.Of(types.String, jTokenT)
	i, n := 0, len(t.items)
	return &Walk{elem: pair, e: types.EnumeratorFunc(func() (types.Value, bool, error) {
		if len(t.items) != n {
			return nil, false, errModified
		}
		if i >= n {
			return nil, false, nil
		}
		i++
		return types.Pair{Type: pair, Key: t.items[i-1].name, Value: t.items[i-1].items[0]}, true, nil
	})}
}

// jArrayDecl is Newtonsoft.Json.Linq.JArray.
var jArrayDecl = types.Decl{
	Type: jArrayT, Base: "JContainer", Doc: "A JSON array.", Interfaces: []string{"IList<JToken>"},
	Members: []types.Member{
		{Sig: "JArray()", Do: newContainer(JArray, false), Doc: "An empty array."},
		{Sig: "JArray(JArray other)", Do: newContainer(JArray, true), Doc: "A copy."},
		{Sig: "JArray(object content)", Do: newContainer(JArray, false), Doc: "Of an item, or the items of a sequence.", Ex: `new JArray(new[] { 1, 2 }).ToString(Formatting.None) → [1,2]`},
		{Sig: "JArray(params object[] content)", Do: newContainer(JArray, false), Doc: "Of items.", Ex: `new JArray(1, "a", null).ToString(Formatting.None) → [1,"a",null]`},
		{Sig: "static JArray Parse(string json)", Do: types.Do(parseToken(JArray)), Doc: "Reads an array; JsonReaderException otherwise."},
		{Sig: "static JArray FromObject(object o)", Do: types.Do(fromObject(JArray)), Doc: "The JSON of a sequence."},
		{Sig: "JToken this[int index] { get; set; }", Do: types.Fn2E(func(t *JToken, i int32) (*JToken, error) { return t.item(i) }), Set: types.Do(setTokenItem), Doc: "An item; ArgumentOutOfRangeException outside."},
		{Sig: "bool IsReadOnly { get; }", Do: types.Fn1(func(*JToken) bool { return false }), Doc: "Always false."},
		{Sig: "void Add(JToken item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return nil, c.This.(*JToken).addContent(c.Env, contentToken(c.Args[0]))
		}), Doc: "Appends an item."},
		{Sig: "void Insert(int index, JToken item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return nil, c.This.(*JToken).insertContent(c.Env, int(c.Args[0].(int32)), contentToken(c.Args[1]))
		}), Doc: "Puts an item at a position."},
		{Sig: "void Clear()", Do: types.Fn1(func(t *JToken) types.Value { t.removeAll(); return nil }), Doc: "Removes all items."},
		{Sig: "bool Contains(JToken item)", Do: types.Fn2(func(t *JToken, k types.Value) bool { return t.find(k) >= 0 }), Doc: "Whether it holds this very token."},
		{Sig: "int IndexOf(JToken item)", Do: types.Fn2(func(t *JToken, k types.Value) int32 { return t.find(k) }), Doc: "Where it holds this very token, or -1."},
		{Sig: "bool Remove(JToken item)", Do: types.Fn2(func(t *JToken, k types.Value) bool {
			i := t.find(k)
			return i >= 0 && t.removeAt(int(i)) == nil
		}), Doc: "Removes this very token."},
		{Sig: "void RemoveAt(int index)", Do: types.Fn2E(func(t *JToken, i int32) (types.Value, error) { return nil, t.removeAt(int(i)) }), Doc: "Removes the item at a position."},
	},
}

// find looks for the very token.
func (t *JToken) find(k types.Value) int32 {
	for i, have := range t.items {
		if types.Value(have) == k {
			return int32(i)
		}
	}
	return -1
}

// jPropertyDecl, jConstructorDecl: the remaining containers.
var (
	jPropertyDecl = types.Decl{Type: jPropertyT, Base: "JContainer", Doc: "A name with its value.", Members: []types.Member{
		{Sig: "JProperty(JProperty other)", Do: types.Fn1E(func(t *JToken) (*JToken, error) {
			if t == nil {
				return nil, types.ArgumentNull("other")
			}
			return t.clone(), nil
		}), Doc: "A copy."},
		{Sig: "JProperty(string name, object content)", Do: types.Do(makeProperty), Doc: "Of a value; a sequence becomes an array.", Ex: `new JProperty("a", new[] { 1 }).ToString(Formatting.None) → "a":[1]`},
		{Sig: "JProperty(string name, params object[] content)", Do: types.Do(makeProperty), Doc: "Of an array.", Ex: `new JProperty("a", 1, 2).ToString(Formatting.None) → "a":[1,2]`},
		{Sig: "string Name { get; }", Do: types.Fn1(func(t *JToken) string { return t.name }), Doc: "The name."},
		{Sig: "JToken Value { get; set; }", Do: types.Fn1(func(t *JToken) *JToken { return t.items[0] }), Set: types.Do(func(c *types.Call) (types.Value, error) {
			return nil, c.This.(*JToken).setValue(c.Env, c.Args[0])
		}), Doc: "The value."},
	}}
	jConstructorDecl = types.Decl{Type: jConstructorT, Base: "JContainer", Doc: "A constructor call, which JSON proper does not have.", Members: []types.Member{
		{Sig: "JConstructor()", Do: newContainer(JConstructor, false), Doc: "Without a name."},
		{Sig: "JConstructor(string name)", Do: types.Do(makeConstructor), Doc: "Without arguments."},
		{Sig: "JConstructor(string name, params object[] content)", Do: types.Do(makeConstructor), Doc: "With arguments.", Ex: `new JConstructor("Date", 1).ToString(Formatting.None) → new Date(1)`},
		{Sig: "string Name { get; }", Do: types.Fn1(func(t *JToken) string { return t.name }), Doc: "The name."},
	}}
)

func makeProperty(c *types.Call) (types.Value, error) {
	name, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("name")
	}
	content := c.Args[1]
	if a, ok := content.(*types.Array); ok && a == nil {
		content = nil
	}
	return newProperty(c.Env, name, content)
}

func makeConstructor(c *types.Call) (types.Value, error) {
	name, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("name")
	}
	t := &JToken{kind: JConstructor, name: name}
	if len(c.Args) == 1 {
		return t, nil
	}
	return t, t.addContent(c.Env, c.Args[1])
}

// jValueDecl is Newtonsoft.Json.Linq.JValue, jRawDecl its JRaw.
var (
	jValueDecl = types.Decl{Type: jValueT, Base: "JToken", Doc: "A single JSON value.", Members: append([]types.Member{
		{Sig: "JValue(object value)", Do: types.Do(makeValue), Doc: "Of any value.", Ex: `new JValue((object)null).Type.ToString() → Null`},
		{Sig: "JValue(JValue other)", Do: types.Do(makeValue), Doc: "A copy."},
		{Sig: "object Value { get; set; }", Do: types.Fn1(func(t *JToken) types.Value { return t.value }), Set: types.Fn2(func(t *JToken, v types.Value) types.Value {
			if k := kindOf(v); t.kind != JRaw && t.kind != JComment {
				t.kind = k
			}
			t.value = v
			return nil
		}), Doc: "The value."},
		{Sig: "string ToString(string format)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return formatValue(c.Env, c.This.(*JToken).value, types.ToString(c.Args[0]))
		}), Doc: "The value under a format.", Ex: `new JValue(1234.5).ToString("N2") → 1,234.50`},
		{Sig: "int CompareTo(JValue obj)", Do: types.Fn2E(func(t, u *JToken) (int32, error) {
			if u == nil {
				return 1, nil
			}
			n, err := compareTokens(t, u)
			return int32(n), err
		}), Doc: "The order of two values."},
		{Sig: "bool Equals(JValue other)", Do: types.Fn2(func(t, u *JToken) bool { return u != nil && t.NetEquals(u) }), Doc: "Whether both have the same value.", Ex: "new JValue(5).Equals(new JValue(5)) → True"},
		{Sig: "static JValue CreateNull()", Do: types.Fn0(func() *JToken { return NewJValue(nil) }), Doc: "A null."},
		{Sig: "static JValue CreateUndefined()", Do: types.Fn0(func() *JToken { return &JToken{kind: JUndefined} }), Doc: "An undefined."},
		{Sig: "static JValue CreateString(string value)", Do: types.Fn1(func(v types.Value) *JToken { return &JToken{kind: JString, value: v} }), Doc: "A string."},
		{Sig: "static JValue CreateComment(string value)", Do: types.Fn1(func(v types.Value) *JToken { return &JToken{kind: JComment, value: v} }), Doc: "A comment."},
	}, valueConstructors()...)}
	jRawDecl = types.Decl{Type: jRawT, Base: "JValue", Doc: "JSON text that is written as it is.", Members: []types.Member{
		{Sig: "JRaw(object rawJson)", Do: types.Fn1(func(v types.Value) *JToken { return &JToken{kind: JRaw, value: v} }), Doc: "Of text.", Ex: `new JRaw("{ }").ToString() → { }`},
	}}
)

func makeValue(c *types.Call) (types.Value, error) {
	if t, ok := c.Args[0].(*JToken); ok && t != nil && t.isValue() {
		return t.clone(), nil
	}
	v := c.Args[0]
	if v != nil && kindOf(v) == JNone {
		return nil, types.Throw(types.ArgumentExc, "Could not determine JSON object type for type "+typeName(c.Env, v)+".")
	}
	return NewJValue(v), nil
}

func typeName(env *types.Env, v types.Value) string {
	if env.Library == nil {
		return "System.Object"
	}
	return env.Library.TypeOf(v).Full()
}

func valueConstructors() []types.Member {
	var out []types.Member
	for _, t := range []*types.Type{types.Int64, types.Decimal, types.CharT, types.UInt64, types.Double, types.Single, dateTime, dateTimeOffset, types.Bool, types.String, guid, uriT, timeSpan} {
		out = append(out, types.Member{Sig: "JValue(" + typeWord(t) + " value)", Do: types.Fn1(func(v types.Value) *JToken { return implicitToken(t, v) }), Doc: "Of a value."})
	}
	return out
}

// Enumerate implements types.Sequence: what is left of the walk.
func (w *Walk) Enumerate(*types.Env) types.Enumerator { return w.e }
