package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// The interfaces through which collections are changed. Collections of other
// rooms and arrays are read-only through them.
var (
	iCollectionDecl = types.Decl{Type: types.ICollectionOf, Doc: "A collection with a count.", Interfaces: []string{"IEnumerable<T>"}, Members: []types.Member{
		{Sig: "int Count { get; }", Do: types.Do(count), Doc: "The number of items."},
		{Sig: "bool IsReadOnly { get; }", Do: types.Fn1(isReadOnly), Doc: "Whether it refuses changes."},
		{Sig: "void Add(T item)", Do: types.Do(collectionAdd), Doc: "Adds an item."},
		{Sig: "bool Contains(T item)", Do: types.Do(collectionContains), Doc: "Whether an equal item is there."},
		{Sig: "bool Remove(T item)", Do: types.Do(collectionRemove), Doc: "Removes an equal item."},
		{Sig: "void Clear()", Do: types.Do(collectionClear), Doc: "Removes everything."},
		{Sig: "void CopyTo(T[] array, int arrayIndex)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := collect(c.Env, c.This)
			if err != nil {
				return nil, err
			}
			return nil, copyItems(items, 0, c.Args[0], int(c.Args[1].(int32)), len(items))
		}), Doc: "Copies the items into an array."},
	}}
	iListDecl = types.Decl{Type: types.IListOf, Doc: "A collection with positions.", Interfaces: []string{"ICollection<T>"}, Members: []types.Member{
		{Sig: "T this[int index] { get; set; }", Do: types.Fn2E(itemAt), Set: types.Do(setItemAt), Doc: "The item at a position."},
		{Sig: "int IndexOf(T item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := collect(c.Env, c.This)
			return int32(indexOfValue(items, c.Args[0])), err
		}), Doc: "The first position of an equal item, or -1."},
		{Sig: "void Insert(int index, T item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			switch l := c.This.(type) {
			case *List:
				return nil, l.insert(c.Env, int(c.Args[0].(int32)), c.Args[1])
			case *JToken:
				return nil, l.insertContent(c.Env, int(c.Args[0].(int32)), c.Args[1])
			}
			return nil, errReadOnly
		}), Doc: "Puts an item at a position."},
		{Sig: "void RemoveAt(int index)", Do: types.Fn2E(func(v types.Value, i int32) (types.Value, error) {
			switch l := v.(type) {
			case *List:
				if _, err := l.at(i); err != nil {
					return nil, err
				}
				return nil, l.removeRange(int(i), 1)
			case *JToken:
				return nil, l.removeAt(int(i))
			}
			return nil, errReadOnly
		}), Doc: "Removes the item at a position."},
	}}
	iDictionaryDecl = types.Decl{Type: types.IDictionaryOf, Doc: "Values by key.", Interfaces: []string{"ICollection<KeyValuePair<TKey, TValue>>"}, Members: []types.Member{
		{Sig: "TValue this[TKey key] { get; set; }", Do: types.Fn2E(dictionaryItem), Set: types.Do(dictionarySet), Doc: "The value of a key; KeyNotFoundException without it."},
		{Sig: "void Add(TKey key, TValue value)", Do: types.Do(dictionaryAdd), Doc: "Adds a key that is not there yet."},
		{Sig: "bool ContainsKey(TKey key)", Do: types.Fn2(dictionaryHas), Doc: "Whether the key is there."},
		{Sig: "bool TryGetValue(TKey key, out TValue value)", Do: types.Fn3(dictionaryTry), Doc: "The value, and whether it is there."},
		{Sig: "bool Remove(TKey key)", Do: types.Fn2E(func(v, k types.Value) (bool, error) {
			switch d := v.(type) {
			case *Dictionary:
				return d.table.remove(k), nil
			case *JToken:
				name, _ := k.(string)
				p := d.property(name)
				return p != nil && p.remove() == nil, nil
			}
			return false, errReadOnly
		}), Doc: "Removes a key."},
		{Sig: "ICollection<TKey> Keys { get; }", Do: types.Do(overPairs(dictionaryKeys)), Doc: "The keys in order."},
		{Sig: "ICollection<TValue> Values { get; }", Do: types.Do(overPairs(dictionaryValues)), Doc: "The values in order of their keys."},
	}}
)

// overPairs lets a function of pairs see a JSON object as names and values.
func overPairs(f func(c *types.Call) (types.Value, error)) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		if t, ok := c.This.(*JToken); ok {
			own := *c
			own.This = pairs(t)
			return f(&own)
		}
		return f(c)
	}
}

func isReadOnly(v types.Value) bool {
	switch v.(type) {
	case *List, *HashSet, *Dictionary, *JToken:
		return false
	}
	return true
}

func collectionAdd(c *types.Call) (types.Value, error) {
	switch v := c.This.(type) {
	case *List:
		return nil, v.insert(c.Env, len(v.Items), c.Args[0])
	case *HashSet:
		_, err := v.add(c.Env, c.Args[0])
		return nil, err
	case *Dictionary:
		return dictionaryAdd(c)
	case *JToken:
		return nil, v.addContent(c.Env, c.Args[0])
	}
	return nil, errReadOnly
}

func collectionContains(c *types.Call) (types.Value, error) {
	if s, ok := c.This.(*HashSet); ok {
		return s.has(c.Args[0]), nil
	}
	for v, err := range types.Each(c.Env, c.This) {
		if err != nil || types.Equal(v, c.Args[0]) {
			return err == nil, err
		}
	}
	return false, nil
}

func collectionRemove(c *types.Call) (types.Value, error) {
	switch v := c.This.(type) {
	case *List:
		i := indexOfValue(v.Items, c.Args[0])
		return i >= 0 && v.removeRange(i, 1) == nil, nil
	case *HashSet:
		return v.table.remove(c.Args[0]), nil
	case *Dictionary:
		p, ok := c.Args[0].(types.Pair)
		return ok && v.table.remove(p.Key), nil
	}
	return nil, errReadOnly
}

func collectionClear(c *types.Call) (types.Value, error) {
	switch v := c.This.(type) {
	case *List:
		v.Items = nil
		v.version++
	case *HashSet:
		v.table.clear()
	case *Dictionary:
		v.table.clear()
	case *JToken:
		v.removeAll()
	default:
		return nil, errReadOnly
	}
	return nil, nil
}

// itemAt is the indexer of IList and IReadOnlyList.
func itemAt(v types.Value, i int32) (types.Value, error) {
	switch l := v.(type) {
	case *List:
		return l.at(i)
	case *JToken:
		return l.at(i)
	}
	items, ok := itemsOf(v)
	if !ok {
		return nil, errReadOnly
	}
	if i < 0 || int(i) >= len(items) {
		return nil, types.Throw(types.IndexOutOfRange, "Index was outside the bounds of the array.")
	}
	return items[i], nil
}

func setItemAt(c *types.Call) (types.Value, error) {
	i := c.Args[0].(int32)
	switch l := c.This.(type) {
	case *List:
		return l.setAt(i, c.Args[1])
	case *types.Array:
		return nil, copyHeld(c.Env, c.Args[1:2], 0, l, int(i), 1)
	}
	return nil, errReadOnly
}
