package lib

import (
	"strconv"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

const jsonSerializationException = "Newtonsoft.Json.JsonSerializationException"

// ToJToken is JToken.FromObject: the JSON of any value. Dictionaries become
// objects, sequences arrays, anonymous objects and tuples objects of their
// members.
func ToJToken(env *types.Env, v types.Value) (*JToken, error) {
	return (&serializer{env: env}).token(v, 0)
}

// serializer makes tokens of values. Those that are only written may have the comments of XML among the properties of an object, where no other
// token has them.
type serializer struct {
	env      *types.Env
	comments bool
}

func (m *serializer) token(v types.Value, depth int) (*JToken, error) {
	env := m.env
	if depth > maxDepth {
		return nil, types.Throw(jsonSerializationException, "Self referencing loop detected.")
	}
	if err := firstError(env.Step(1), env.Charge(120)); err != nil {
		return nil, err
	}
	if c, ok := v.(types.Char); ok {
		v = types.ToString(c)
	}
	if kindOf(v) != JNone {
		return NewJValue(v), nil
	}
	fields := func(names []string, values []types.Value) (*JToken, error) {
		o := &JToken{kind: JObject}
		for i, name := range names {
			k, err := m.token(values[i], depth+1)
			if err != nil {
				return nil, err
			}
			o.append(name, k)
		}
		return o, nil
	}
	switch x := v.(type) {
	case *JToken:
		if x.parent != nil {
			return x.clone(), env.Charge(120 * x.count())
		}
		return x, nil
	case *types.Anonymous:
		return fields(x.Type.Names, x.Items)
	case *types.Tuple:
		return fields(itemNames(len(x.Items)), x.Items)
	case *ClassicTuple:
		return fields(itemNames(len(x.items)), x.items)
	case types.Pair:
		return fields([]string{"Key", "Value"}, []types.Value{x.Key, x.Value})
	case *Node:
		return m.xmlToken(x)
	case types.Dictionary:
		return m.dictionaryToken(x, depth)
	case *types.Array:
		if len(x.Dims) > 1 {
			return m.rectangleToken(x.Items, x.Dims, depth)
		}
		return m.sequenceToken(x, depth)
	case types.Sequence:
		return m.sequenceToken(x, depth)
	}
	return &JToken{kind: JObject}, nil
}

// rectangleToken makes lists within lists of an array of several dimensions.
func (m *serializer) rectangleToken(items []types.Value, dims []int, depth int) (*JToken, error) {
	env := m.env
	if len(dims) == 1 {
		return m.sequenceToken(&types.Array{Elem: types.Object, Items: items}, depth)
	}
	out := &JToken{kind: JArray}
	if err := env.Charge(120 * (dims[0] + 1)); err != nil {
		return nil, err
	}
	row := 0
	if dims[0] > 0 {
		row = len(items) / dims[0]
	}
	for i := range dims[0] {
		k, err := m.rectangleToken(items[i*row:(i+1)*row], dims[1:], depth+1)
		if err != nil {
			return nil, err
		}
		out.link(i, k)
	}
	return out, nil
}

// sequenceToken makes a list of what a sequence gives.
func (m *serializer) sequenceToken(x types.Sequence, depth int) (*JToken, error) {
	env := m.env
	a := &JToken{kind: JArray}
	for item, err := range types.Each(env, x) {
		if err != nil {
			return nil, err
		}
		k, err := m.token(item, depth+1)
		if err != nil {
			return nil, err
		}
		if k.parent != nil {
			k = k.clone()
		}
		k.parent = a
		a.items = append(a.items, k)
	}
	return a, nil
}

func itemNames(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = "Item" + strconv.Itoa(i+1)
	}
	return out
}

func (m *serializer) dictionaryToken(d types.Dictionary, depth int) (*JToken, error) {
	env := m.env
	o := &JToken{kind: JObject}
	for item, err := range types.Each(env, d) {
		if err != nil {
			return nil, err
		}
		p, ok := item.(types.Pair)
		if !ok {
			continue
		}
		k, err := m.token(p.Value, depth+1)
		if err != nil {
			return nil, err
		}
		name := types.ToString(p.Key)
		if t, ok := p.Key.(DateTime); ok {
			name = jsonDate(t.civil())
		}
		if o.property(name) == nil {
			if k.parent != nil {
				k = k.clone()
			}
			o.append(name, k)
		}
	}
	return o, nil
}

// fromObject makes the FromObject of a class; kind 0 takes any token.
func fromObject(kind JKind) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		if c.Args[0] == nil {
			return nil, types.ArgumentNull("o")
		}
		t, err := ToJToken(c.Env, c.Args[0])
		if err != nil {
			return nil, err
		}
		if kind != JNone && t.kind != kind {
			return nil, types.Throw(types.ArgumentExc, "Object serialized to "+kindName(t.kind)+". J"+kindName(kind)+" instance expected.")
		}
		return t, nil
	}
}

// toObject is JToken.ToObject<T>, also what DeserializeObject<T> does.
func toObject(env *types.Env, t *JToken, to *types.Type) (types.Value, error) {
	if err := firstError(env.Step(1), env.Charge(32)); err != nil {
		return nil, err
	}
	switch {
	case t == nil:
		return types.Zero(to), nil
	case to.Kind == types.KindObject:
		return plainValue(t), nil
	case env.Library.Is(t, to) && (to.Kind != types.KindInterface || !t.isValue() && env.Library.Subtype(jTokenT, to)):
		return t, nil
	case env.Library.Subtype(to, jTokenT):
		if t.kind == JNull {
			return nil, nil
		}
		return nil, types.Throw(types.InvalidCast, "Unable to cast object of type '"+className(t)+"' to type '"+to.Full()+"'.")
	case t.kind == JProperty:
		return toObject(env, t.items[0], to)
	}
	if t.isValue() {
		return valueToObject(env, t, to)
	}
	return containerToObject(env, t, to)
}

func cannotConvert(t *JToken, to *types.Type) error {
	return types.Throw(jsonSerializationException, "Error converting "+kindName(t.kind)+" to type '"+to.Full()+"'. Path '"+t.path()+"'.")
}

// plainValue is what a token is as an object: the value of a JValue.
func plainValue(t *JToken) types.Value {
	if t.isValue() {
		return t.value
	}
	return t
}

func valueToObject(env *types.Env, t *JToken, to *types.Type) (types.Value, error) {
	nullable := to.CanBeNull()
	if t.value == nil {
		if nullable {
			return nil, nil
		}
		return nil, castOrConvert(t, to)
	}
	under := to.Underlying()
	if under.Kind == types.KindEnum {
		if n, _, ok := types.Integer(t.value); ok {
			return types.Enum{Type: under, N: n}, nil
		}
		return enumOf(under, types.ToString(t.value), true)
	}
	for _, c := range jsonCasts {
		if c.t.Same(under) {
			if c.t.Same(types.Bytes) && t.kind != JBytes && t.kind != JString {
				return nil, noBytes(t)
			}
			return castToken(env, t, c, nullable)
		}
	}
	return nil, cannotConvert(t, to)
}

// noBytes is the error of the reader where bytes are wanted.
func noBytes(t *JToken) error {
	return types.Throw(jsonReaderException, "Error reading bytes. Unexpected token: "+kindName(t.kind)+". Path '"+t.path()+"'.")
}

// containerToObject makes a dictionary of an object and a collection of an array.
func containerToObject(env *types.Env, t *JToken, to *types.Type) (types.Value, error) {
	if t.kind == JObject {
		if key, value, ok := dictionaryShape(to); ok {
			return dictionaryOf(env, t, key, value, toObject)
		}
		if to.Same(types.Bytes) {
			return nil, noBytes(t)
		}
		return nil, castOrConvert(t, to)
	}
	elem := elementShape(to)
	if elem == nil {
		return nil, castOrConvert(t, to)
	}
	items := make([]types.Value, len(t.items))
	for i, k := range t.items {
		var err error
		if to.Same(types.Bytes) && k.kind != JInteger {
			return nil, noBytes(k)
		}
		if items[i], err = toObject(env, k, elem); err != nil {
			return nil, err
		}
	}
	return collectionOf(env, to, elem, items)
}

// collectionOf makes an array, a set or a list.
func collectionOf(env *types.Env, to, elem *types.Type, items []types.Value) (types.Value, error) {
	switch {
	case to.Kind == types.KindArray:
		return arrayOf(env, elem, &types.Array{Items: items})
	case to.Def == hashSetT || to.Def == iSet:
		return setOf(env, elem, nil, &types.Array{Items: items})
	}
	return NewList(elem, items), nil
}

// dictionaryOf makes a dictionary of the properties of an object.
func dictionaryOf(env *types.Env, t *JToken, key, value *types.Type, convert func(*types.Env, *JToken, *types.Type) (types.Value, error)) (types.Value, error) {
	d := NewDictionary(key, value)
	for _, p := range t.items {
		k, err := convertTo(env, p.name, key)
		if err != nil {
			return nil, err
		}
		v, err := convert(env, p.items[0], value)
		if err == nil {
			err = d.Set(env, k, v)
		}
		if err != nil {
			return nil, err
		}
	}
	return d, nil
}

// castOrConvert is the error of a container where a single value is wanted.
func castOrConvert(t *JToken, to *types.Type) error {
	for _, c := range jsonCasts {
		if c.t.Same(to.Underlying()) {
			return types.Throw(types.ArgumentExc, "Can not convert "+kindName(t.kind)+" to "+to.Name+".")
		}
	}
	return cannotConvert(t, to)
}

func dictionaryShape(to *types.Type) (key, value *types.Type, ok bool) {
	switch to.Def {
	case dictionaryT, types.IDictionaryOf, types.IReadOnlyDictionary:
		if to.Def != nil {
			return to.Args[0], to.Args[1], true
		}
	}
	return nil, nil, false
}

func elementShape(to *types.Type) *types.Type {
	if to.Kind == types.KindArray {
		return to.Args[0]
	}
	switch to.Def {
	case nil:
		return nil
	case listT, hashSetT, iSet, types.IListOf, types.ICollectionOf, types.IEnumerableOf, types.IReadOnlyList, types.IReadOnlyCollection:
		return to.Args[0]
	}
	return nil
}

// jsonConvertDecl is Newtonsoft.Json.JsonConvert.
var jsonConvertDecl = types.Decl{
	Type: types.StaticClass("Newtonsoft.Json.JsonConvert"), Doc: "Values to JSON and back.",
	Denied: []string{"PopulateObject", "SerializeXNode", "DeserializeXNode", "SerializeXmlNode", "DeserializeXmlNode", "DeserializeAnonymousType", "DefaultSettings"},
	Members: []types.Member{
		{Sig: "static string ToString(object value)", Do: types.Do(serialize), Doc: "Not allowed: use SerializeObject.", Denied: true},
		{Sig: "static string SerializeObject(object value)", Do: types.Do(serialize), Doc: "The JSON of a value.", Ex: `JsonConvert.SerializeObject(new { a = 1, b = "x" }) → {"a":1,"b":"x"}`},
		{Sig: "static string SerializeObject(object value, Formatting formatting)", Do: types.Do(serialize), Doc: "The JSON of a value, perhaps indented."},
		{Sig: "static object DeserializeObject(string value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			t, err := deserialize(c, types.Object)
			if err != nil || t == nil {
				return nil, err
			}
			return plainValue(t), nil
		}), Doc: "A token, or the value of a single one; null for no content.", Ex: `JsonConvert.DeserializeObject("") == null → True`},
		{Sig: "static T DeserializeObject<T>(string value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			t, err := deserialize(c, c.Types[0])
			if err != nil {
				return nil, err
			}
			return readObject(c.Env, t, c.Types[0])
		}), Doc: "The JSON as a value of a type.", Ex: `JsonConvert.DeserializeObject<List<int>>("[1,2]").Sum() → 3`},
		{Sig: "static object DeserializeObject(string value, Type type)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			to, ok := c.Args[1].(types.TypeValue)
			if !ok {
				to.T = types.Object
			}
			t, err := deserialize(c, to.T)
			if err != nil {
				return nil, err
			}
			return readObject(c.Env, t, to.T)
		}), Doc: "The JSON as a value of a type."},
	},
}

func serialize(c *types.Call) (types.Value, error) {
	t, err := (&serializer{env: c.Env, comments: true}).token(c.Args[0], 0)
	if err != nil {
		return nil, err
	}
	s := t.JSON(len(c.Args) > 1 && c.Args[1].(types.Enum).N == 1)
	return s, c.Env.Charge(len(s))
}
