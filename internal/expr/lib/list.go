package lib

import (
	"sort"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var listT = types.Class("System.Collections.Generic.List<T>")

// List is System.Collections.Generic.List<T>.
type List struct {
	Elem    *types.Type
	Items   []types.Value
	version int
}

// NewList makes a List<elem> of items, which it takes over.
func NewList(elem *types.Type, items []types.Value) *List { return &List{Elem: elem, Items: items} }

// NetType implements types.Typed.
func (l *List) NetType() *types.Type { return listT.Of(l.Elem) }

// Len is Count.
func (l *List) Len() int { return len(l.Items) }

// Enumerate implements types.Sequence; changing the list meanwhile is an error.
func (l *List) Enumerate(*types.Env) types.Enumerator {
	i, version := 0, l.version
	return types.EnumeratorFunc(func() (types.Value, bool, error) {
		if version != l.version {
			return nil, false, errModified
		}
		if i >= len(l.Items) {
			return nil, false, nil
		}
		i++
		return l.Items[i-1], true, nil
	})
}

// collect walks a sequence to its end, charging for the items.
func collect(env *types.Env, v types.Value) ([]types.Value, error) {
	switch v := v.(type) {
	case *types.Array:
		return append([]types.Value{}, v.Items...), firstError(env.Step(int64(len(v.Items))), env.Charge(16*len(v.Items)))
	case *List:
		return append([]types.Value{}, v.Items...), firstError(env.Step(int64(len(v.Items))), env.Charge(16*len(v.Items)))
	}
	var out []types.Value
	for item, err := range types.Each(env, v) {
		if err == nil {
			err = env.Charge(32)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

var errIndex = types.ArgumentRange("index", "Index was out of range. Must be non-negative and less than the size of the collection.")

func (l *List) at(i int32) (types.Value, error) {
	if i < 0 || int(i) >= len(l.Items) {
		return nil, errIndex
	}
	return l.Items[i], nil
}

func (l *List) setAt(i int32, v types.Value) (types.Value, error) {
	if i < 0 || int(i) >= len(l.Items) {
		return nil, errIndex
	}
	l.Items[i] = v
	l.version++
	return nil, nil
}

func (l *List) insert(env *types.Env, at int, items ...types.Value) error {
	if at < 0 || at > len(l.Items) {
		return types.ArgumentRange("index", "Index must be within the bounds of the List.")
	}
	if err := env.Charge(32 * len(items)); err != nil {
		return err
	}
	if err := env.Step(int64(len(l.Items)-at) / 8); err != nil {
		return err
	}
	l.version++
	if at == len(l.Items) {
		l.Items = append(l.Items, items...)
		return nil
	}
	l.Items = append(l.Items[:at], append(append([]types.Value{}, items...), l.Items[at:]...)...)
	return nil
}

func (l *List) removeRange(at, n int) error {
	if err := checkRange(at, n, len(l.Items)); err != nil {
		return err
	}
	l.Items = append(l.Items[:at], l.Items[at+n:]...)
	l.version++
	return nil
}

// indexOfValue finds v by equality among items.
func indexOfValue(items []types.Value, v types.Value) int {
	for i, x := range items {
		if types.Equal(x, v) {
			return i
		}
	}
	return -1
}

// order compares by a Comparison or IComparer, or by default.
func order(v types.Value) func(a, b types.Value) (int, error) {
	switch c := v.(type) {
	case *types.Func:
		return func(a, b types.Value) (int, error) {
			r, err := c.Call(a, b)
			n, _ := r.(int32)
			return int(n), err
		}
	case *StringComparer:
		return func(a, b types.Value) (int, error) {
			n, err := comparerCompare(c, a, b)
			return int(n), err
		}
	}
	return types.Compare
}

// sortValues sorts stably; the first error ends it.
func sortValues(env *types.Env, items []types.Value, compare func(a, b types.Value) (int, error)) error {
	s := &sorter{env: env, items: items, compare: compare}
	sort.Stable(s)
	return s.err
}

type sorter struct {
	env     *types.Env
	items   []types.Value
	compare func(a, b types.Value) (int, error)
	err     error
}

func (s *sorter) Len() int      { return len(s.items) }
func (s *sorter) Swap(i, j int) { s.items[i], s.items[j] = s.items[j], s.items[i] }
func (s *sorter) Less(i, j int) bool {
	if s.err != nil {
		return false
	}
	if s.err = s.env.Step(1); s.err != nil {
		return false
	}
	if s.err = s.env.Scan(rowTexts(s.items[i]) + rowTexts(s.items[j])); s.err != nil {
		return false
	}
	n, err := s.compare(s.items[i], s.items[j])
	s.err = err
	return n < 0
}

// rowTexts is the length of the text that a comparison reads: the item, or the
// keys of a row of OrderBy.
func rowTexts(v types.Value) int {
	row, ok := v.([]types.Value)
	if !ok {
		return types.Texts(v)
	}
	n := 0
	for _, key := range row[:len(row)-1] {
		n += types.Texts(key)
	}
	return n
}

// test calls a predicate.
func test(f *types.Func, args ...types.Value) (bool, error) {
	if f == nil {
		return false, types.ArgumentNull("match")
	}
	v, err := f.Call(args...)
	b, _ := v.(bool)
	return b, err
}

// search finds the first index, from start in steps, whose item passes.
func searchItems(items []types.Value, start, step int, f *types.Func) (int, error) {
	for i := start; i >= 0 && i < len(items); i += step {
		ok, err := test(f, items[i])
		if err != nil {
			return -1, err
		}
		if ok {
			return i, nil
		}
	}
	return -1, nil
}

// Span implements types.Sized.
func (l *List) Span() int { return len(l.Items) }
