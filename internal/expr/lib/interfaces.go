package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// interfaces declares the interfaces the language and the collections share.
// The members call the Go interfaces of package types, so that a collection of
// any room, such as the headers of a request, answers them.
func interfaces() []types.Decl {
	return []types.Decl{
		{Type: types.IDisposable, Doc: "What a using statement releases.", Members: []types.Member{
			{Sig: "void Dispose()", Do: types.Do(nothing), Doc: "Does nothing: values here hold no resources."},
		}},
		{Type: types.IComparable, Members: []types.Member{
			{Sig: "int CompareTo(object obj)", Do: types.Fn2E(compareTo), Doc: "Less than, equal or greater than zero, by order; ArgumentException for another type.", Ex: `5.CompareTo(6) → -1`},
		}},
		{Type: types.TypeT, Doc: "What typeof gives; it can be compared and nothing else.", Refused: true},
		{Type: types.IFormattable},
		{Type: types.IFormatProvider, Refused: true},
		{Type: types.IEnumerable},
		{Type: types.IEnumerableOf, Interfaces: []string{"System.Collections.IEnumerable"}, Members: []types.Member{
			{Sig: "IEnumerator<T> GetEnumerator()", Do: types.Do(getEnumerator), Doc: "Starts walking the sequence."},
		}},
		{Type: types.IEnumeratorOf, Interfaces: []string{"IDisposable"}, Members: []types.Member{
			{Sig: "bool MoveNext()", Do: types.Fn1E((*Walk).moveNext), Doc: "Goes to the next item; false at the end."},
			{Sig: "T Current { get; }", Do: types.Fn1((*Walk).current), Doc: "The item in hand."},
		}},
		{Type: types.IReadOnlyCollection, Interfaces: []string{"IEnumerable<T>"}, Members: []types.Member{
			{Sig: "int Count { get; }", Do: types.Do(count), Doc: "The number of items."},
		}},
		{Type: types.IReadOnlyList, Interfaces: []string{"IReadOnlyCollection<T>"}, Members: []types.Member{
			{Sig: "T this[int index] { get; }", Do: types.Fn2E(itemAt), Doc: "The item at a position."},
		}},
		{Type: types.IReadOnlyDictionary, Interfaces: []string{"IReadOnlyCollection<KeyValuePair<TKey, TValue>>"}, Members: []types.Member{
			{Sig: "TValue this[TKey key] { get; }", Do: types.Fn2E(dictionaryItem), Doc: "The value of a key; KeyNotFoundException without it."},
			{Sig: "bool ContainsKey(TKey key)", Do: types.Fn2(dictionaryHas), Doc: "Whether the key is there."},
			{Sig: "bool TryGetValue(TKey key, out TValue value)", Do: types.Fn3(dictionaryTry), Doc: "The value, and whether it is there."},
			{Sig: "IEnumerable<TKey> Keys { get; }", Do: types.Do(dictionaryKeys), Doc: "The keys in order."},
			{Sig: "IEnumerable<TValue> Values { get; }", Do: types.Do(dictionaryValues), Doc: "The values in order of their keys."},
		}},
		{Type: types.KeyValuePair, Members: []types.Member{
			{Sig: "KeyValuePair(TKey key, TValue value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
				return types.Pair{Type: c.Owner, Key: c.Args[0], Value: c.Args[1]}, nil
			}), Doc: "A key with its value."},
			{Sig: "TKey Key { get; }", Do: types.Fn1(func(p types.Pair) types.Value { return p.Key }), Doc: "The key."},
			{Sig: "TValue Value { get; }", Do: types.Fn1(func(p types.Pair) types.Value { return p.Value }), Doc: "The value."},
		}},
	}
}

func compareTo(v, other types.Value) (int32, error) {
	n, err := types.Compare(v, other)
	return int32(n), err
}

func nothing(*types.Call) (types.Value, error) { return nil, nil }

// Walk is an IEnumerator<T>.
type Walk struct {
	elem *types.Type
	e    types.Enumerator
	item types.Value
}

// NetType implements types.Typed.
func (w *Walk) NetType() *types.Type { return types.IEnumeratorOf.Of(w.elem) }

func (w *Walk) moveNext() (ok bool, err error) {
	w.item, ok, err = w.e.Next()
	return ok, err
}

// current is the default before the first item and after the last.
func (w *Walk) current() types.Value {
	if w.item == nil {
		return types.Zero(w.elem)
	}
	return w.item
}

func getEnumerator(c *types.Call) (types.Value, error) {
	e, err := types.Enumerate(c.Env, c.This)
	if err != nil {
		return nil, err
	}
	return &Walk{elem: c.Owner.Args[0], e: e}, nil
}

// count is Count of any collection: by length where that is known.
func count(c *types.Call) (types.Value, error) {
	switch v := c.This.(type) {
	case interface{ Len() int }:
		return int32(v.Len()), nil
	case *types.Array:
		return int32(len(v.Items)), nil
	case *types.ByteArray:
		return int32(len(v.B)), nil
	}
	n := int32(0)
	for _, err := range types.Each(c.Env, c.This) {
		if err != nil {
			return nil, err
		}
		n++
	}
	return n, nil
}

func dictionaryItem(d types.Dictionary, key types.Value) (types.Value, error) {
	if key == nil {
		return nil, types.ArgumentNull("key")
	}
	if v, ok := d.Get(key); ok {
		return v, nil
	}
	return nil, types.Throw(types.KeyNotFound, "The given key was not present in the dictionary.")
}

func dictionaryHas(d types.Dictionary, key types.Value) bool {
	_, ok := d.Get(key)
	return ok
}

// dictionaryTry leaves out at the default of its type, which the evaluator has
// put there, when the key is missing.
func dictionaryTry(d types.Dictionary, key types.Value, out *types.Ref) bool {
	v, ok := d.Get(key)
	if ok {
		out.V = v
	}
	return ok
}

func dictionaryKeys(c *types.Call) (types.Value, error) {
	return pick(c, c.Owner.Args[0], func(p types.Pair) types.Value { return p.Key })
}

func dictionaryValues(c *types.Call) (types.Value, error) {
	return pick(c, c.Owner.Args[1], func(p types.Pair) types.Value { return p.Value })
}

func pick(c *types.Call, elem *types.Type, part func(types.Pair) types.Value) (types.Value, error) {
	var items []types.Value
	for v, err := range types.Each(c.Env, c.This) {
		if err != nil {
			return nil, err
		}
		if p, ok := v.(types.Pair); ok {
			items = append(items, part(p))
		}
	}
	return &types.Array{Elem: elem, Items: items}, nil
}
