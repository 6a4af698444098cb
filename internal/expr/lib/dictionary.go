package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var dictionaryT = types.Class("System.Collections.Generic.Dictionary<TKey, TValue>")

// Dictionary is System.Collections.Generic.Dictionary<TKey, TValue>.
type Dictionary struct {
	Key, Value *types.Type
	table      *hashTable
}

// NewDictionary makes an empty dictionary with default equality.
func NewDictionary(key, value *types.Type) *Dictionary {
	return &Dictionary{key, value, newTable(nil)}
}

// NetType implements types.Typed.
func (d *Dictionary) NetType() *types.Type { return dictionaryT.Of(d.Key, d.Value) }

// Len implements types.Dictionary.
func (d *Dictionary) Len() int { return d.table.len() }

// Get implements types.Dictionary.
func (d *Dictionary) Get(key types.Value) (types.Value, bool) {
	i, ok := d.table.find(key)
	if !ok {
		return nil, false
	}
	return d.table.entries[i].value, true
}

// Set adds a key or replaces its value.
func (d *Dictionary) Set(env *types.Env, key, value types.Value) error {
	if key == nil {
		return types.ArgumentNull("key")
	}
	return d.table.set(env, key, value)
}

// Enumerate implements types.Sequence.
func (d *Dictionary) Enumerate(*types.Env) types.Enumerator {
	pair := types.KeyValuePair.Of(d.Key, d.Value)
	return d.table.walk(func(e tableEntry) types.Value { return types.Pair{Type: pair, Key: e.key, Value: e.value} })
}

func (d *Dictionary) part(elem *types.Type, f func(e tableEntry) types.Value) *Part {
	return &Part{elem: elem, start: func() types.Enumerator { return d.table.walk(f) }, len: d.Len}
}

var partT = types.Class("System.Collections.Generic.Dictionary.KeyCollection<T>")

// Part is the collection of keys, or of values, of a dictionary: a live view.
type Part struct {
	elem  *types.Type
	start func() types.Enumerator
	len   func() int
}

// NetType implements types.Typed.
func (p *Part) NetType() *types.Type { return partT.Of(p.elem) }

// Len is Count.
func (p *Part) Len() int { return p.len() }

// Enumerate implements types.Sequence.
func (p *Part) Enumerate(*types.Env) types.Enumerator { return p.start() }

var partDecl = types.Decl{Type: partT, Doc: "The keys or values of a dictionary.", Interfaces: []string{"ICollection<T>", "IReadOnlyCollection<T>", "IEnumerable<T>"}, Members: []types.Member{
	{Sig: "int Count { get; }", Do: types.Fn1(func(p *Part) int32 { return int32(p.len()) }), Doc: "The number of items."},
}}

// dictionaryDecl is System.Collections.Generic.Dictionary<TKey, TValue>.
var dictionaryDecl = types.Decl{
	Type: dictionaryT, Doc: "Values by key.",
	Interfaces: []string{"IDictionary<TKey, TValue>", "IReadOnlyDictionary<TKey, TValue>", "IEnumerable<KeyValuePair<TKey, TValue>>"},
	Members: []types.Member{
		{Sig: "Dictionary()", Do: types.Do(newDictionary), Doc: "An empty dictionary.", Ex: `new Dictionary<string, int>()["x"] ! KeyNotFoundException`},
		{Sig: "Dictionary(int capacity)", Do: types.Do(newDictionary), Doc: "An empty dictionary."},
		{Sig: "Dictionary(IEqualityComparer<TKey> comparer)", Do: types.Do(newDictionary), Doc: "An empty dictionary with that equality of keys.", Ex: `new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { { "A", 1 } }["a"] → 1`},
		{Sig: "Dictionary(int capacity, IEqualityComparer<TKey> comparer)", Do: types.Do(newDictionary), Doc: "An empty dictionary with that equality of keys."},
		{Sig: "Dictionary(IDictionary<TKey, TValue> dictionary)", Do: types.Do(newDictionary), Doc: "A copy."},
		{Sig: "Dictionary(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey> comparer)", Do: types.Do(newDictionary), Doc: "A copy with that equality of keys."},
		{Sig: "int Count { get; }", Do: types.Fn1(func(d *Dictionary) int32 { return int32(d.Len()) }), Doc: "The number of keys."},
		{Sig: "TValue this[TKey key] { get; set; }", Do: types.Fn2E(func(d *Dictionary, k types.Value) (types.Value, error) { return dictionaryItem(d, k) }), Set: types.Do(dictionarySet), Doc: "The value of a key; KeyNotFoundException without it."},
		{Sig: "void Add(TKey key, TValue value)", Do: types.Do(dictionaryAdd), Doc: "Adds a key that is not there yet; ArgumentException otherwise."},
		{Sig: "bool ContainsKey(TKey key)", Do: types.Fn2E(func(d *Dictionary, k types.Value) (bool, error) {
			if k == nil {
				return false, types.ArgumentNull("key")
			}
			_, ok := d.Get(k)
			return ok, nil
		}), Doc: "Whether the key is there."},
		{Sig: "bool ContainsValue(TValue value)", Do: types.Fn2(func(d *Dictionary, v types.Value) bool {
			for _, e := range d.table.entries {
				if e.live && types.Equal(e.value, v) {
					return true
				}
			}
			return false
		}), Doc: "Whether a key has that value."},
		{Sig: "bool TryGetValue(TKey key, out TValue value)", Do: types.Fn3(func(d *Dictionary, k types.Value, out *types.Ref) bool {
			v, ok := d.Get(k)
			if ok {
				out.V = v
			} else {
				out.V = types.Zero(d.Value)
			}
			return ok
		}), Doc: "The value, and whether it is there."},
		{Sig: "bool Remove(TKey key)", Do: types.Fn2E(func(d *Dictionary, k types.Value) (bool, error) {
			if k == nil {
				return false, types.ArgumentNull("key")
			}
			return d.table.remove(k), nil
		}), Doc: "Removes a key."},
		{Sig: "void Clear()", Do: types.Fn1(func(d *Dictionary) types.Value { d.table.clear(); return nil }), Doc: "Removes everything."},
		{Sig: "Dictionary.KeyCollection<TKey> Keys { get; }", Do: types.Fn1(dictKeys), Doc: "The keys in order."},
		{Sig: "Dictionary.KeyCollection<TValue> Values { get; }", Do: types.Fn1(dictValues), Doc: "The values in order of their keys."},
	},
}

func dictKeys(d *Dictionary) *Part {
	return d.part(d.Key, func(e tableEntry) types.Value { return e.key })
}

func dictValues(d *Dictionary) *Part {
	return d.part(d.Value, func(e tableEntry) types.Value { return e.value })
}

func newDictionary(c *types.Call) (types.Value, error) {
	d := &Dictionary{c.Owner.Args[0], c.Owner.Args[1], newTable(comparerArgument(c.Args))}
	if len(c.Args) == 0 {
		return d, nil
	}
	if n, ok := c.Args[0].(int32); ok && n < 0 {
		return nil, types.ArgumentRange("capacity", "Non-negative number required.")
	}
	from, ok := c.Args[0].(types.Dictionary)
	if !ok {
		return d, nil
	}
	for v, err := range types.Each(c.Env, from) {
		if err != nil {
			return nil, err
		}
		p := v.(types.Pair)
		if _, there := d.Get(p.Key); there {
			return nil, errDuplicateKey
		}
		if err := d.Set(c.Env, p.Key, p.Value); err != nil {
			return nil, err
		}
	}
	return d, nil
}

var errDuplicateKey = types.Argument("", "An item with the same key has already been added.")

func dictionarySet(c *types.Call) (types.Value, error) {
	switch d := c.This.(type) {
	case *Dictionary:
		return nil, d.Set(c.Env, c.Args[0], c.Args[1])
	case *JToken:
		return setTokenItem(c)
	}
	return nil, errReadOnly
}

var errReadOnly = types.Throw(types.NotSupported, "Collection is read-only.")

func dictionaryAdd(c *types.Call) (types.Value, error) {
	key, value := c.Args[0], types.Value(nil)
	if p, ok := key.(types.Pair); ok && len(c.Args) == 1 {
		key, value = p.Key, p.Value
	} else {
		value = c.Args[1]
	}
	if key == nil {
		return nil, types.ArgumentNull("key")
	}
	if t, ok := c.This.(*JToken); ok {
		p, err := newProperty(c.Env, types.ToString(key), contentToken(value))
		if err != nil {
			return nil, err
		}
		return nil, t.addContent(c.Env, p)
	}
	d, ok := c.This.(*Dictionary)
	if !ok {
		return nil, errReadOnly
	}
	if _, there := d.table.find(key); there {
		return nil, errDuplicateKey
	}
	return nil, d.table.add(c.Env, key, value)
}

// Span implements types.Sized.
func (d *Dictionary) Span() int { return d.table.len() }
