package lib

import (
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// The types of Newtonsoft.Json.Linq that hold values, and JTokenType.
var (
	jTokenT       = types.Class("Newtonsoft.Json.Linq.JToken")
	jContainerT   = types.Class("Newtonsoft.Json.Linq.JContainer")
	jObjectT      = types.Class("Newtonsoft.Json.Linq.JObject")
	jArrayT       = types.Class("Newtonsoft.Json.Linq.JArray")
	jPropertyT    = types.Class("Newtonsoft.Json.Linq.JProperty")
	jValueT       = types.Class("Newtonsoft.Json.Linq.JValue")
	jRawT         = types.Class("Newtonsoft.Json.Linq.JRaw")
	jConstructorT = types.Class("Newtonsoft.Json.Linq.JConstructor")

	jTokenType = types.EnumOf("Newtonsoft.Json.Linq.JTokenType", "None", "Object", "Array", "Constructor", "Property", "Comment",
		"Integer", "Float", "String", "Boolean", "Null", "Undefined", "Date", "Raw", "Bytes", "Guid", "Uri", "TimeSpan")
	formatting = types.EnumOf("Newtonsoft.Json.Formatting", "None", "Indented")

	jTokenTypeDecl = types.Decl{Type: jTokenType, Doc: "What a token is."}
	formattingDecl = types.Decl{Type: formatting, Doc: "Whether JSON is indented."}
)

// JKind is a JTokenType.
type JKind int64

// The kinds of tokens, in the order of JTokenType.
const (
	JNone JKind = iota
	JObject
	JArray
	JConstructor
	JProperty
	JComment
	JInteger
	JFloat
	JString
	JBoolean
	JNull
	JUndefined
	JDate
	JRaw
	JBytes
	JGuid
	JUri
	JTimeSpan
)

// JToken is any token of Newtonsoft.Json.Linq: an object holds properties, a
// property one value, an array tokens, a value a Value. A token has one parent;
// adding it to a second one adds a copy.
type JToken struct {
	kind   JKind
	name   string      // of a property or constructor
	value  types.Value // of a value; raw JSON text
	items  []*JToken
	parent *JToken
	names  map[string]*JToken // properties by name, of an object with many
}

// manyProperties is the size from which an object is searched through a map.
const manyProperties = 12

// NetType implements types.Typed.
func (t *JToken) NetType() *types.Type {
	switch t.kind {
	case JObject:
		return jObjectT
	case JArray:
		return jArrayT
	case JProperty:
		return jPropertyT
	case JConstructor:
		return jConstructorT
	case JRaw:
		return jRawT
	}
	return jValueT
}

// Kind tells what the token is.
func (t *JToken) Kind() JKind { return t.kind }

// NetString implements types.Text: the text of a value, indented JSON of the rest.
func (t *JToken) NetString() string {
	if t.isValue() {
		return types.ToString(t.value)
	}
	return t.JSON(true)
}

func (t *JToken) isValue() bool {
	switch t.kind {
	case JObject, JArray, JProperty, JConstructor:
		return false
	}
	return true
}

// Enumerate implements types.Sequence: the children.
func (t *JToken) Enumerate(*types.Env) types.Enumerator {
	i, n := 0, len(t.items)
	return types.EnumeratorFunc(func() (types.Value, bool, error) {
		if len(t.items) != n {
			return nil, false, errModified
		}
		if i >= n {
			return nil, false, nil
		}
		i++
		return t.items[i-1], true, nil
	})
}

// Len is Count.
func (t *JToken) Len() int { return len(t.items) }

// Get implements types.Dictionary for objects.
func (t *JToken) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	if p := t.property(name); p != nil {
		return p.items[0], true
	}
	return nil, false
}

// NewJValue wraps a value in a token.
func NewJValue(v types.Value) *JToken { return &JToken{kind: kindOf(v), value: v} }

func kindOf(v types.Value) JKind {
	switch v := v.(type) {
	case nil:
		return JNull
	case string:
		return JString
	case bool:
		return JBoolean
	case float32, float64, Decimal:
		return JFloat
	case DateTime, DateTimeOffset:
		return JDate
	case *types.ByteArray:
		return JBytes
	case Guid:
		return JGuid
	case *Uri:
		return JUri
	case TimeSpan:
		return JTimeSpan
	case bigInteger, types.Enum:
		return JInteger
	default:
		if _, _, ok := types.Integer(v); ok {
			return JInteger
		}
	}
	return JNone
}

// property finds a property of an object.
func (t *JToken) property(name string) *JToken {
	if t.kind != JObject {
		return nil
	}
	if len(t.items) < manyProperties {
		for _, p := range t.items {
			if p.name == name {
				return p
			}
		}
		return nil
	}
	if t.names == nil {
		t.names = make(map[string]*JToken, len(t.items))
		for _, p := range t.items {
			t.names[p.name] = p
		}
	}
	return t.names[name]
}

// propertyFold finds a property exactly, else by a comparison.
func (t *JToken) propertyFold(name string, cmp types.Enum) *JToken {
	if p := t.property(name); p != nil {
		return p
	}
	for _, p := range t.items {
		if compareStrings(p.name, name, cmp.N) == 0 {
			return p
		}
	}
	return nil
}

// child gives the value of a property, or null.
func (t *JToken) child(name string) *JToken {
	if p := t.property(name); p != nil {
		return p.items[0]
	}
	return nil
}

// link puts tokens under t at a position; those that have a parent already, or
// contain t, are copied.
func (t *JToken) link(at int, tokens ...*JToken) {
	for i, k := range tokens {
		if k.parent != nil || k == t || t.root() == k {
			k = k.clone()
			tokens[i] = k
		}
		k.parent = t
	}
	t.names = nil
	if at == len(t.items) {
		t.items = append(t.items, tokens...)
		return
	}
	t.items = append(t.items[:at:at], append(tokens, t.items[at:]...)...)
}

func (t *JToken) root() *JToken {
	for t.parent != nil {
		t = t.parent
	}
	return t
}

func (t *JToken) clone() *JToken {
	c := &JToken{kind: t.kind, name: t.name, value: t.value, items: make([]*JToken, len(t.items))}
	for i, k := range t.items {
		c.items[i] = k.clone()
		c.items[i].parent = c
	}
	return c
}

// index is the position of t under its parent, or -1.
func (t *JToken) index() int {
	if t.parent != nil {
		for i, k := range t.parent.items {
			if k == t {
				return i
			}
		}
	}
	return -1
}

// sibling is the token so many places further, or null.
func (t *JToken) sibling(by int) *JToken {
	if i := t.index() + by; t.parent != nil && i >= 0 && i < len(t.parent.items) {
		return t.parent.items[i]
	}
	return nil
}

func (t *JToken) removeAt(i int) error {
	if i < 0 || i >= len(t.items) {
		return types.ArgumentRange("index", "Index is equal to or greater than Count.")
	}
	t.items[i].parent = nil
	t.items = append(t.items[:i:i], t.items[i+1:]...)
	t.names = nil
	return nil
}

func (t *JToken) removeAll() {
	for _, k := range t.items {
		k.parent = nil
	}
	t.items, t.names = nil, nil
}

// path is the JSONPath of the token from its root.
func (t *JToken) path() string {
	var parts []string
	for ; t.parent != nil; t = t.parent {
		switch t.parent.kind {
		case JArray, JConstructor:
			parts = append(parts, "["+strconv.Itoa(t.index())+"]")
		case JObject:
			if strings.ContainsAny(t.name, " .'[]()\"\\/@*?{}$,:~!&|<>=\t\r\n\b\f") {
				parts = append(parts, "['"+t.name+"']")
			} else {
				parts = append(parts, "."+t.name)
			}
		}
	}
	var b strings.Builder
	for i := len(parts) - 1; i >= 0; i-- {
		b.WriteString(parts[i])
	}
	return strings.TrimPrefix(b.String(), ".")
}

// NetEquals implements types.Equatable: values by their value, the rest by
// reference.
func (t *JToken) NetEquals(other types.Value) bool {
	u, ok := other.(*JToken)
	if !ok || t == nil || u == nil {
		return ok && t == u
	}
	return t == u || t.isValue() && u.isValue() && valuesEqual(t, u)
}

// NetHash implements types.Equatable.
func (t *JToken) NetHash() int32 {
	if t.isValue() {
		if t.kind == JInteger || t.kind == JFloat {
			return types.Hash(numberFloat(t.value))
		}
		return types.Hash(t.value)
	}
	return int32(t.kind)*31 + int32(len(t.name))
}

// NetCompare implements types.Ordered, for values.
func (t *JToken) NetCompare(other types.Value) (int, error) {
	u, ok := other.(*JToken)
	if !ok || !t.isValue() || !u.isValue() {
		return 0, types.Throw(types.ArgumentExc, "At least one object must implement IComparable.")
	}
	return compareTokens(t, u)
}

func isNumberKind(k JKind) bool { return k == JInteger || k == JFloat }

func valuesEqual(t, u *JToken) bool {
	if isNumberKind(t.kind) && t.kind == u.kind || t.kind == u.kind && t.kind == JNull {
		n, err := compareTokens(t, u)
		return err == nil && n == 0
	}
	if t.kind != u.kind {
		return false
	}
	if a, ok := t.value.(*types.ByteArray); ok {
		b, ok := u.value.(*types.ByteArray)
		return ok && string(a.B) == string(b.B)
	}
	return types.Equal(t.value, u.value)
}

// deepEquals compares tokens with all they contain; the order of properties
// does not matter.
func deepEquals(t, u *JToken) bool {
	switch {
	case t == nil || u == nil:
		return t == u
	case t.kind != u.kind || len(t.items) != len(u.items) || t.name != u.name:
		return false
	case t.isValue():
		return valuesEqual(t, u)
	case t.kind == JObject:
		for _, p := range t.items {
			if q := u.property(p.name); q == nil || !deepEquals(p.items[0], q.items[0]) {
				return false
			}
		}
		return true
	}
	for i := range t.items {
		if !deepEquals(t.items[i], u.items[i]) {
			return false
		}
	}
	return true
}

// Span implements types.Sized.
func (t *JToken) Span() int {
	if t == nil {
		return 0
	}
	return len(t.items)
}

// NetWrapped implements types.Wrapper: a single value formats as what it holds.
func (t *JToken) NetWrapped() (types.Value, bool) {
	if t == nil || t.kind == JRaw || !t.isValue() {
		return nil, false
	}
	return t.value, t.value != nil
}
