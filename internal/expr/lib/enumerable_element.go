package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var (
	errNoElements = types.Throw(types.InvalidOperation, "Sequence contains no elements")
	errNoMatch    = types.Throw(types.InvalidOperation, "Sequence contains no matching element")
	errMore       = types.Throw(types.InvalidOperation, "Sequence contains more than one element")
	errMoreMatch  = types.Throw(types.InvalidOperation, "Sequence contains more than one matching element")
)

// elementRows are the methods that give one item or one answer.
var elementRows = func() []types.Member {
	var out []types.Member
	for _, m := range []struct {
		name, doc string
		pick      func(c *types.Call, found func() (types.Value, bool, error)) (types.Value, bool, error)
	}{
		{"First", "The first item", pickFirst}, {"Last", "The last item", pickLast}, {"Single", "The only item", pickSingle},
	} {
		for _, orDefault := range []bool{false, true} {
			name, doc := m.name, m.doc+"; InvalidOperationException without one."
			if orDefault {
				name, doc = name+"OrDefault", m.doc+", or the default."
			}
			do := types.Do(func(c *types.Call) (types.Value, error) { return element(c, m.pick, orDefault) })
			out = append(out,
				types.Member{Sig: "static T " + name + "<T>(this IEnumerable<T> source)", Do: do, Doc: doc, Ex: "new[] { 7 }." + name + "() → 7"},
				types.Member{Sig: "static T " + name + "<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: do, Doc: doc, Ex: "new[] { 7, 8 }." + name + "(x => x > 7) → 8"})
		}
	}
	return append(out, []types.Member{
		{Sig: "static T ElementAt<T>(this IEnumerable<T> source, int index)", Do: types.Do(elementAt(false)), Doc: "The item at a position.", Ex: "new[] { 1 }.ElementAt(3) ! ArgumentOutOfRangeException"},
		{Sig: "static T ElementAtOrDefault<T>(this IEnumerable<T> source, int index)", Do: types.Do(elementAt(true)), Doc: "The item at a position, or the default.", Ex: "new[] { 1 }.ElementAtOrDefault(3) → 0"},
		{Sig: "static bool Any<T>(this IEnumerable<T> source)", Do: types.Do(anyItem), Doc: "Whether there is an item."},
		{Sig: "static bool Any<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(anyItem), Doc: "Whether any item passes.", Ex: "new[] { 1, 2 }.Any(x => x > 1) → True"},
		{Sig: "static bool All<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(allItems), Doc: "Whether every item passes.", Ex: "new[] { 1, 2 }.All(x => x > 1) → False"},
		{Sig: "static int Count<T>(this IEnumerable<T> source)", Do: types.Do(countItems32), Doc: "The number of items."},
		{Sig: "static int Count<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(countItems32), Doc: "The number of items that pass.", Ex: `"a1".Count(char.IsLetter) → 1`},
		{Sig: "static long LongCount<T>(this IEnumerable<T> source)", Do: types.Do(countItems64), Doc: "The number of items."},
		{Sig: "static long LongCount<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(countItems64), Doc: "The number of items that pass."},
		{Sig: "static bool Contains<T>(this IEnumerable<T> source, T value)", Do: types.Do(containsItem), Doc: "Whether an equal item is there."},
		{Sig: "static bool Contains<T>(this IEnumerable<T> source, T value, IEqualityComparer<T> comparer)", Do: types.Do(containsItem), Doc: "Whether an equal item is there.", Ex: `new[] { "A" }.Contains("a", StringComparer.OrdinalIgnoreCase) → True`},
		{Sig: "static bool SequenceEqual<T>(this IEnumerable<T> first, IEnumerable<T> second)", Do: types.Do(sequenceEqual), Doc: "Whether both have equal items in the same order."},
		{Sig: "static bool SequenceEqual<T>(this IEnumerable<T> first, IEnumerable<T> second, IEqualityComparer<T> comparer)", Do: types.Do(sequenceEqual), Doc: "Whether both have equal items in the same order."},
		{Sig: "static T Aggregate<T>(this IEnumerable<T> source, Func<T, T, T> func)", Do: types.Do(aggregate), Doc: "The items folded into one.", Ex: "new[] { 2, 3, 4 }.Aggregate((a, b) => a * b) → 24"},
		{Sig: "static A Aggregate<T, A>(this IEnumerable<T> source, A seed, Func<A, T, A> func)", Do: types.Do(aggregate), Doc: "The items folded into a first value."},
		{Sig: "static R Aggregate<T, A, R>(this IEnumerable<T> source, A seed, Func<A, T, A> func, Func<A, R> resultSelector)", Do: types.Do(aggregate), Doc: "The items folded into a first value, then converted."},
	}...)
}()

// matching walks the source and gives the items that pass the predicate, if
// there is one.
func matching(c *types.Call) (func() (types.Value, bool, error), error) {
	e, err := types.Enumerate(c.Env, c.Args[0])
	if err != nil {
		return nil, err
	}
	var f *types.Func
	if len(c.Args) > 1 {
		if f, err = lambda(c, 1); err != nil {
			return nil, err
		}
	}
	return func() (types.Value, bool, error) {
		for {
			v, ok, err := e.Next()
			if err == nil {
				err = c.Env.Step(1)
			}
			if err != nil || !ok {
				return nil, false, err
			}
			if f == nil {
				return v, true, nil
			}
			pass, err := f.Call(v)
			if err != nil || pass == true {
				return v, err == nil, err
			}
		}
	}, nil
}

func element(c *types.Call, pick func(*types.Call, func() (types.Value, bool, error)) (types.Value, bool, error), orDefault bool) (types.Value, error) {
	next, err := matching(c)
	if err != nil {
		return nil, err
	}
	v, ok, err := pick(c, next)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return v, nil
	case orDefault:
		return types.Zero(c.Types[0]), nil
	case len(c.Args) > 1:
		return nil, errNoMatch
	}
	return nil, errNoElements
}

func pickFirst(_ *types.Call, next func() (types.Value, bool, error)) (types.Value, bool, error) {
	return next()
}

func pickLast(_ *types.Call, next func() (types.Value, bool, error)) (last types.Value, found bool, err error) {
	for {
		v, ok, err := next()
		if err != nil || !ok {
			return last, found, err
		}
		last, found = v, true
	}
}

func pickSingle(c *types.Call, next func() (types.Value, bool, error)) (types.Value, bool, error) {
	v, ok, err := next()
	if err != nil || !ok {
		return nil, false, err
	}
	_, more, err := next()
	if more && len(c.Args) > 1 {
		err = errMoreMatch
	} else if more {
		err = errMore
	}
	return v, true, err
}

func elementAt(orDefault bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		left := c.Args[1].(int32)
		if c.Args[0] == nil {
			return nil, types.ArgumentNull("source")
		}
		if left >= 0 {
			for v, err := range types.Each(c.Env, c.Args[0]) {
				if err != nil || left == 0 {
					return v, err
				}
				left--
			}
		}
		if orDefault {
			return types.Zero(c.Types[0]), nil
		}
		return nil, errIndex
	}
}

func anyItem(c *types.Call) (types.Value, error) {
	next, err := matching(c)
	if err != nil {
		return nil, err
	}
	_, ok, err := next()
	return ok, err
}

func allItems(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	for v, err := range types.Each(c.Env, c.Args[0]) {
		var pass types.Value
		if err == nil {
			pass, err = f.Call(v)
		}
		if err != nil || pass != true {
			return false, err
		}
	}
	return true, nil
}

func countMatching(c *types.Call) (int64, error) {
	if l, ok := c.Args[0].(interface{ Len() int }); ok && len(c.Args) == 1 {
		return int64(l.Len()), nil
	}
	next, err := matching(c)
	if err != nil {
		return 0, err
	}
	for n := int64(0); ; n++ {
		if _, ok, err := next(); err != nil || !ok {
			return n, err
		}
	}
}

func countItems32(c *types.Call) (types.Value, error) {
	n, err := countMatching(c)
	return int32(n), err
}

func countItems64(c *types.Call) (types.Value, error) {
	n, err := countMatching(c)
	return n, err
}

// equality is that of a comparer argument, or the default one.
func equality(c *types.Call) func(a, b types.Value) bool {
	if cmp := comparerArgument(c.Args); cmp != nil {
		return func(a, b types.Value) bool { return comparerEquals(cmp, a, b) }
	}
	return types.Equal
}

func containsItem(c *types.Call) (types.Value, error) {
	if s, ok := c.Args[0].(*HashSet); ok && len(c.Args) == 2 {
		return s.has(c.Args[1]), nil
	}
	equal := equality(c)
	if t, ok := c.Args[0].(*JToken); ok && t != nil && len(c.Args) == 2 {
		equal = func(a, b types.Value) bool { return a == b } // a container asks for the very token
	}
	for v, err := range types.Each(c.Env, c.Args[0]) {
		if err == nil {
			err = c.Env.Scan(types.Texts(v))
		}
		if err != nil || equal(v, c.Args[1]) {
			return err == nil, err
		}
	}
	return false, nil
}

func sequenceEqual(c *types.Call) (types.Value, error) {
	a, err := types.Enumerate(c.Env, c.Args[0])
	if err != nil {
		return nil, err
	}
	b, err := types.Enumerate(c.Env, c.Args[1])
	if err != nil {
		return nil, err
	}
	equal := equality(c)
	for {
		x, ok, err := a.Next()
		if err != nil {
			return nil, err
		}
		y, ok2, err := b.Next()
		if err == nil {
			err = firstError(c.Env.Step(1), c.Env.Scan(types.Texts(x)))
		}
		if err != nil || ok != ok2 || ok && !equal(x, y) {
			return false, err
		}
		if !ok {
			return true, nil
		}
	}
}

func aggregate(c *types.Call) (types.Value, error) {
	e, err := types.Enumerate(c.Env, c.Args[0])
	if err != nil {
		return nil, err
	}
	f, err := lambda(c, min(len(c.Args)-1, 2))
	if err != nil {
		return nil, err
	}
	var acc types.Value
	if len(c.Args) > 2 {
		acc = c.Args[1]
	} else {
		var ok bool
		if acc, ok, err = e.Next(); err != nil || !ok {
			return nil, firstError(err, errNoElements)
		}
	}
	for {
		v, ok, err := e.Next()
		if err == nil {
			err = c.Env.Step(1)
		}
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if acc, err = f.Call(acc, v); err != nil {
			return nil, err
		}
	}
	if len(c.Args) == 4 {
		result, err := lambda(c, 3)
		if err != nil {
			return nil, err
		}
		return result.Call(acc)
	}
	return acc, nil
}

// collectRows turn a sequence into a collection.
var collectRows = []types.Member{
	{Sig: "static T[] ToArray<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		if c.Args[0] == nil {
			return nil, types.ArgumentNull("source")
		}
		return arrayOf(c.Env, c.Types[0], c.Args[0])
	}), Doc: "The items as an array."},
	{Sig: "static List<T> ToList<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		if c.Args[0] == nil {
			return nil, types.ArgumentNull("source")
		}
		items, err := collect(c.Env, c.Args[0])
		return NewList(c.Types[0], items), err
	}), Doc: "The items as a list."},
	{Sig: "static HashSet<T> ToHashSet<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return setOf(c.Env, c.Types[0], nil, c.Args[0])
	}), Doc: "The different items as a set."},
	{Sig: "static HashSet<T> ToHashSet<T>(this IEnumerable<T> source, IEqualityComparer<T> comparer)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return setOf(c.Env, c.Types[0], comparerArgument(c.Args), c.Args[0])
	}), Doc: "The different items as a set with that equality."},
	{Sig: "static Dictionary<TKey, T> ToDictionary<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector)", Do: types.Do(toDictionary(false)), Doc: "The items by key; ArgumentException for equal keys."},
	{Sig: "static Dictionary<TKey, T> ToDictionary<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector, IEqualityComparer<TKey> comparer)", Do: types.Do(toDictionary(false)), Doc: "The items by key."},
	{Sig: "static Dictionary<TKey, E> ToDictionary<T, TKey, E>(this IEnumerable<T> source, Func<T, TKey> keySelector, Func<T, E> elementSelector)", Do: types.Do(toDictionary(true)), Doc: "What the items give, by key.", Ex: `new[] { 1, 2 }.ToDictionary(x => "k" + x, x => x * 2)["k2"] → 4`},
	{Sig: "static Dictionary<TKey, E> ToDictionary<T, TKey, E>(this IEnumerable<T> source, Func<T, TKey> keySelector, Func<T, E> elementSelector, IEqualityComparer<TKey> comparer)", Do: types.Do(toDictionary(true)), Doc: "What the items give, by key."},
}

func toDictionary(element bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		key, err := lambda(c, 1)
		if err != nil {
			return nil, err
		}
		var elem *types.Func
		valueT := c.Types[0]
		if element {
			valueT = c.Types[2]
			if elem, err = lambda(c, 2); err != nil {
				return nil, err
			}
		}
		d := &Dictionary{c.Types[1], valueT, newTable(comparerArgument(c.Args))}
		for v, err := range types.Each(c.Env, c.Args[0]) {
			if err != nil {
				return nil, err
			}
			k, err := key.Call(v)
			if err == nil && elem != nil {
				v, err = elem.Call(v)
			}
			if err != nil {
				return nil, err
			}
			if _, err := dictionaryAdd(&types.Call{Env: c.Env, This: d, Args: []types.Value{k, v}}); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
}
