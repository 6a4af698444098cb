package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var (
	hashSetT = types.Class("System.Collections.Generic.HashSet<T>")
	iSet     = types.Interface("System.Collections.Generic.ISet<T>")
)

// HashSet is System.Collections.Generic.HashSet<T>.
type HashSet struct {
	elem  *types.Type
	table *hashTable
}

// NetType implements types.Typed.
func (s *HashSet) NetType() *types.Type { return hashSetT.Of(s.elem) }

// Len is Count.
func (s *HashSet) Len() int { return s.table.len() }

// Enumerate implements types.Sequence.
func (s *HashSet) Enumerate(*types.Env) types.Enumerator {
	return s.table.walk(func(e tableEntry) types.Value { return e.key })
}

func (s *HashSet) has(v types.Value) bool { _, ok := s.table.find(v); return ok }

func (s *HashSet) add(env *types.Env, v types.Value) (bool, error) {
	if s.has(v) {
		return false, nil
	}
	return true, s.table.add(env, v, nil)
}

// setOf makes a set of a sequence with the comparer of another.
func setOf(env *types.Env, elem *types.Type, cmp *StringComparer, v types.Value) (*HashSet, error) {
	s := &HashSet{elem, newTable(cmp)}
	if v == nil {
		return nil, types.ArgumentNull("other")
	}
	for item, err := range types.Each(env, v) {
		if err == nil {
			_, err = s.add(env, item)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

func newHashSet(c *types.Call) (types.Value, error) {
	elem, cmp := c.Owner.Args[0], comparerArgument(c.Args)
	if len(c.Args) > 0 {
		if _, isComparer := c.Args[0].(*StringComparer); !isComparer && c.Args[0] != nil {
			return setOf(c.Env, elem, cmp, c.Args[0])
		}
	}
	return &HashSet{elem, newTable(cmp)}, nil
}

// setRows are the members ISet<T> and HashSet<T> share.
func setRows() []types.Member {
	out := []types.Member{
		{Sig: "bool Add(T item)", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.This.(*HashSet).add(c.Env, c.Args[0]) }), Doc: "Adds an item; false when it was there."},
	}
	change := func(name, doc string, f func(c *types.Call, s, other *HashSet) error) {
		out = append(out, types.Member{Sig: "void " + name + "(IEnumerable<T> other)", Doc: doc, Do: types.Do(func(c *types.Call) (types.Value, error) {
			s := c.This.(*HashSet)
			other, err := setOf(c.Env, s.elem, s.table.cmp, c.Args[0])
			if err != nil {
				return nil, err
			}
			return nil, f(c, s, other)
		})})
	}
	removeIf := func(s *HashSet, gone func(v types.Value) bool) {
		for _, e := range append([]tableEntry{}, s.table.entries...) {
			if e.live && gone(e.key) {
				s.table.remove(e.key)
			}
		}
	}
	change("UnionWith", "Adds the items of the other.", func(c *types.Call, s, other *HashSet) error {
		for _, e := range other.table.entries {
			if _, err := s.add(c.Env, e.key); err != nil {
				return err
			}
		}
		return nil
	})
	change("IntersectWith", "Keeps what the other has too.", func(_ *types.Call, s, other *HashSet) error {
		removeIf(s, func(v types.Value) bool { return !other.has(v) })
		return nil
	})
	change("ExceptWith", "Removes what the other has.", func(_ *types.Call, s, other *HashSet) error {
		removeIf(s, other.has)
		return nil
	})
	change("SymmetricExceptWith", "Keeps what only one of both has.", func(c *types.Call, s, other *HashSet) error {
		for _, e := range other.table.entries {
			if s.table.remove(e.key) {
				continue
			}
			if _, err := s.add(c.Env, e.key); err != nil {
				return err
			}
		}
		return nil
	})
	return append(out, setQuestions()...)
}

// setQuestions compare a set with the different items of a sequence, by how many
// they have in common.
func setQuestions() []types.Member {
	var out []types.Member
	for _, q := range []struct {
		name, doc string
		is        func(common, mine, theirs int) bool
	}{
		{"IsSubsetOf", "Whether the other has all its items.", func(c, m, _ int) bool { return c == m }},
		{"IsSupersetOf", "Whether it has all items of the other.", func(c, _, t int) bool { return c == t }},
		{"IsProperSubsetOf", "Whether the other has all its items and more.", func(c, m, t int) bool { return c == m && m < t }},
		{"IsProperSupersetOf", "Whether it has all items of the other and more.", func(c, m, t int) bool { return c == t && t < m }},
		{"Overlaps", "Whether both have an item in common.", func(c, _, _ int) bool { return c > 0 }},
		{"SetEquals", "Whether both have the same items.", func(c, m, t int) bool { return c == m && c == t }},
	} {
		out = append(out, types.Member{Sig: "bool " + q.name + "(IEnumerable<T> other)", Doc: q.doc, Do: types.Do(func(c *types.Call) (types.Value, error) {
			s := c.This.(*HashSet)
			other, err := setOf(c.Env, s.elem, s.table.cmp, c.Args[0])
			if err != nil {
				return nil, err
			}
			common := 0
			for _, e := range other.table.entries {
				if s.has(e.key) {
					common++
				}
			}
			return q.is(common, s.Len(), other.Len()), nil
		})})
	}
	return out
}

var iSetDecl = types.Decl{Type: iSet, Doc: "A set.", Interfaces: []string{"ICollection<T>"}, Members: setRows()}

// hashSetDecl is System.Collections.Generic.HashSet<T>.
var hashSetDecl = types.Decl{
	Type: hashSetT, Doc: "A set of different values.",
	Interfaces: []string{"ISet<T>", "ICollection<T>", "IReadOnlyCollection<T>", "IEnumerable<T>"},
	Members: concatRows([]types.Member{
		{Sig: "HashSet()", Do: types.Do(newHashSet), Doc: "An empty set.", Ex: "new HashSet<int> { 1, 1 }.Count → 1"},
		{Sig: "HashSet(IEnumerable<T> collection)", Do: types.Do(newHashSet), Doc: "The different items of a sequence."},
		{Sig: "HashSet(IEqualityComparer<T> comparer)", Do: types.Do(newHashSet), Doc: "An empty set with that equality.", Ex: `new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "A" }.Contains("a") → True`},
		{Sig: "HashSet(IEnumerable<T> collection, IEqualityComparer<T> comparer)", Do: types.Do(newHashSet), Doc: "The different items of a sequence, with that equality."},
		{Sig: "int Count { get; }", Do: types.Fn1(func(s *HashSet) int32 { return int32(s.Len()) }), Doc: "The number of items."},
		{Sig: "bool Contains(T item)", Do: types.Fn2((*HashSet).has), Doc: "Whether the item is there."},
		{Sig: "bool Remove(T item)", Do: types.Fn2(func(s *HashSet, v types.Value) bool { return s.table.remove(v) }), Doc: "Removes an item."},
		{Sig: "int RemoveWhere(Predicate<T> match)", Do: types.Fn2E(func(s *HashSet, f *types.Func) (int32, error) {
			n := int32(0)
			for _, e := range append([]tableEntry{}, s.table.entries...) {
				ok, err := false, error(nil)
				if e.live {
					ok, err = test(f, e.key)
				}
				if err != nil {
					return 0, err
				}
				if ok {
					s.table.remove(e.key)
					n++
				}
			}
			return n, nil
		}), Doc: "Removes what passes a test, and counts it."},
		{Sig: "void Clear()", Do: types.Fn1(func(s *HashSet) types.Value { s.table.clear(); return nil }), Doc: "Removes everything."},
		{Sig: "void CopyTo(T[] array)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := collect(c.Env, c.This)
			return nil, firstError(err, copyItems(items, 0, c.Args[0], 0, len(items)))
		}), Doc: "Copies the items into an array."},
	}, setRows()),
}
