package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var setOperationRows = func() []types.Member {
	var out []types.Member
	for _, m := range []struct {
		name, second, doc string
		do                func(c *types.Call) (types.Value, error)
	}{
		{"Distinct", "", "Each different item once.", distinct},
		{"Union", ", IEnumerable<T> second", "The different items of both.", union},
		{"Intersect", ", IEnumerable<T> second", "The different items that are in both.", setDifference(true)},
		{"Except", ", IEnumerable<T> second", "The different items that are not in the second.", setDifference(false)},
	} {
		sig := "static IEnumerable<T> " + m.name + "<T>(this IEnumerable<T> first" + m.second
		out = append(out,
			types.Member{Sig: sig + ")", Do: types.Do(m.do), Doc: m.doc},
			types.Member{Sig: sig + ", IEqualityComparer<T> comparer)", Do: types.Do(m.do), Doc: m.doc})
	}
	out[0].Ex = `new[] { 1, 2, 1 }.Distinct() → ["1","2"]`
	return out
}()

// unique passes the items that seen does not hold yet, when want agrees.
func unique(c *types.Call, source types.Value, want func(seen *hashTable, env *types.Env) (func(v types.Value) bool, error)) (types.Value, error) {
	if source == nil {
		return nil, types.ArgumentNull("source")
	}
	cmp := comparerArgument(c.Args)
	return &types.Seq{Elem: c.Types[0], Start: func(env *types.Env) types.Enumerator {
		e, err := types.Enumerate(env, source)
		if err != nil {
			return failing(err)
		}
		seen := newTable(cmp)
		var ok func(v types.Value) bool
		return types.EnumeratorFunc(func() (types.Value, bool, error) {
			if ok == nil {
				var err error
				if ok, err = want(newTable(cmp), env); err != nil {
					return nil, false, err
				}
			}
			for {
				v, more, err := e.Next()
				if err == nil {
					err = firstError(env.Step(1), env.Scan(types.Texts(v)))
				}
				if err != nil || !more {
					return nil, false, err
				}
				if _, there := seen.find(v); there || !ok(v) {
					continue
				}
				return v, true, seen.add(env, v, nil)
			}
		})
	}}, nil
}

func anything(*hashTable, *types.Env) (func(types.Value) bool, error) {
	return func(types.Value) bool { return true }, nil
}

func distinct(c *types.Call) (types.Value, error) { return unique(c, c.Args[0], anything) }

func union(c *types.Call) (types.Value, error) {
	both, err := chain(c, c.Types[0], c.Args[0], c.Args[1])
	if err != nil {
		return nil, err
	}
	return unique(c, both, anything)
}

func setDifference(keep bool) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		if c.Args[1] == nil {
			return nil, types.ArgumentNull("second")
		}
		return unique(c, c.Args[0], func(second *hashTable, env *types.Env) (func(types.Value) bool, error) {
			for v, err := range types.Each(env, c.Args[1]) {
				if err != nil {
					return nil, err
				}
				if err := second.set(env, v, nil); err != nil {
					return nil, err
				}
			}
			return func(v types.Value) bool { _, in := second.find(v); return in == keep }, nil
		})
	}
}
