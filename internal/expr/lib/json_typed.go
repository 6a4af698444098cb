package lib

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// This file is what JsonConvert.DeserializeObject<T> does beyond JToken.ToObject<T>: it reads each value as its type, so that a wrong one is an
// error of the reader, a text that is empty counts as null, and a date stays text where text is wanted.

// deserialize reads the JSON argument of a call; no content gives nil.
func deserialize(c *types.Call, to *types.Type) (*JToken, error) {
	s, ok := c.Args[0].(string)
	if !ok {
		return nil, types.ArgumentNull("value")
	}
	if _, comment := onlyComment(s); comment || strings.TrimSpace(s) == "" {
		return nil, c.Env.Charge(len(s))
	}
	r := newReader(c.Env, s, leafType(to).Kind == types.KindString)
	r.unclosed = to.Kind == types.KindObject || c.Env.Library.Subtype(to, jTokenT)
	t, err := r.document()
	if err == nil && t.kind == JConstructor && to.Kind == types.KindObject {
		return nil, types.Throw(jsonSerializationException, "Additional text found in JSON string after finishing deserializing object. Path '[0]'.")
	}
	return t, err
}

// leafType is the type of the single values within a collection.
func leafType(to *types.Type) *types.Type {
	if _, value, ok := dictionaryShape(to); ok {
		return leafType(value)
	}
	if elem := elementShape(to); elem != nil {
		return leafType(elem)
	}
	return to
}

// readObject makes a value of a type from what the JSON text holds; nil stands for no content.
func readObject(env *types.Env, t *JToken, to *types.Type) (types.Value, error) {
	if t != nil && to == jTokenT {
		return t, nil
	}
	empty := t == nil || t.kind == JNull || t.kind == JString && t.value == "" && to.Kind != types.KindString && to.Kind != types.KindObject && !env.Library.Subtype(to, jTokenT)
	if empty {
		if to.CanBeNull() {
			return nil, nil
		}
		return nil, types.Throw(jsonSerializationException, "Error converting value {null} to type '"+to.Full()+"'. Path ''.")
	}
	if err := firstError(env.Step(1), env.Charge(32)); err != nil {
		return nil, err
	}
	if elem := elementShape(to); elem != nil && t.kind == JArray {
		items := make([]types.Value, len(t.items))
		for i, k := range t.items {
			var err error
			if items[i], err = readObject(env, k, elem); err != nil {
				return nil, err
			}
		}
		return collectionOf(env, to, elem, items)
	}
	if key, value, ok := dictionaryShape(to); ok && t.kind == JObject {
		return dictionaryOf(env, t, key, value, readObject)
	}
	under := to.Underlying()
	if !readsAs(t, under) {
		return nil, types.Throw(jsonReaderException, "Error reading "+strings.ToLower(under.Name)+". Unexpected token: "+kindName(t.kind)+". Path '"+t.path()+"'.")
	}
	if b, ok := t.value.(bool); ok && under.Kind == types.KindString {
		return map[bool]string{true: "true", false: "false"}[b], nil
	}
	v, err := toObject(env, t, to)
	if exc, ok := err.(*types.Exception); ok && typedReader(under) {
		return nil, types.Throw(jsonReaderException, "Could not convert to "+strings.ToLower(under.Name)+": "+exc.Message+" Path '"+t.path()+"'.")
	} else if ok && (exc.Type == types.Format || exc.Type == types.ArgumentExc || exc.Type == types.Overflow) {
		return nil, types.Throw(jsonSerializationException, "Error converting value "+types.ToString(t.value)+" to type '"+to.Full()+"'. Path '"+t.path()+"'.")
	}
	return v, err
}

// typedReader reports a type that the reader has a method of its own for.
func typedReader(t *types.Type) bool {
	switch t.Kind {
	case types.KindInt32, types.KindDouble, types.KindDecimal, types.KindBool, types.KindString:
		return true
	}
	return t == dateTime || t == dateTimeOffset
}

// readsAs reports whether the reader's method for a type takes a token of that kind at all.
func readsAs(t *JToken, to *types.Type) bool {
	if !typedReader(to) {
		return true
	}
	switch {
	case !t.isValue():
		return false
	case to.Kind == types.KindInt32:
		return t.kind == JInteger || t.kind == JString
	case to.Kind == types.KindDouble || to.Kind == types.KindDecimal:
		return t.kind == JInteger || t.kind == JFloat || t.kind == JString
	case to == dateTime || to == dateTimeOffset:
		return t.kind == JDate || t.kind == JString
	case to.Kind == types.KindBool:
		return t.kind != JDate
	}
	return true
}
