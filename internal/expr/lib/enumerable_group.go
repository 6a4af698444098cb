package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var (
	iGrouping = types.Interface("System.Linq.IGrouping<out TKey, out TElement>")
	iLookup   = types.Interface("System.Linq.ILookup<TKey, TElement>")

	iGroupingDecl = types.Decl{Type: iGrouping, Doc: "Items with a common key.", Interfaces: []string{"IEnumerable<TElement>"}, Members: []types.Member{
		{Sig: "TKey Key { get; }", Do: types.Fn1(func(g *Grouping) types.Value { return g.key }), Doc: "The common key."},
	}}
	iLookupDecl = types.Decl{Type: iLookup, Doc: "Groups by key.", Interfaces: []string{"IEnumerable<IGrouping<TKey, TElement>>"}, Members: []types.Member{
		{Sig: "int Count { get; }", Do: types.Fn1(func(l *Lookup) int32 { return int32(l.table.len()) }), Doc: "The number of keys."},
		{Sig: "bool Contains(TKey key)", Do: types.Fn2(func(l *Lookup, k types.Value) bool { _, ok := l.table.find(k); return ok }), Doc: "Whether the key is there."},
		{Sig: "IEnumerable<TElement> this[TKey key] { get; }", Do: types.Fn2((*Lookup).group), Doc: "The items of a key, none without it."},
	}}
)

// Grouping is an IGrouping: the items of one key.
type Grouping struct {
	typ   *types.Type
	key   types.Value
	items []types.Value
}

// NetType implements types.Typed.
func (g *Grouping) NetType() *types.Type { return g.typ }

// Enumerate implements types.Sequence.
func (g *Grouping) Enumerate(*types.Env) types.Enumerator { return types.Slice(g.items) }

// Lookup is an ILookup.
type Lookup struct {
	key, elem *types.Type
	table     *hashTable
}

// NetType implements types.Typed.
func (l *Lookup) NetType() *types.Type { return iLookup.Of(l.key, l.elem) }

// Enumerate implements types.Sequence.
func (l *Lookup) Enumerate(*types.Env) types.Enumerator {
	return l.table.walk(func(e tableEntry) types.Value { return e.value })
}

func (l *Lookup) group(key types.Value) types.Value {
	if i, ok := l.table.find(key); ok {
		return l.table.entries[i].value
	}
	return &types.Array{Elem: l.elem}
}

var groupRows = withComparer([]types.Member{
	{Sig: "static IEnumerable<IGrouping<TKey, T>> GroupBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector)", Do: types.Do(groupBy(false, false)), Doc: "The items by a key.", Ex: `"hello".GroupBy(c => c).Count() → 4`},
	{Sig: "static IEnumerable<IGrouping<TKey, E>> GroupBy<T, TKey, E>(this IEnumerable<T> source, Func<T, TKey> keySelector, Func<T, E> elementSelector)", Do: types.Do(groupBy(true, false)), Doc: "What the items give, by a key."},
	{Sig: "static IEnumerable<R> GroupBy<T, TKey, R>(this IEnumerable<T> source, Func<T, TKey> keySelector, Func<TKey, IEnumerable<T>, R> resultSelector)", Do: types.Do(groupBy(false, true)), Doc: "A result for each key and its items."},
	{Sig: "static IEnumerable<R> GroupBy<T, TKey, E, R>(this IEnumerable<T> source, Func<T, TKey> keySelector, Func<T, E> elementSelector, Func<TKey, IEnumerable<E>, R> resultSelector)", Do: types.Do(groupBy(true, true)), Doc: "A result for each key and what its items give."},
	{Sig: "static ILookup<TKey, T> ToLookup<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector)", Do: types.Do(toLookup), Doc: "The items by a key, at once."},
	{Sig: "static ILookup<TKey, E> ToLookup<T, TKey, E>(this IEnumerable<T> source, Func<T, TKey> keySelector, Func<T, E> elementSelector)", Do: types.Do(toLookup), Doc: "What the items give by a key, at once."},
	{Sig: "static IEnumerable<R> Join<T, U, TKey, R>(this IEnumerable<T> outer, IEnumerable<U> inner, Func<T, TKey> outerKeySelector, Func<U, TKey> innerKeySelector, Func<T, U, R> resultSelector)", Do: types.Do(joinItems(false)), Doc: "A result for each pair of items with equal keys."},
	{Sig: "static IEnumerable<R> GroupJoin<T, U, TKey, R>(this IEnumerable<T> outer, IEnumerable<U> inner, Func<T, TKey> outerKeySelector, Func<U, TKey> innerKeySelector, Func<T, IEnumerable<U>, R> resultSelector)", Do: types.Do(joinItems(true)), Doc: "A result for each item with the items of equal key."},
})

// withComparer adds to each row one that also takes an equality of keys.
func withComparer(rows []types.Member) []types.Member {
	out := rows
	for _, r := range rows {
		r.Sig, r.Ex = r.Sig[:len(r.Sig)-1]+", IEqualityComparer<TKey> comparer)", ""
		out = append(out, r)
	}
	return out
}

// groups fills a table of Grouping by key; element may be nil.
func groups(env *types.Env, source types.Value, key, element *types.Func, cmp *StringComparer, keyT, elemT *types.Type) (*hashTable, error) {
	t := newTable(cmp)
	for v, err := range types.Each(env, source) {
		if err != nil {
			return nil, err
		}
		k, err := key.Call(v)
		if err == nil && element != nil {
			v, err = element.Call(v)
		}
		if err == nil {
			err = env.Charge(16)
		}
		if err != nil {
			return nil, err
		}
		i, ok := t.find(k)
		if !ok {
			g := &Grouping{typ: iGrouping.Of(keyT, elemT), key: k, items: []types.Value{v}}
			if err := t.add(env, k, g); err != nil {
				return nil, err
			}
			continue
		}
		g := t.entries[i].value.(*Grouping)
		g.items = append(g.items, v)
	}
	return t, nil
}

func groupBy(element, result bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		key, err := lambda(c, 1)
		if err != nil {
			return nil, err
		}
		elemT, next := c.Types[0], 2
		var elem, res *types.Func
		if element {
			elemT = c.Types[2]
			if elem, err = lambda(c, next); err != nil {
				return nil, err
			}
			next++
		}
		outT := iGrouping.Of(c.Types[1], elemT)
		if result {
			outT = c.Types[len(c.Types)-1]
			if res, err = lambda(c, next); err != nil {
				return nil, err
			}
		}
		return deferred(c, outT, func(env *types.Env) ([]types.Value, error) {
			t, err := groups(env, c.Args[0], key, elem, comparerArgument(c.Args), c.Types[1], elemT)
			if err != nil {
				return nil, err
			}
			out := make([]types.Value, len(t.entries))
			for i, e := range t.entries {
				out[i] = e.value
				if res != nil {
					if out[i], err = res.Call(e.key, e.value); err != nil {
						return nil, err
					}
				}
			}
			return out, nil
		})
	}
}

func toLookup(c *types.Call) (types.Value, error) {
	if c.Args[0] == nil {
		return nil, types.ArgumentNull("source")
	}
	key, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	elemT := c.Types[0]
	var elem *types.Func
	if len(c.Types) == 3 {
		elemT = c.Types[2]
		if elem, err = lambda(c, 2); err != nil {
			return nil, err
		}
	}
	t, err := groups(c.Env, c.Args[0], key, elem, comparerArgument(c.Args), c.Types[1], elemT)
	return &Lookup{c.Types[1], elemT, t}, err
}

func joinItems(group bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		var f [3]*types.Func
		for i := range f {
			var err error
			if f[i], err = lambda(c, 2+i); err != nil {
				return nil, err
			}
		}
		return deferred(c, c.Types[3], func(env *types.Env) ([]types.Value, error) {
			inner, err := groups(env, c.Args[1], f[1], nil, comparerArgument(c.Args), c.Types[2], c.Types[1])
			if err != nil {
				return nil, err
			}
			var out []types.Value
			for v, err := range types.Each(env, c.Args[0]) {
				if err != nil {
					return nil, err
				}
				k, err := f[0].Call(v)
				if err != nil {
					return nil, err
				}
				var matches []types.Value
				if i, ok := inner.find(k); ok && k != nil {
					matches = inner.entries[i].value.(*Grouping).items
				}
				if group {
					matches = []types.Value{&types.Array{Elem: c.Types[1], Items: matches}}
				}
				for _, m := range matches {
					r, err := f[2].Call(v, m)
					if err == nil {
						err = firstError(env.Step(1), env.Charge(16))
					}
					if err != nil {
						return nil, err
					}
					out = append(out, r)
				}
			}
			return out, nil
		})
	}
}
