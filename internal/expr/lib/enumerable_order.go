package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

var iOrdered = types.Interface("System.Linq.IOrderedEnumerable<T>")

var iOrderedDecl = types.Decl{Type: iOrdered, Doc: "A sorted sequence.", Interfaces: []string{"IEnumerable<T>"}}

// Sorted is the result of OrderBy: a sequence sorted when it is walked.
type Sorted struct {
	elem   *types.Type
	source types.Value
	keys   []sortKey
}

type sortKey struct {
	of      *types.Func
	compare func(a, b types.Value) (int, error)
	down    bool
}

// NetType implements types.Typed.
func (s *Sorted) NetType() *types.Type { return iOrdered.Of(s.elem) }

// Enumerate implements types.Sequence.
func (s *Sorted) Enumerate(env *types.Env) types.Enumerator {
	var items types.Enumerator
	return types.EnumeratorFunc(func() (types.Value, bool, error) {
		if items == nil {
			out, err := s.sort(env)
			if err != nil {
				return nil, false, err
			}
			items = types.Slice(out)
		}
		return items.Next()
	})
}

// sort computes each key once and sorts stably.
func (s *Sorted) sort(env *types.Env) ([]types.Value, error) {
	items, err := collect(env, s.source)
	if err != nil {
		return nil, err
	}
	if err := env.Charge(48 * len(items)); err != nil {
		return nil, err
	}
	rows := make([]types.Value, len(items))
	for i, v := range items {
		row := make([]types.Value, len(s.keys)+1)
		row[len(s.keys)] = v
		for k, key := range s.keys {
			if row[k], err = key.of.Call(v); err != nil {
				return nil, err
			}
		}
		rows[i] = row
	}
	err = sortValues(env, rows, func(a, b types.Value) (int, error) {
		x, y := a.([]types.Value), b.([]types.Value)
		for k, key := range s.keys {
			n, err := key.compare(x[k], y[k])
			if err != nil || n != 0 {
				if key.down {
					n = -n
				}
				return n, err
			}
		}
		return 0, nil
	})
	for i, r := range rows {
		items[i] = r.([]types.Value)[len(s.keys)]
	}
	return items, err
}

var sortRows = func() []types.Member {
	var out []types.Member
	for _, m := range []struct {
		name, on, doc string
		down          bool
	}{
		{"OrderBy", "IEnumerable", "Sorted by a key.", false},
		{"OrderByDescending", "IEnumerable", "Sorted by a key, largest first.", true},
		{"ThenBy", "IOrderedEnumerable", "Sorted by a further key.", false},
		{"ThenByDescending", "IOrderedEnumerable", "Sorted by a further key, largest first.", true},
	} {
		sig := "static IOrderedEnumerable<T> " + m.name + "<T, TKey>(this " + m.on + "<T> source, Func<T, TKey> keySelector"
		do := types.Do(func(c *types.Call) (types.Value, error) { return orderBy(c, m.down) })
		out = append(out,
			types.Member{Sig: sig + ")", Do: do, Doc: m.doc},
			types.Member{Sig: sig + ", IComparer<TKey> comparer)", Do: do, Doc: m.doc})
	}
	out[0].Ex = `new[] { "b", "A", "a" }.OrderBy(s => s) → ["a","A","b"]`
	return out
}()

func orderBy(c *types.Call, down bool) (types.Value, error) {
	if c.Args[0] == nil {
		return nil, types.ArgumentNull("source")
	}
	f, err := lambda(c, 1)
	if err != nil {
		return nil, err
	}
	var by types.Value
	if len(c.Args) > 2 {
		by = c.Args[2]
	}
	key := sortKey{f, order(by), down}
	if s, ok := c.Args[0].(*Sorted); ok && c.Method != nil && c.Method.Name[0] == 'T' {
		return &Sorted{s.elem, s.source, append(append([]sortKey{}, s.keys...), key)}, nil
	}
	return &Sorted{c.Types[0], c.Args[0], []sortKey{key}}, nil
}
