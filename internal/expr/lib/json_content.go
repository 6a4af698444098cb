package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// isMany reports whether content of a container stands for its items.
func isMany(v types.Value) bool {
	switch v.(type) {
	case *JToken, string, *types.ByteArray, types.Dictionary:
		return false
	case types.Sequence:
		return true
	}
	return false
}

// contentToken makes a token of one piece of content.
func contentToken(v types.Value) *JToken {
	if t, ok := v.(*JToken); ok && t != nil {
		return t
	}
	if t, ok := v.(*JToken); ok && t == nil {
		return NewJValue(nil)
	}
	if b, ok := v.(*types.ByteArray); ok {
		return NewJValue(&types.ByteArray{B: b.B})
	}
	return NewJValue(v)
}

// checkContent refuses what a container cannot hold.
func (t *JToken) checkContent(k *JToken) error {
	switch {
	case t.kind == JObject && k.kind != JProperty, t.kind == JArray && k.kind == JProperty, t.kind == JProperty && k.kind == JProperty:
		return types.Throw(types.ArgumentExc, "Can not add "+className(k)+" to "+className(t)+".")
	case t.kind == JObject && t.property(k.name) != nil:
		return types.Throw(types.ArgumentExc, "Can not add property "+k.name+" to Newtonsoft.Json.Linq.JObject. Property with the same name already exists on object.")
	}
	return nil
}

func className(t *JToken) string { return t.NetType().Full() }

// insertContent adds content at a position: a token, the items of a sequence,
// or a value.
func (t *JToken) insertContent(env *types.Env, at int, content types.Value) error {
	if t.isValue() {
		return types.Throw(types.InvalidOperation, "Cannot add content to a value.")
	}
	if at < 0 || at > len(t.items) {
		return types.ArgumentRange("index", "Index must be within the bounds of the List.")
	}
	if isMany(content) {
		for v, err := range types.Each(env, content) {
			if err != nil {
				return err
			}
			if err := t.insertContent(env, at, v); err != nil {
				return err
			}
			at++
		}
		return nil
	}
	if t.kind == JProperty && len(t.items) > 0 {
		return types.Throw(jsonException, "Newtonsoft.Json.Linq.JProperty cannot have multiple values.")
	}
	k := contentToken(content)
	if k.kind == JNone {
		return types.Throw(types.ArgumentExc, "Could not determine JSON object type for type "+typeName(env, k.value)+".")
	}
	if err := firstError(t.checkContent(k), env.Charge(120+k.weight()), t.checkDepth(k)); err != nil {
		return err
	}
	t.link(at, k)
	return nil
}

func (t *JToken) addContent(env *types.Env, content types.Value) error {
	return t.insertContent(env, len(t.items), content)
}

// weight is what a copy of the token would take; nothing when it can be moved.
func (t *JToken) weight() int {
	if t.parent == nil {
		return 0
	}
	n := 120
	for _, k := range t.items {
		n += 120
		if len(k.items) > 0 {
			n += k.weight()
		}
	}
	return n
}

// checkDepth bounds the nesting of a tree, which recursion walks.
func (t *JToken) checkDepth(k *JToken) error {
	up := 0
	for p := t; p != nil; p = p.parent {
		up++
	}
	if up+k.height() > 4*maxDepth {
		return &types.Limit{What: "depth"}
	}
	return nil
}

func (t *JToken) height() int {
	h := 0
	for _, k := range t.items {
		h = max(h, k.height())
	}
	return h + 1
}

// replace puts content in the place of t.
func (t *JToken) replace(env *types.Env, content types.Value) error {
	p := t.parent
	if p == nil {
		return types.Throw(types.InvalidOperation, "The parent is missing.")
	}
	at := t.index()
	if err := p.removeAt(at); err != nil {
		return err
	}
	return p.insertContent(env, at, content)
}

func (t *JToken) remove() error {
	switch {
	case t.parent == nil:
		return types.Throw(types.InvalidOperation, "The parent is missing.")
	case t.parent.kind == JProperty:
		return types.Throw(jsonException, "Cannot add or remove items from Newtonsoft.Json.Linq.JProperty.")
	}
	return t.parent.removeAt(t.index())
}

// setProperty is the setter of JObject["name"].
func (t *JToken) setProperty(env *types.Env, name string, content types.Value) error {
	if p := t.property(name); p != nil {
		return p.setValue(env, content)
	}
	p := &JToken{kind: JProperty, name: name}
	if err := p.addContent(env, content); err != nil {
		return err
	}
	return t.addContent(env, p)
}

// setValue is the setter of JProperty.Value.
func (t *JToken) setValue(env *types.Env, content types.Value) error {
	k := contentToken(content)
	if len(t.items) > 0 && t.items[0] == k {
		return nil
	}
	for _, old := range t.items {
		old.parent = nil
	}
	t.items = nil
	return t.addContent(env, k)
}

// newProperty makes a property of content: a sequence becomes an array.
func newProperty(env *types.Env, name string, content types.Value) (*JToken, error) {
	p := &JToken{kind: JProperty, name: name}
	if isMany(content) {
		a := &JToken{kind: JArray}
		if err := a.addContent(env, content); err != nil {
			return nil, err
		}
		content = a
	}
	return p, p.addContent(env, content)
}

// merge copies content of another container into t: properties by name, array
// items by the MergeArrayHandling how.
func (t *JToken) merge(env *types.Env, other *JToken, how int64, ignoreNull bool) error {
	if other == nil || t.isValue() {
		return nil
	}
	switch {
	case t.kind == JObject && other.kind == JObject:
		for _, q := range append([]*JToken{}, other.items...) {
			if err := t.mergeProperty(env, q, how, ignoreNull); err != nil {
				return err
			}
		}
		return nil
	case t.kind == JArray && (other.kind == JArray || other.isValue()):
		return t.mergeArray(env, other, how, ignoreNull)
	}
	return nil
}

func (t *JToken) mergeProperty(env *types.Env, q *JToken, how int64, ignoreNull bool) error {
	v := q.items[0]
	p := t.property(q.name)
	switch {
	case p == nil:
		return t.setProperty(env, q.name, v)
	case v.kind == JNull && ignoreNull:
		return nil
	case p.items[0].isValue() || p.items[0].kind != v.kind:
		return p.setValue(env, v)
	}
	return p.items[0].merge(env, v, how, ignoreNull)
}

// The values of MergeArrayHandling.
const (
	mergeConcat = iota
	mergeUnion
	mergeReplace
	mergeMerge
)

func (t *JToken) mergeArray(env *types.Env, other *JToken, how int64, ignoreNull bool) error {
	items := append([]*JToken{}, other.items...)
	if other.isValue() {
		items = []*JToken{other}
	}
	switch how {
	case mergeReplace:
		t.removeAll()
	case mergeMerge:
		for i, k := range items {
			if i >= len(t.items) {
				if err := t.addContent(env, k); err != nil {
					return err
				}
				continue
			}
			if old := t.items[i]; !old.isValue() && old.kind == k.kind {
				if err := old.merge(env, k, how, ignoreNull); err != nil {
					return err
				}
			} else if k.kind != JNull {
				if err := old.replace(env, k); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, k := range items {
		if how == mergeUnion && t.holds(k) {
			continue
		}
		if err := t.addContent(env, k); err != nil {
			return err
		}
	}
	return nil
}

func (t *JToken) holds(k *JToken) bool {
	for _, have := range t.items {
		if deepEquals(have, k) {
			return true
		}
	}
	return false
}
