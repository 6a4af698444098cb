package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// jTokenDecl is Newtonsoft.Json.Linq.JToken.
var jTokenDecl = types.Decl{
	Type: jTokenT, Doc: "Any JSON token.", Interfaces: []string{"IEnumerable<JToken>"},
	Members: concatRows([]types.Member{
		{Sig: "JTokenType Type { get; }", Do: types.Fn1(func(t *JToken) types.Enum { return types.Enum{Type: jTokenType, N: int64(t.kind)} }), Doc: "What the token is.", Ex: `JToken.Parse("5").Type.ToString() → Integer`},
		{Sig: "JToken this[object key] { get; set; }", Do: types.Fn2E((*JToken).item), Set: types.Do(setTokenItem), Doc: "The value of a property, null without it, or an item.", Ex: `JToken.Parse("[1,2]")[1].ToString() → 2`},
		{Sig: "JContainer Parent { get; }", Do: types.Fn1(func(t *JToken) *JToken { return t.parent }), Doc: "The container, or null."},
		{Sig: "JToken Root { get; }", Do: types.Fn1((*JToken).root), Doc: "The outermost token."},
		{Sig: "JToken First { get; }", Do: types.Fn1E(func(t *JToken) (*JToken, error) { return t.edge(0) }), Doc: "The first child, or null."},
		{Sig: "JToken Last { get; }", Do: types.Fn1E(func(t *JToken) (*JToken, error) { return t.edge(len(t.items) - 1) }), Doc: "The last child, or null."},
		{Sig: "JToken Next { get; }", Do: types.Fn1(func(t *JToken) *JToken { return t.sibling(1) }), Doc: "The next sibling, or null."},
		{Sig: "JToken Previous { get; }", Do: types.Fn1(func(t *JToken) *JToken { return t.sibling(-1) }), Doc: "The previous sibling, or null."},
		{Sig: "string Path { get; }", Do: types.Fn1((*JToken).path), Doc: "Where it is in its root.", Ex: `JObject.Parse("{'a':[{'b':1}]}")["a"][0]["b"].Path → a[0].b`},
		{Sig: "bool HasValues { get; }", Do: types.Fn1(func(t *JToken) bool { return len(t.items) > 0 }), Doc: "Whether it has children."},
		{Sig: "IJEnumerable<JToken> Children()", Do: types.Fn1(func(t *JToken) types.Value { return tokens(jTokenT, t.items) }), Doc: "Its children."},
		{Sig: "IJEnumerable<T> Children<T>()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			var out []*JToken
			for _, k := range c.This.(*JToken).items {
				if c.Env.Library.Is(k, c.Types[0]) {
					out = append(out, k)
				}
			}
			return tokens(c.Types[0], out), nil
		}), Doc: "Its children of a type."},
		{Sig: "T Value<T>(object key)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			k, err := c.This.(*JToken).item(c.Args[0])
			if err != nil {
				return nil, err
			}
			return convertToken(c.Env, k, c.Types[0])
		}), Doc: "The value of a property or item, converted; the default without it.", Ex: `JObject.Parse("{'a':'5'}").Value<int>("a") → 5`},
		{Sig: "IEnumerable<T> Values<T>()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			t := c.This.(*JToken)
			if t.isValue() {
				return nil, types.Throw(types.InvalidOperation, "Cannot access child value on "+className(t)+".")
			}
			return convertedTokens(c, t, func(k *JToken) []*JToken { return []*JToken{k} }), nil
		}), Doc: "Its children, converted."},
		{Sig: "IEnumerable<JToken> Ancestors()", Do: types.Fn1(func(t *JToken) types.Value { return tokens(jTokenT, t.ancestors(false)) }), Doc: "The containers around it, innermost first."},
		{Sig: "IEnumerable<JToken> AncestorsAndSelf()", Do: types.Fn1(func(t *JToken) types.Value { return tokens(jTokenT, t.ancestors(true)) }), Doc: "Itself and the containers around it."},
		{Sig: "IEnumerable<JToken> AfterSelf()", Do: types.Fn1(func(t *JToken) types.Value { return tokens(jTokenT, t.siblings(true)) }), Doc: "The siblings after it."},
		{Sig: "IEnumerable<JToken> BeforeSelf()", Do: types.Fn1(func(t *JToken) types.Value { return tokens(jTokenT, t.siblings(false)) }), Doc: "The siblings before it."},
		{Sig: "void AddAfterSelf(object content)", Do: types.Do(addBeside(1)), Doc: "Adds content after it."},
		{Sig: "void AddBeforeSelf(object content)", Do: types.Do(addBeside(0)), Doc: "Adds content before it."},
		{Sig: "void Remove()", Do: types.Fn1E(func(t *JToken) (types.Value, error) { return nil, t.remove() }), Doc: "Takes it out of its container."},
		{Sig: "void Replace(JToken value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return nil, c.This.(*JToken).replace(c.Env, c.Args[0])
		}), Doc: "Puts another token in its place."},
		{Sig: "JToken DeepClone()", Do: types.Do(deepClone), Doc: "A copy with all it contains."},
		{Sig: "static bool DeepEquals(JToken t1, JToken t2)", Do: types.Fn2(deepEquals), Doc: "Whether both contain the same.", Ex: `JToken.DeepEquals(JArray.Parse("[1,2]"), JArray.Parse("[2,1]")) → False`},
		{Sig: "static JToken Parse(string json)", Do: types.Do(parseToken(0)), Doc: "Reads JSON; JsonReaderException otherwise.", Ex: `JToken.Parse("{") ! JsonReaderException`},
		{Sig: "static JToken FromObject(object o)", Do: types.Do(fromObject(0)), Doc: "The JSON of a value."},
		{Sig: "JToken SelectToken(string path)", Do: types.Do(selectToken), Doc: "What a JSONPath finds; null for nothing, JsonException for several.", Ex: `JObject.Parse("{'a':[{'b':1},{'b':2}]}").SelectToken("a[1].b").ToString() → 2`},
		{Sig: "JToken SelectToken(string path, bool errorWhenNoMatch)", Do: types.Do(selectToken), Doc: "What a JSONPath finds; JsonException for nothing if asked."},
		{Sig: "IEnumerable<JToken> SelectTokens(string path)", Do: types.Do(selectTokens), Doc: "All a JSONPath finds.", Ex: `JObject.Parse("{'a':[{'b':1},{'b':2}]}").SelectTokens("$..b").Count() → 2`},
		{Sig: "IEnumerable<JToken> SelectTokens(string path, bool errorWhenNoMatch)", Do: types.Do(selectTokens), Doc: "All a JSONPath finds."},
		{Sig: "T ToObject<T>()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return toObject(c.Env, c.This.(*JToken), c.Types[0])
		}), Doc: "The token as a value of a type.", Ex: `JToken.Parse("['a']").ToObject<List<string>>()[0] → a`},
		{Sig: "object ToObject(Type objectType)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			t, ok := c.Args[0].(types.TypeValue)
			if !ok {
				return nil, types.ArgumentNull("objectType")
			}
			return toObject(c.Env, c.This.(*JToken), t.T)
		}), Doc: "The token as a value of a type."},
		{Sig: "string ToString()", Do: types.Do(tokenText), Doc: "The text of a value, indented JSON of the rest.", Ex: `new JValue("a\"b").ToString() → a"b`},
		{Sig: "string ToString(Formatting formatting)", Do: types.Do(tokenText), Doc: "The JSON.", Ex: `JToken.Parse("{ 'a' : [ ] }").ToString(Formatting.None) → {"a":[]}`},
	}, castRows()),
}

// item is the indexer: by name in an object, by position in an array.
func (t *JToken) item(key types.Value) (*JToken, error) {
	switch t.kind {
	case JObject:
		name, ok := key.(string)
		if !ok {
			return nil, types.Throw(types.ArgumentExc, "Accessed JObject values with invalid key value: "+types.ToString(key)+". Object property name expected.")
		}
		return t.child(name), nil
	case JArray, JConstructor:
		i, ok := key.(int32)
		if !ok {
			return nil, types.Throw(types.ArgumentExc, "Accessed JArray values with invalid key value: "+types.ToString(key)+". Int32 array index expected.")
		}
		if i < 0 || int(i) >= len(t.items) {
			return nil, errIndex
		}
		return t.items[i], nil
	}
	return nil, types.Throw(types.InvalidOperation, "Cannot access child value on "+className(t)+".")
}

func (t *JToken) at(i int32) (types.Value, error) {
	k, err := t.item(i)
	if k == nil {
		return nil, err
	}
	return k, err
}

func setTokenItem(c *types.Call) (types.Value, error) {
	t := c.This.(*JToken)
	if name, ok := c.Args[0].(string); ok && t.kind == JObject {
		return nil, t.setProperty(c.Env, name, c.Args[1])
	}
	k, err := t.item(c.Args[0])
	if err != nil {
		return nil, err
	}
	return nil, k.replace(c.Env, contentToken(c.Args[1]))
}

func (t *JToken) edge(i int) (*JToken, error) {
	if t.isValue() {
		return nil, types.Throw(types.InvalidOperation, "Cannot access child value on "+className(t)+".")
	}
	if i < 0 || i >= len(t.items) {
		return nil, nil
	}
	return t.items[i], nil
}

func (t *JToken) ancestors(self bool) []*JToken {
	var out []*JToken
	if !self {
		t = t.parent
	}
	for ; t != nil; t = t.parent {
		out = append(out, t)
	}
	return out
}

func (t *JToken) siblings(after bool) []*JToken {
	i := t.index()
	switch {
	case i < 0:
		return nil
	case after:
		return t.parent.items[i+1:]
	}
	return t.parent.items[:i]
}

func addBeside(by int) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		t := c.This.(*JToken)
		if t.parent == nil {
			return nil, types.Throw(types.InvalidOperation, "The parent is missing.")
		}
		return nil, t.parent.insertContent(c.Env, t.index()+by, c.Args[0])
	}
}

func deepClone(c *types.Call) (types.Value, error) {
	t := c.This.(*JToken)
	if err := c.Env.Charge(120 * t.count()); err != nil {
		return nil, err
	}
	return t.clone(), nil
}

// count is the number of tokens in the tree.
func (t *JToken) count() int {
	n := 1
	for _, k := range t.items {
		n += k.count()
	}
	return n
}

// parseToken makes the Parse of a class; kind 0 takes any token.
func parseToken(kind JKind) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		s, ok := c.Args[0].(string)
		if !ok {
			return nil, types.ArgumentNull("s")
		}
		if comment, only := onlyComment(s); only && kind == JNone {
			return &JToken{kind: JComment, value: comment}, c.Env.Charge(120 + 4*len(s))
		}
		t, err := ParseJToken(c.Env, s)
		if err != nil {
			return nil, err
		}
		if kind != JNone && t.kind != kind {
			name := map[JKind]string{JObject: "JObject", JArray: "JArray"}[kind]
			return nil, types.Throw(jsonReaderException, "Error reading "+name+" from JsonReader. Current JsonReader item is not an "+kindName(kind)+": "+kindName(t.kind)+". Path '', line 1, position 1.")
		}
		return t, nil
	}
}

func tokenText(c *types.Call) (types.Value, error) {
	t := c.This.(*JToken)
	var s string
	if len(c.Args) == 0 {
		s = t.NetString()
	} else {
		s = t.JSON(c.Args[0].(types.Enum).N == 1)
	}
	return s, c.Env.Charge(len(s))
}

var (
	iJEnumerable = types.Interface("Newtonsoft.Json.Linq.IJEnumerable<out T>")

	iJEnumerableDecl = types.Decl{Type: iJEnumerable, Doc: "A sequence of tokens.", Interfaces: []string{"IEnumerable<T>"}, Members: []types.Member{
		{Sig: "IJEnumerable<JToken> this[object key] { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return keyed(c, c.This, c.Args[0], jTokenT, false)
		}), Doc: "The values the tokens have under a key."},
	}}
)

// Tokens is an IJEnumerable<T>.
type Tokens struct {
	elem  *types.Type
	items []*JToken
}

func tokens(elem *types.Type, items []*JToken) *Tokens {
	return &Tokens{elem, append([]*JToken{}, items...)}
}

// NetType implements types.Typed.
func (s *Tokens) NetType() *types.Type { return iJEnumerable.Of(s.elem) }

// Len is the number of tokens.
func (s *Tokens) Len() int { return len(s.items) }

// Enumerate implements types.Sequence.
func (s *Tokens) Enumerate(*types.Env) types.Enumerator {
	return (&JToken{items: s.items}).Enumerate(nil)
}

// convertedTokens is a lazy sequence of tokens, or what of gives for each,
// converted to the last type argument.
func convertedTokens(c *types.Call, source types.Value, of func(k *JToken) []*JToken) types.Value {
	to := c.Types[len(c.Types)-1]
	return &types.Seq{Elem: to, Start: func(env *types.Env) types.Enumerator {
		e, err := types.Enumerate(env, source)
		if err != nil {
			return failing(err)
		}
		var queue []*JToken
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for len(queue) == 0 {
				v, ok, err := e.Next()
				if err == nil {
					err = env.Step(1)
				}
				if err != nil || !ok {
					return nil, false, err
				}
				k, _ := v.(*JToken)
				queue = of(k)
			}
			k := queue[0]
			queue = queue[1:]
			v, err := convertToken(env, k, to)
			return v, err == nil, err
		})
	}}
}

// keyed gives the values tokens have under a key, leaving out those without.
func keyed(c *types.Call, source, key types.Value, elem *types.Type, convert bool) (types.Value, error) {
	var out []*JToken
	items, err := collect(c.Env, source)
	if err != nil {
		return nil, err
	}
	for _, v := range items {
		t, _ := v.(*JToken)
		if t == nil {
			continue
		}
		k, err := t.item(key)
		if err != nil {
			return nil, err
		}
		if k != nil {
			out = append(out, k)
		}
	}
	if convert {
		return convertedTokens(c, tokens(jTokenT, out), func(k *JToken) []*JToken { return []*JToken{k} }), nil
	}
	return tokens(elem, out), nil
}
