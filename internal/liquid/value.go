package liquid

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// The values of a template: nil, strings, bools, the numbers and dates of the expression library, []any, *Hash and Pair; and any Lookup that
// whoever renders hands in. Nothing a template does changes a value.

// Hash is an object: names in their order. Names are found exactly, else without regard to case.
type Hash struct {
	names  []string
	values []any
	index  map[string]int
	many   map[string]bool // names whose value is a list of elements that stand there more than once
	// Own is what stands for the hash where text is wanted; "" for none.
	Own string
}

// NewHash makes a hash of names and values, one after another.
func NewHash(pairs ...any) *Hash {
	h := &Hash{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i].(string), pairs[i+1])
	}
	return h
}

// Set adds a value or replaces the one of the same name.
func (h *Hash) Set(name string, v any) {
	if i, ok := h.index[name]; ok {
		h.values[i] = v
		return
	}
	if h.index == nil {
		h.index = map[string]int{}
	}
	h.index[name] = len(h.names)
	h.names, h.values = append(h.names, name), append(h.values, v)
}

// Get finds a value.
func (h *Hash) Get(name string) (any, bool) {
	if i, ok := h.index[name]; ok {
		return h.values[i], true
	}
	for i, n := range h.names {
		if strings.EqualFold(n, name) {
			return h.values[i], true
		}
	}
	if !strings.HasPrefix(name, "@") {
		return h.attribute("@" + name)
	}
	return nil, false
}

// attribute finds what an XML attribute has left.
func (h *Hash) attribute(name string) (any, bool) {
	i, ok := h.index[name]
	if !ok {
		return nil, false
	}
	return h.values[i], true
}

// Len is the number of names.
func (h *Hash) Len() int { return len(h.names) }

// pairs are the entries in order.
func (h *Hash) pairs() []any {
	out := make([]any, len(h.names))
	for i, n := range h.names {
		out[i] = Pair{n, h.values[i]}
	}
	return out
}

// Pair is one entry of a hash, as a loop over one gives it.
type Pair struct {
	Key   string
	Value any
}

// member finds Key and Value by name or place; an entry that holds a hash lends that one's names.
func (p Pair) member(key any) (any, bool) {
	if n, ok := wholeNumber(key); ok {
		switch n {
		case 0:
			return p.Key, true
		case 1:
			return p.Value, true
		}
		return nil, false
	}
	switch name := types.ToString(key); name {
	case "Key", "itemName", "0":
		return p.Key, true
	case "Value", "1", p.Key:
		return p.Value, true
	default:
		if h, ok := p.Value.(*Hash); ok {
			return h.Get(name)
		}
	}
	return nil, false
}

// Walk is a Lookup that loops can go through; entries are a Pair each.
type Walk interface {
	Lookup
	Entries() []any
}

// enumerate gives the items of anything that can be walked: a string has its characters, a hash its entries.
func enumerate(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case *Hash:
		return v.pairs(), true
	case Walk:
		return v.Entries(), true
	case string:
		units := types.Units(v)
		out := make([]any, len(units))
		for i, u := range units {
			out[i] = types.CharText(types.Char(u))
		}
		return out, true
	}
	return nil, false
}

// written is how an output tag writes a value.
func written(v any) string {
	switch v := v.(type) {
	case bool:
		return strings.ToLower(types.ToString(v))
	case []any:
		var b strings.Builder
		for _, item := range v {
			b.WriteString(plain(item))
		}
		return b.String()
	}
	return plain(v)
}

// plain is ToString() of a value, decimals without trailing zeros.
func plain(v any) string {
	switch v := v.(type) {
	case nil, symbol:
		return ""
	case lib.Decimal:
		return v.Plain()
	case []any:
		return written(v)
	case Pair:
		return "[" + v.Key + ", " + plain(v.Value) + "]"
	case *Hash:
		if v.Own != "" {
			return v.Own
		}
		return written(v.pairs())
	case types.Text:
		return v.NetString()
	case Lookup:
		return ""
	}
	return types.ToString(v)
}

// truthy is what if asks of a single value: everything but nil and false.
func truthy(v any) bool {
	b, isBool := v.(bool)
	return v != nil && (!isBool || b)
}

// equal compares as conditions do: across types when one can become the other.
func equal(env *types.Env, a, b any) bool {
	if s, ok := a.(symbol); ok {
		return s.matches(b)
	}
	if s, ok := b.(symbol); ok {
		return s.matches(a)
	}
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, isList := a.([]any)
	y, alsoList := b.([]any)
	if isList || alsoList {
		return isList && alsoList && equalLists(env, x, y)
	}
	if same, known := scalars(a, b); !known {
		return same
	}
	if sameType(a, b) {
		return types.Equal(a, b)
	}
	if c, err := changeTo(env, b, a); err == nil {
		return types.Equal(a, c)
	}
	c, err := changeTo(env, a, b)
	return err == nil && types.Equal(c, b)
}

// scalars says whether both are values that can be converted; else whether they are the same object.
func scalars(a, b any) (same, ok bool) {
	for _, v := range []any{a, b} {
		switch v.(type) {
		case Pair, Lookup:
			h, isHash := a.(*Hash)
			g, alsoHash := b.(*Hash)
			return isHash && alsoHash && h == g, false
		}
	}
	return false, true
}

func equalLists(env *types.Env, x, y []any) bool {
	if len(x) != len(y) || env.Enter() != nil || env.Step(int64(len(x))) != nil {
		return false
	}
	defer env.Leave()
	for i := range x {
		if !equal(env, x[i], y[i]) {
			return false
		}
	}
	return true
}

// matches is what "== blank" and "== empty" ask.
func (s symbol) matches(v any) bool {
	items, ok := enumerate(v)
	if ok && len(items) == 0 {
		return true
	}
	if s == "empty" {
		return false
	}
	t, isText := v.(string)
	return v == nil || v == false || isText && strings.TrimSpace(t) == ""
}

func typeOf(v any) *types.Type {
	switch v := v.(type) {
	case string:
		return types.String
	case bool:
		return types.Bool
	case int32:
		return types.Int32
	case int64:
		return types.Int64
	case float64:
		return types.Double
	case types.Typed:
		return v.NetType()
	}
	return types.Object
}

func sameType(a, b any) bool { return typeOf(a).Same(typeOf(b)) }

// changeTo is Convert.ChangeType to the type of another value.
func changeTo(env *types.Env, v, like any) (any, error) {
	return lib.ChangeType(env, v, typeOf(like))
}

// compare orders two values, the second becoming the first one's type.
func compare(env *types.Env, a, b any) (int, error) {
	c, err := changeTo(env, b, a)
	if err != nil {
		return 0, err
	}
	return types.Compare(a, c)
}
