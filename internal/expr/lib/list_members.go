package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// listDecl is System.Collections.Generic.List<T>.
var listDecl = types.Decl{
	Type: listT, Doc: "A list that grows.",
	Interfaces: []string{"IList<T>", "IReadOnlyList<T>", "ICollection<T>", "IEnumerable<T>"},
	Members: []types.Member{
		{Sig: "List()", Do: types.Do(newList), Doc: "An empty list.", Ex: `new List<int> { 1, 2 }.Count → 2`},
		{Sig: "List(int capacity)", Do: types.Do(newList), Doc: "An empty list.", Ex: `new List<int>(10).Count → 0`},
		{Sig: "List(IEnumerable<T> collection)", Do: types.Do(newList), Doc: "A list of the items."},
		{Sig: "int Count { get; }", Do: types.Fn1(func(l *List) int32 { return int32(len(l.Items)) }), Doc: "The number of items."},
		{Sig: "int Capacity { get; set; }", Do: types.Fn1(func(l *List) int32 { return int32(max(4, len(l.Items))) }), Set: types.Fn2E(func(l *List, n int32) (types.Value, error) {
			if int(n) < len(l.Items) {
				return nil, types.ArgumentRange("value", "capacity was less than the current size.")
			}
			return nil, nil
		}), Doc: "The items there is room for."},
		{Sig: "T this[int index] { get; set; }", Do: types.Fn2E((*List).at), Set: types.Fn3E((*List).setAt), Doc: "An item; ArgumentOutOfRangeException outside.", Ex: `new List<int>()[0] ! ArgumentOutOfRangeException`},
		{Sig: "void Add(T item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			l := c.This.(*List)
			return nil, l.insert(c.Env, len(l.Items), c.Args[0])
		}), Doc: "Appends an item."},
		{Sig: "void AddRange(IEnumerable<T> collection)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			l := c.This.(*List)
			items, err := collect(c.Env, c.Args[0])
			if err != nil {
				return nil, err
			}
			return nil, l.insert(c.Env, len(l.Items), items...)
		}), Doc: "Appends items."},
		{Sig: "void Insert(int index, T item)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return nil, c.This.(*List).insert(c.Env, int(c.Args[0].(int32)), c.Args[1])
		}), Doc: "Puts an item at a position."},
		{Sig: "void InsertRange(int index, IEnumerable<T> collection)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := collect(c.Env, c.Args[1])
			if err != nil {
				return nil, err
			}
			return nil, c.This.(*List).insert(c.Env, int(c.Args[0].(int32)), items...)
		}), Doc: "Puts items at a position."},
		{Sig: "bool Remove(T item)", Do: types.Fn2(func(l *List, v types.Value) bool {
			i := indexOfValue(l.Items, v)
			return i >= 0 && l.removeRange(i, 1) == nil
		}), Doc: "Removes the first equal item."},
		{Sig: "void RemoveAt(int index)", Do: types.Fn2E(func(l *List, i int32) (types.Value, error) {
			if _, err := l.at(i); err != nil {
				return nil, err
			}
			return nil, l.removeRange(int(i), 1)
		}), Doc: "Removes the item at a position."},
		{Sig: "void RemoveRange(int index, int count)", Do: types.Fn3E(func(l *List, i, n int32) (types.Value, error) {
			if err := l.part(i, n); err != nil {
				return nil, err
			}
			return nil, l.removeRange(int(i), int(n))
		}), Doc: "Removes some items."},
		{Sig: "int RemoveAll(Predicate<T> match)", Do: types.Fn2E(removeAll), Doc: "Removes what passes a test, and counts it."},
		{Sig: "void Clear()", Do: types.Fn1(func(l *List) types.Value {
			l.Items = nil
			l.version++
			return nil
		}), Doc: "Removes everything."},
		{Sig: "bool Contains(T item)", Do: types.Fn2(func(l *List, v types.Value) bool { return indexOfValue(l.Items, v) >= 0 }), Doc: "Whether an equal item is there.", Ex: `new List<int> { 1 }.Contains(1) → True`},
		{Sig: "int IndexOf(T item)", Do: types.Fn2(func(l *List, v types.Value) int32 { return int32(indexOfValue(l.Items, v)) }), Doc: "The first position of an equal item, or -1."},
		{Sig: "int IndexOf(T item, int index)", Do: types.Fn3E(func(l *List, v types.Value, from int32) (int32, error) {
			if from < 0 || int(from) > len(l.Items) {
				return 0, types.ArgumentRange("index", "Index was out of range. Must be non-negative and less than the size of the collection.")
			}
			if i := indexOfValue(l.Items[from:], v); i >= 0 {
				return from + int32(i), nil
			}
			return -1, nil
		}), Doc: "The first position of an equal item from an index on, or -1."},
		{Sig: "int LastIndexOf(T item)", Do: types.Fn2(func(l *List, v types.Value) int32 {
			for i := len(l.Items) - 1; i >= 0; i-- {
				if types.Equal(l.Items[i], v) {
					return int32(i)
				}
			}
			return -1
		}), Doc: "The last position of an equal item, or -1."},
		{Sig: "T Find(Predicate<T> match)", Do: types.Do(listFind(1)), Doc: "The first item that passes, or the default."},
		{Sig: "T FindLast(Predicate<T> match)", Do: types.Do(listFind(-1)), Doc: "The last item that passes, or the default."},
		{Sig: "int FindIndex(Predicate<T> match)", Do: types.Fn2E(func(l *List, f *types.Func) (int32, error) {
			i, err := searchItems(l.Items, 0, 1, f)
			return int32(i), err
		}), Doc: "The first position that passes, or -1."},
		{Sig: "int FindLastIndex(Predicate<T> match)", Do: types.Fn2E(func(l *List, f *types.Func) (int32, error) {
			i, err := searchItems(l.Items, len(l.Items)-1, -1, f)
			return int32(i), err
		}), Doc: "The last position that passes, or -1."},
		{Sig: "List<T> FindAll(Predicate<T> match)", Do: types.Fn2E(func(l *List, f *types.Func) (*List, error) {
			items, err := filter(l.Items, f, true)
			return NewList(l.Elem, items), err
		}), Doc: "All items that pass."},
		{Sig: "bool Exists(Predicate<T> match)", Do: types.Fn2E(func(l *List, f *types.Func) (bool, error) {
			i, err := searchItems(l.Items, 0, 1, f)
			return i >= 0, err
		}), Doc: "Whether any item passes."},
		{Sig: "bool TrueForAll(Predicate<T> match)", Do: types.Fn2E(func(l *List, f *types.Func) (bool, error) {
			items, err := filter(l.Items, f, true)
			return len(items) == len(l.Items), err
		}), Doc: "Whether every item passes."},
		{Sig: "void ForEach(Action<T> action)", Do: types.Fn2E(forEach), Doc: "Calls an action for each item."},
		{Sig: "List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			items, err := mapped(c.Env, c.This.(*List).Items, c.Args[0])
			return NewList(c.Types[0], items), err
		}), Doc: "The items converted."},
		{Sig: "List<T> GetRange(int index, int count)", Do: types.Fn3E(func(l *List, i, n int32) (*List, error) {
			if err := l.part(i, n); err != nil {
				return nil, err
			}
			return NewList(l.Elem, append([]types.Value{}, l.Items[i:i+n]...)), nil
		}), Doc: "Some of the items."},
		{Sig: "void Sort()", Do: types.Do(listSort), Doc: "Sorts the items."},
		{Sig: "void Sort(Comparison<T> comparison)", Do: types.Do(listSort), Doc: "Sorts the items as asked."},
		{Sig: "void Sort(IComparer<T> comparer)", Do: types.Do(listSort), Doc: "Sorts the items as asked."},
		{Sig: "void Reverse()", Do: types.Fn1(func(l *List) types.Value {
			reverse(l.Items)
			l.version++
			return nil
		}), Doc: "Turns the order round."},
		{Sig: "void Reverse(int index, int count)", Do: types.Fn3E(func(l *List, i, n int32) (types.Value, error) {
			if err := l.part(i, n); err != nil {
				return nil, err
			}
			reverse(l.Items[i : i+n])
			l.version++
			return nil, nil
		}), Doc: "Turns the order of some items round."},
		{Sig: "int BinarySearch(T item)", Do: types.Fn2E(func(l *List, v types.Value) (int32, error) { return binarySearch(l.Items, v) }), Doc: "The position in a sorted list, or the complement of where it would be."},
		{Sig: "T[] ToArray()", Do: types.Do(func(c *types.Call) (types.Value, error) { return arrayOf(c.Env, c.This.(*List).Elem, c.This) }), Doc: "The items as an array."},
		{Sig: "void CopyTo(T[] array)", Do: types.Fn2E(func(l *List, a types.Value) (types.Value, error) {
			return nil, copyItems(l.Items, 0, a, 0, len(l.Items))
		}), Doc: "Copies the items into an array."},
		{Sig: "void TrimExcess()", Do: types.Do(nothing), Doc: "Does nothing here."},
	},
}

// part checks a range of items: a negative number is out of range, one that goes beyond the end an argument that doesn't fit.
func (l *List) part(at, n int32) error {
	switch {
	case at < 0:
		return types.ArgumentRange("index", "Non-negative number required.")
	case n < 0:
		return types.ArgumentRange("count", "Non-negative number required.")
	case int64(at)+int64(n) > int64(len(l.Items)):
		return types.Argument("", "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.")
	}
	return nil
}

func newList(c *types.Call) (types.Value, error) {
	l := NewList(c.Owner.Args[0], nil)
	if len(c.Args) == 0 {
		return l, nil
	}
	if n, ok := c.Args[0].(int32); ok {
		if n < 0 {
			return nil, types.ArgumentRange("capacity", "Non-negative number required.")
		}
		return l, nil
	}
	if c.Args[0] == nil {
		return nil, types.ArgumentNull("collection")
	}
	var err error
	l.Items, err = collect(c.Env, c.Args[0])
	return l, err
}

func removeAll(l *List, f *types.Func) (int32, error) {
	rest, err := filter(l.Items, f, false)
	if err != nil {
		return 0, err
	}
	n := len(l.Items) - len(rest)
	l.Items = rest
	l.version++
	return int32(n), nil
}

// filter keeps the items for which the test gives want.
func filter(items []types.Value, f *types.Func, want bool) ([]types.Value, error) {
	out := []types.Value{}
	for _, v := range items {
		ok, err := test(f, v)
		if err != nil {
			return nil, err
		}
		if ok == want {
			out = append(out, v)
		}
	}
	return out, nil
}

// mapped calls a converter for each item.
func mapped(env *types.Env, items []types.Value, converter types.Value) ([]types.Value, error) {
	f, _ := converter.(*types.Func)
	if f == nil {
		return nil, types.ArgumentNull("converter")
	}
	if err := env.Charge(16 * len(items)); err != nil {
		return nil, err
	}
	out := make([]types.Value, len(items))
	for i, v := range items {
		var err error
		if out[i], err = f.Call(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func listFind(step int) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		l := c.This.(*List)
		f, _ := c.Args[0].(*types.Func)
		start := 0
		if step < 0 {
			start = len(l.Items) - 1
		}
		i, err := searchItems(l.Items, start, step, f)
		if i < 0 {
			return types.Zero(l.Elem), err
		}
		return l.Items[i], err
	}
}

func forEach(l *List, f *types.Func) (types.Value, error) {
	if f == nil {
		return nil, types.ArgumentNull("action")
	}
	version := l.version
	for _, v := range l.Items {
		if version != l.version {
			return nil, errModified
		}
		if _, err := f.Call(v); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func listSort(c *types.Call) (types.Value, error) {
	l := c.This.(*List)
	var by types.Value
	if len(c.Args) > 0 {
		by = c.Args[0]
	}
	l.version++
	return nil, sortValues(c.Env, l.Items, order(by))
}

func reverse(items []types.Value) {
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
}

func binarySearch(items []types.Value, v types.Value) (int32, error) {
	low, high := 0, len(items)-1
	for low <= high {
		mid := (low + high) / 2
		n, err := types.Compare(items[mid], v)
		if err != nil {
			return 0, types.Throw(types.InvalidOperation, "Failed to compare two elements in the array.")
		}
		switch {
		case n == 0:
			return int32(mid), nil
		case n < 0:
			low = mid + 1
		default:
			high = mid - 1
		}
	}
	return int32(^low), nil
}
