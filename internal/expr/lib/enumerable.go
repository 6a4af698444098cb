package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// enumerableDecl is System.Linq.Enumerable. Its rows stand in the files named
// enumerable_*.go by what the methods give: sequences, groups, single values.
var enumerableDecl = types.Decl{
	Type: types.StaticClass("System.Linq.Enumerable"), Doc: "Queries over sequences, evaluated when they are walked.",
	Members: concatRows(sequenceRows, sortRows, setOperationRows, groupRows, elementRows, numberRows(), collectRows),
}

// lazy makes a sequence that begins when it is walked. Its source, the first
// argument, must not be null.
func lazy(c *types.Call, elem *types.Type, start func(env *types.Env, source types.Enumerator) types.Enumerator) (types.Value, error) {
	source := c.Args[0]
	if source == nil {
		return nil, types.ArgumentNull("source")
	}
	return &types.Seq{Elem: elem, Start: func(env *types.Env) types.Enumerator {
		e, err := types.Enumerate(env, source)
		if err != nil {
			return failing(err)
		}
		return start(env, stepping{env, e})
	}}, nil
}

// stepping charges a step for each item.
type stepping struct {
	env *types.Env
	e   types.Enumerator
}

// Next implements types.Enumerator.
func (s stepping) Next() (types.Value, bool, error) {
	if err := s.env.Step(1); err != nil {
		return nil, false, err
	}
	return s.e.Next()
}

func failing(err error) types.Enumerator {
	return types.EnumeratorFunc(func() (types.Value, bool, error) { return nil, false, err })
}

// deferred makes a sequence of items computed at the first step.
func deferred(c *types.Call, elem *types.Type, compute func(env *types.Env) ([]types.Value, error)) (types.Value, error) {
	if c.Args[0] == nil {
		return nil, types.ArgumentNull("source")
	}
	return &types.Seq{Elem: elem, Start: func(env *types.Env) types.Enumerator {
		var items types.Enumerator
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			if items == nil {
				out, err := compute(env)
				if err != nil {
					return nil, false, err
				}
				items = types.Slice(out)
			}
			return items.Next()
		})
	}}, nil
}

// lambda takes a delegate argument; null is an ArgumentNullException.
func lambda(c *types.Call, i int) (*types.Func, error) {
	f, _ := c.Args[i].(*types.Func)
	if f == nil {
		return nil, types.ArgumentNull(c.Method.Params[i].Name)
	}
	return f, nil
}

// withIndex calls f with the item, and its index when f takes two.
func withIndex(f *types.Func) func(v types.Value) (types.Value, error) {
	if s, ok := f.Type.Invoke(); ok && len(s.Params) == 2 {
		i := int32(-1)
		return func(v types.Value) (types.Value, error) {
			i++
			return f.Call(v, i)
		}
	}
	return func(v types.Value) (types.Value, error) { return f.Call(v) }
}

var sequenceRows = []types.Member{
	{Sig: "static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(where), Doc: "The items that pass.", Ex: "new[] { 1, 2, 3 }.Where(x => x > 1) → [\"2\",\"3\"]"},
	{Sig: "static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, int, bool> predicate)", Do: types.Do(where), Doc: "The items that pass, by item and index."},
	{Sig: "static IEnumerable<R> Select<T, R>(this IEnumerable<T> source, Func<T, R> selector)", Do: types.Do(selectItems), Doc: "Each item turned into another.", Ex: "new[] { 1, 2 }.Select(x => x * 2) → [\"2\",\"4\"]"},
	{Sig: "static IEnumerable<R> Select<T, R>(this IEnumerable<T> source, Func<T, int, R> selector)", Do: types.Do(selectItems), Doc: "Each item turned into another, by item and index."},
	{Sig: "static IEnumerable<R> SelectMany<T, R>(this IEnumerable<T> source, Func<T, IEnumerable<R>> selector)", Do: types.Do(selectMany), Doc: "The items of the sequences each item gives.", Ex: "new[] { \"ab\", \"c\" }.SelectMany(s => s) → [\"a\",\"b\",\"c\"]"},
	{Sig: "static IEnumerable<R> SelectMany<T, R>(this IEnumerable<T> source, Func<T, int, IEnumerable<R>> selector)", Do: types.Do(selectMany), Doc: "The items of the sequences each item gives."},
	{Sig: "static IEnumerable<R> SelectMany<T, U, R>(this IEnumerable<T> source, Func<T, IEnumerable<U>> collectionSelector, Func<T, U, R> resultSelector)", Do: types.Do(selectMany), Doc: "A result for each item and each item it gives."},
	{Sig: "static IEnumerable<T> Take<T>(this IEnumerable<T> source, int count)", Do: types.Do(take), Doc: "The first items.", Ex: "new[] { 1, 2, 3 }.Take(2) → [\"1\",\"2\"]"},
	{Sig: "static IEnumerable<T> Skip<T>(this IEnumerable<T> source, int count)", Do: types.Do(skip), Doc: "All but the first items."},
	{Sig: "static IEnumerable<T> TakeWhile<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(takeWhile), Doc: "The items up to the first that fails."},
	{Sig: "static IEnumerable<T> TakeWhile<T>(this IEnumerable<T> source, Func<T, int, bool> predicate)", Do: types.Do(takeWhile), Doc: "The items up to the first that fails."},
	{Sig: "static IEnumerable<T> SkipWhile<T>(this IEnumerable<T> source, Func<T, bool> predicate)", Do: types.Do(skipWhile), Doc: "The items from the first that fails on."},
	{Sig: "static IEnumerable<T> SkipWhile<T>(this IEnumerable<T> source, Func<T, int, bool> predicate)", Do: types.Do(skipWhile), Doc: "The items from the first that fails on."},
	{Sig: "static IEnumerable<T> Concat<T>(this IEnumerable<T> first, IEnumerable<T> second)", Do: types.Do(concatSequences), Doc: "One sequence after the other.", Ex: "new[] { 1 }.Concat(new[] { 2 }) → [\"1\",\"2\"]"},
	{Sig: "static IEnumerable<T> Append<T>(this IEnumerable<T> source, T element)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return chain(c, c.Types[0], c.Args[0], &types.Array{Items: c.Args[1:]})
	}), Doc: "With one more item at the end."},
	{Sig: "static IEnumerable<T> Prepend<T>(this IEnumerable<T> source, T element)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return chain(c, c.Types[0], &types.Array{Items: c.Args[1:]}, c.Args[0])
	}), Doc: "With one more item in front."},
	{Sig: "static IEnumerable<R> Zip<T, U, R>(this IEnumerable<T> first, IEnumerable<U> second, Func<T, U, R> resultSelector)", Do: types.Do(zip), Doc: "The items of both in pairs.", Ex: "new[] { 1, 2 }.Zip(new[] { 3, 4 }, (a, b) => a * b) → [\"3\",\"8\"]"},
	{Sig: "static IEnumerable<T> DefaultIfEmpty<T>(this IEnumerable<T> source)", Do: types.Do(defaultIfEmpty), Doc: "The items, or one default."},
	{Sig: "static IEnumerable<T> DefaultIfEmpty<T>(this IEnumerable<T> source, T defaultValue)", Do: types.Do(defaultIfEmpty), Doc: "The items, or the one given."},
	{Sig: "static IEnumerable<T> Reverse<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return deferred(c, c.Types[0], func(env *types.Env) ([]types.Value, error) {
			items, err := collect(env, c.Args[0])
			reverse(items)
			return items, err
		})
	}), Doc: "The items from last to first."},
	{Sig: "static IEnumerable<R> Cast<R>(this IEnumerable source)", Do: types.Do(castItems), Doc: "The items as another type; InvalidCastException if one is not."},
	{Sig: "static IEnumerable<R> OfType<R>(this IEnumerable source)", Do: types.Do(ofType), Doc: "The items of a type.", Ex: "new object[] { 1, \"a\" }.OfType<string>() → [\"a\"]"},
	{Sig: "static IEnumerable<T> AsEnumerable<T>(this IEnumerable<T> source)", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.Args[0], nil }), Doc: "The sequence itself."},
	{Sig: "static IEnumerable<int> Range(int start, int count)", Do: types.Do(rangeItems), Doc: "Consecutive numbers.", Ex: "Enumerable.Range(5, 2) → [\"5\",\"6\"]"},
	{Sig: "static IEnumerable<T> Repeat<T>(T element, int count)", Do: types.Do(repeatItem), Doc: "One value many times.", Ex: "Enumerable.Repeat(\"a\", 2) → [\"a\",\"a\"]"},
	{Sig: "static IEnumerable<T> Empty<T>()", Do: types.Do(func(c *types.Call) (types.Value, error) { return arrayOf(c.Env, c.Types[0], types.Strings(nil)) }), Doc: "No items."},
}

func where(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	return lazy(c, c.Types[0], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		call := withIndex(f)
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for {
				v, ok, err := e.Next()
				if err != nil || !ok {
					return nil, false, err
				}
				keep, err := call(v)
				if err != nil {
					return nil, false, err
				}
				if keep == true {
					return v, true, nil
				}
			}
		})
	})
}

func selectItems(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	return lazy(c, c.Types[1], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		call := withIndex(f)
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			v, ok, err := e.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			v, err = call(v)
			return v, err == nil, err
		})
	})
}

func selectMany(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	var result *types.Func
	if len(c.Args) > 2 {
		if result, err = lambda(c, 2); err != nil {
			return nil, err
		}
	}
	return lazy(c, c.Types[len(c.Types)-1], func(env *types.Env, outer types.Enumerator) types.Enumerator {
		call := withIndex(f)
		var item types.Value
		var inner types.Enumerator
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for {
				if inner != nil {
					v, ok, err := inner.Next()
					if err != nil {
						return nil, false, err
					}
					if ok && result != nil {
						v, err = result.Call(item, v)
					}
					if ok {
						return v, err == nil, err
					}
				}
				var ok bool
				var err error
				if item, ok, err = outer.Next(); err != nil || !ok {
					return nil, false, err
				}
				many, err := call(item)
				if err == nil && many == nil {
					err = types.Throw(types.NullReference, "Object reference not set to an instance of an object.")
				}
				if err == nil {
					inner, err = types.Enumerate(env, many)
				}
				if err != nil {
					return nil, false, err
				}
				inner = stepping{env, inner}
			}
		})
	})
}

func take(c *types.Call) (types.Value, error) {
	return lazy(c, c.Types[0], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		left := c.Args[1].(int32)
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			if left <= 0 {
				return nil, false, nil
			}
			left--
			return e.Next()
		})
	})
}

func skip(c *types.Call) (types.Value, error) {
	return lazy(c, c.Types[0], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		left := c.Args[1].(int32)
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for ; left > 0; left-- {
				if _, ok, err := e.Next(); err != nil || !ok {
					return nil, false, err
				}
			}
			return e.Next()
		})
	})
}

func takeWhile(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	return lazy(c, c.Types[0], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		call, done := withIndex(f), false
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			if done {
				return nil, false, nil
			}
			v, ok, err := e.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			keep, err := call(v)
			done = keep != true
			return v, err == nil && !done, err
		})
	})
}

func skipWhile(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	return lazy(c, c.Types[0], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		call, begun := withIndex(f), false
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for {
				v, ok, err := e.Next()
				if err != nil || !ok || begun {
					return v, ok, err
				}
				still, err := call(v)
				if err != nil {
					return nil, false, err
				}
				if begun = still != true; begun {
					return v, true, nil
				}
			}
		})
	})
}

func concatSequences(c *types.Call) (types.Value, error) {
	return chain(c, c.Types[0], c.Args[0], c.Args[1])
}

// chain gives the items of several sequences, one after the other.
func chain(c *types.Call, elem *types.Type, parts ...types.Value) (types.Value, error) {
	for _, p := range parts {
		if p == nil {
			return nil, types.ArgumentNull("source")
		}
	}
	return &types.Seq{Elem: elem, Start: func(env *types.Env) types.Enumerator {
		var e types.Enumerator
		i := 0
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for {
				if e != nil {
					if v, ok, err := e.Next(); err != nil || ok {
						return v, ok, err
					}
				}
				if i == len(parts) {
					return nil, false, nil
				}
				var err error
				if e, err = types.Enumerate(env, parts[i]); err != nil {
					return nil, false, err
				}
				e = stepping{env, e}
				i++
			}
		})
	}}, nil
}

func zip(c *types.Call) (types.Value, error) {
	f, err := lambda(c, 2)
	if err != nil {
		return nil, err
	}
	if c.Args[1] == nil {
		return nil, types.ArgumentNull("second")
	}
	return lazy(c, c.Types[2], func(env *types.Env, e types.Enumerator) types.Enumerator {
		second, err := types.Enumerate(env, c.Args[1])
		if err != nil {
			return failing(err)
		}
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			a, ok, err := e.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			b, ok, err := second.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			v, err := f.Call(a, b)
			return v, err == nil, err
		})
	})
}

func defaultIfEmpty(c *types.Call) (types.Value, error) {
	def := types.Zero(c.Types[0])
	if len(c.Args) > 1 {
		def = c.Args[1]
	}
	return lazy(c, c.Types[0], func(_ *types.Env, e types.Enumerator) types.Enumerator {
		first := true
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			v, ok, err := e.Next()
			if first && !ok && err == nil {
				v, ok = def, true
			}
			first = false
			return v, ok, err
		})
	})
}

func castItems(c *types.Call) (types.Value, error) {
	to := c.Types[0]
	return lazy(c, to, func(env *types.Env, e types.Enumerator) types.Enumerator {
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			v, ok, err := e.Next()
			if err != nil || !ok {
				return nil, false, err
			}
			if v == nil && !to.CanBeNull() {
				return nil, false, types.Throw(types.NullReference, "Object reference not set to an instance of an object.")
			}
			if v != nil && env.Library != nil && !env.Library.Is(v, to) {
				return nil, false, types.Throw(types.InvalidCast, "Specified cast is not valid.")
			}
			return v, true, nil
		})
	})
}

func ofType(c *types.Call) (types.Value, error) {
	return lazy(c, c.Types[0], func(env *types.Env, e types.Enumerator) types.Enumerator {
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			for {
				v, ok, err := e.Next()
				if err != nil || !ok {
					return nil, false, err
				}
				if env.Library != nil && env.Library.Is(v, c.Types[0]) {
					return v, true, nil
				}
			}
		})
	})
}

func rangeItems(c *types.Call) (types.Value, error) {
	start, n := c.Args[0].(int32), c.Args[1].(int32)
	if n < 0 || int64(start)+int64(n)-1 > 1<<31-1 {
		return nil, types.ArgumentRange("count", "Specified argument was out of the range of valid values.")
	}
	return counted(types.Int32, n, func(i int32) types.Value { return start + i }), nil
}

func repeatItem(c *types.Call) (types.Value, error) {
	n := c.Args[1].(int32)
	if n < 0 {
		return nil, types.ArgumentRange("count", "Specified argument was out of the range of valid values.")
	}
	return counted(c.Types[0], n, func(int32) types.Value { return c.Args[0] }), nil
}

func counted(elem *types.Type, n int32, item func(i int32) types.Value) *types.Seq {
	return &types.Seq{Elem: elem, Start: func(env *types.Env) types.Enumerator {
		i := int32(0)
		return stepping{env, types.EnumeratorFunc(func() (types.Value, bool, error) {
			if i >= n {
				return nil, false, nil
			}
			i++
			return item(i - 1), true, nil
		})}
	}}
}
