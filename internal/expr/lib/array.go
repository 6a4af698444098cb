package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// itemsOf gives the items of an array; those of a byte[] are a copy, which
// store writes back.
func itemsOf(v types.Value) ([]types.Value, bool) {
	switch a := v.(type) {
	case *types.Array:
		return a.Items, a != nil
	case *types.ByteArray:
		if a == nil {
			return nil, false
		}
		out := make([]types.Value, len(a.B))
		for i, b := range a.B {
			out[i] = b
		}
		return out, true
	}
	return nil, false
}

func store(v types.Value, items []types.Value) {
	if a, ok := v.(*types.ByteArray); ok {
		for i, x := range items {
			a.B[i], _ = x.(uint8)
		}
	}
}

// arrayOf makes an elem[] of a sequence.
func arrayOf(env *types.Env, elem *types.Type, v types.Value) (types.Value, error) {
	items, err := collect(env, v)
	if err != nil {
		return nil, err
	}
	if elem.Kind == types.KindByte {
		b := make([]byte, len(items))
		a := &types.ByteArray{B: b}
		store(a, items)
		return a, nil
	}
	return &types.Array{Elem: elem, Items: items}, nil
}

// copyItems copies into an array of either sort.
func copyItems(from []types.Value, at int, to types.Value, start, n int) error {
	items, ok := itemsOf(to)
	if !ok {
		return types.ArgumentNull("destinationArray")
	}
	if n < 0 || at < 0 || start < 0 {
		return types.ArgumentRange("length", "Non-negative number required.")
	}
	if at+n > len(from) {
		return types.Argument("sourceArray", "Source array was not long enough. Check srcIndex and length, and the array's lower bounds.")
	}
	if start+n > len(items) {
		return types.Argument("destinationArray", "Destination array was not long enough. Check destIndex and length, and the array's lower bounds.")
	}
	copy(items[start:], append([]types.Value{}, from[at:at+n]...))
	store(to, items)
	return nil
}

// copyHeld copies where nothing has said that the items are of the array's type.
func copyHeld(env *types.Env, from []types.Value, at int, to types.Value, start, n int) error {
	if _, ok := itemsOf(to); !ok {
		return types.ArgumentNull("destinationArray")
	}
	for i := max(at, 0); i < len(from) && i < at+n; i++ {
		if !holds(env, to, from[i]) {
			return types.Throw(types.InvalidCast, "Object cannot be stored in an array of this type.")
		}
	}
	return firstError(env.Step(int64(n/8+1)), copyItems(from, at, to, start, n))
}

// arrayDecl is System.Array, the base of every T[].
var arrayDecl = types.Decl{Type: types.ArrayT, Doc: "The base of all arrays.", Interfaces: []string{"System.Collections.IEnumerable"}, Members: concatRows(arrayInstance, arrayStatic)}

var arrayInstance = []types.Member{
	{Sig: "int Length { get; }", Do: types.Fn1(arrayLength), Doc: "The number of items.", Ex: "new[] { 1, 2 }.Length → 2"},
	{Sig: "long LongLength { get; }", Do: types.Fn1(func(v types.Value) int64 { return int64(arrayLength(v)) }), Doc: "The number of items."},
	{Sig: "int Rank { get; }", Do: types.Fn1(func(v types.Value) int32 { return int32(len(dimensions(v))) }), Doc: "The number of dimensions.", Ex: "new int[2, 3].Rank → 2"},
	{Sig: "bool IsReadOnly { get; }", Do: types.Fn1(func(types.Value) bool { return false }), Doc: "Always false."},
	{Sig: "bool IsFixedSize { get; }", Do: types.Fn1(func(types.Value) bool { return true }), Doc: "Always true."},
	{Sig: "int GetLength(int dimension)", Do: types.Fn2E(dimension(func(n int32) int32 { return n })), Doc: "The number of items.", Ex: "new[] { 1, 2 }.GetLength(0) → 2"},
	{Sig: "int GetLowerBound(int dimension)", Do: types.Fn2E(dimension(func(int32) int32 { return 0 })), Doc: "The first index."},
	{Sig: "int GetUpperBound(int dimension)", Do: types.Fn2E(dimension(func(n int32) int32 { return n - 1 })), Doc: "The last index.", Ex: "new[] { 1, 2 }.GetUpperBound(0) → 1"},
	{Sig: "object GetValue(int index)", Do: types.Fn2E(func(v types.Value, i int32) (types.Value, error) {
		items, _ := itemsOf(v)
		if i < 0 || int(i) >= len(items) {
			return nil, types.Throw(types.IndexOutOfRange, "Index was outside the bounds of the array.")
		}
		return items[i], nil
	}), Doc: "An item."},
	{Sig: "void SetValue(object value, int index)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		return nil, copyHeld(c.Env, c.Args[:1], 0, c.This, int(c.Args[1].(int32)), 1)
	}), Doc: "Changes an item."},
	{Sig: "void CopyTo(Array array, int index)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		items, _ := itemsOf(c.This)
		return nil, copyHeld(c.Env, items, 0, c.Args[0], int(c.Args[1].(int32)), len(items))
	}), Doc: "Copies the items into another array."},
	{Sig: "object Clone()", Do: types.Do(func(c *types.Call) (types.Value, error) { return cloneArray(c.Env, c.This) }), Doc: "An array of the same items."},
}

// holds reports whether an array may have v as an item.
func holds(env *types.Env, array, v types.Value) bool {
	elem := types.Byte
	if a, ok := array.(*types.Array); ok {
		elem = a.Elem
	}
	if v == nil {
		return elem.CanBeNull()
	}
	return env.Library.Subtype(env.Library.TypeOf(v), elem.Underlying())
}

func arrayLength(v types.Value) int32 {
	switch a := v.(type) {
	case *types.Array:
		return int32(len(a.Items))
	case *types.ByteArray:
		return int32(len(a.B))
	}
	return 0
}

func cloneArray(env *types.Env, v types.Value) (types.Value, error) {
	if a, ok := v.(*types.Array); ok {
		return arrayOf(env, a.Elem, a)
	}
	return arrayOf(env, types.Byte, v)
}

// dimensions are the lengths of an array, one for each index that it takes.
func dimensions(v types.Value) []int {
	if a, ok := v.(*types.Array); ok && len(a.Dims) > 0 {
		return a.Dims
	}
	return []int{int(arrayLength(v))}
}

func dimension(f func(int32) int32) func(v types.Value, d int32) (int32, error) {
	return func(v types.Value, d int32) (int32, error) {
		dims := dimensions(v)
		if d < 0 || int(d) >= len(dims) {
			return 0, types.Throw(types.IndexOutOfRange, "Index was outside the bounds of the array.")
		}
		return f(int32(dims[d])), nil
	}
}

// onArray wraps a function of the items of the first argument; changes to the
// items are written back.
func onArray(f func(c *types.Call, items []types.Value) (types.Value, error)) types.Fn {
	return types.Do(func(c *types.Call) (types.Value, error) {
		items, ok := itemsOf(c.Args[0])
		if !ok {
			return nil, types.ArgumentNull("array")
		}
		if err := c.Env.Step(int64(len(items)/8 + 1)); err != nil {
			return nil, err
		}
		v, err := f(c, items)
		if err == nil {
			store(c.Args[0], items)
		}
		return v, err
	})
}

func function(c *types.Call, i int) *types.Func {
	f, _ := c.Args[i].(*types.Func)
	return f
}

// findIn makes Find and FindIndex, from either end.
func findIn(step int, index bool) func(c *types.Call, items []types.Value) (types.Value, error) {
	return func(c *types.Call, items []types.Value) (types.Value, error) {
		start := 0
		if step < 0 {
			start = len(items) - 1
		}
		i, err := searchItems(items, start, step, function(c, 1))
		switch {
		case index || err != nil:
			return int32(i), err
		case i < 0:
			return types.Zero(c.Types[0]), nil
		}
		return items[i], nil
	}
}

func sortArray(c *types.Call, items []types.Value) (types.Value, error) {
	var by types.Value
	if len(c.Args) > 1 {
		by = c.Args[1]
	}
	return nil, sortValues(c.Env, items, order(by))
}

var arrayStatic = []types.Member{
	{Sig: "static void Sort(Array array)", Do: onArray(sortArray), Doc: "Sorts the items."},
	{Sig: "static void Sort<T>(T[] array, int index, int length)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		i, n := int(c.Args[1].(int32)), int(c.Args[2].(int32))
		if err := checkRange(i, n, len(items)); err != nil {
			return nil, err
		}
		return nil, sortValues(c.Env, items[i:i+n], order(nil))
	}), Doc: "Sorts some items."},
	{Sig: "static void Sort<T>(T[] array)", Do: onArray(sortArray), Doc: "Sorts the items."},
	{Sig: "static void Sort<T>(T[] array, Comparison<T> comparison)", Do: onArray(sortArray), Doc: "Sorts the items as asked."},
	{Sig: "static void Sort<T>(T[] array, IComparer<T> comparer)", Do: onArray(sortArray), Doc: "Sorts the items as asked."},
	{Sig: "static void Reverse(Array array)", Do: onArray(func(_ *types.Call, items []types.Value) (types.Value, error) {
		reverse(items)
		return nil, nil
	}), Doc: "Turns the order round."},
	{Sig: "static void Reverse(Array array, int index, int length)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		i, n := int(c.Args[1].(int32)), int(c.Args[2].(int32))
		if err := checkRange(i, n, len(items)); err != nil {
			return nil, err
		}
		reverse(items[i : i+n])
		return nil, nil
	}), Doc: "Turns the order of a part round."},
	{Sig: "static void Clear(Array array, int index, int length)", Do: onArray(clearArray), Doc: "Sets items to their default."},
	{Sig: "static void Copy(Array sourceArray, Array destinationArray, int length)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		return nil, copyHeld(c.Env, items, 0, c.Args[1], 0, int(c.Args[2].(int32)))
	}), Doc: "Copies items."},
	{Sig: "static void Copy(Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		return nil, copyHeld(c.Env, items, int(c.Args[1].(int32)), c.Args[2], int(c.Args[3].(int32)), int(c.Args[4].(int32)))
	}), Doc: "Copies items."},
	{Sig: "static int IndexOf<T>(T[] array, T value)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		return int32(indexOfValue(items, c.Args[1])), nil
	}), Doc: "The first position of an equal item, or -1.", Ex: "Array.IndexOf(new[] { 1, 2 }, 2) → 1"},
	{Sig: "static int LastIndexOf<T>(T[] array, T value)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		for i := len(items) - 1; i >= 0; i-- {
			if types.Equal(items[i], c.Args[1]) {
				return int32(i), nil
			}
		}
		return int32(-1), nil
	}), Doc: "The last position of an equal item, or -1."},
	{Sig: "static int BinarySearch<T>(T[] array, T value)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		n, err := binarySearch(items, c.Args[1])
		return n, err
	}), Doc: "The position in a sorted array, or the complement of where it would be.", Ex: "Array.BinarySearch(new[] { 1, 3, 5 }, 4) → -3"},
	{Sig: "static bool Exists<T>(T[] array, Predicate<T> match)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		i, err := searchItems(items, 0, 1, function(c, 1))
		return i >= 0, err
	}), Doc: "Whether any item passes.", Ex: "Array.Exists(new[] { 1, 2 }, x => x > 1) → True"},
	{Sig: "static bool TrueForAll<T>(T[] array, Predicate<T> match)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		ok, err := filter(items, function(c, 1), true)
		return len(ok) == len(items), err
	}), Doc: "Whether every item passes."},
	{Sig: "static T Find<T>(T[] array, Predicate<T> match)", Do: onArray(findIn(1, false)), Doc: "The first item that passes, or the default."},
	{Sig: "static T FindLast<T>(T[] array, Predicate<T> match)", Do: onArray(findIn(-1, false)), Doc: "The last item that passes, or the default."},
	{Sig: "static int FindIndex<T>(T[] array, Predicate<T> match)", Do: onArray(findIn(1, true)), Doc: "The first position that passes, or -1."},
	{Sig: "static int FindLastIndex<T>(T[] array, Predicate<T> match)", Do: onArray(findIn(-1, true)), Doc: "The last position that passes, or -1."},
	{Sig: "static T[] FindAll<T>(T[] array, Predicate<T> match)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		ok, err := filter(items, function(c, 1), true)
		if err != nil {
			return nil, err
		}
		return arrayOf(c.Env, c.Types[0], &types.Array{Items: ok})
	}), Doc: "All items that pass."},
	{Sig: "static TOutput[] ConvertAll<TInput, TOutput>(TInput[] array, Converter<TInput, TOutput> converter)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		out, err := mapped(c.Env, items, c.Args[1])
		if err != nil {
			return nil, err
		}
		return arrayOf(c.Env, c.Types[1], &types.Array{Items: out})
	}), Doc: "The items converted."},
	{Sig: "static void ForEach<T>(T[] array, Action<T> action)", Do: onArray(func(c *types.Call, items []types.Value) (types.Value, error) {
		return forEach(&List{Items: items}, function(c, 1))
	}), Doc: "Calls an action for each item."},
	{Sig: "static void Resize<T>(ref T[] array, int newSize)", Do: types.Do(resizeArray), Doc: "Makes an array longer or shorter."},
	{Sig: "static Array CreateInstance(Type elementType, int length)", Do: types.Do(func(c *types.Call) (types.Value, error) {
		elem, ok := c.Args[0].(types.TypeValue)
		n := int(c.Args[1].(int32))
		switch {
		case !ok:
			return nil, types.ArgumentNull("elementType")
		case n < 0:
			return nil, types.ArgumentRange("length", "Non-negative number required.")
		}
		if err := c.Env.Charge(16 * n); err != nil {
			return nil, err
		}
		items := make([]types.Value, n)
		for i := range items {
			items[i] = types.Zero(elem.T)
		}
		return arrayOf(c.Env, elem.T, &types.Array{Items: items})
	}), Doc: "An array of so many defaults.", Ex: "Array.CreateInstance(typeof(int), 2).Length → 2"},
	{Sig: "static T[] Empty<T>()", Do: types.Do(func(c *types.Call) (types.Value, error) { return arrayOf(c.Env, c.Types[0], types.Strings(nil)) }), Doc: "An array without items."},
}

func clearArray(c *types.Call, items []types.Value) (types.Value, error) {
	i, n := int(c.Args[1].(int32)), int(c.Args[2].(int32))
	if i < 0 || n < 0 || i+n > len(items) {
		return nil, types.Throw(types.IndexOutOfRange, "Index was outside the bounds of the array.")
	}
	elem := types.Byte
	if a, ok := c.Args[0].(*types.Array); ok {
		elem = a.Elem
	}
	for j := i; j < i+n; j++ {
		items[j] = types.Zero(elem)
	}
	return nil, nil
}

func resizeArray(c *types.Call) (types.Value, error) {
	ref, n := c.Args[0].(*types.Ref), int(c.Args[1].(int32))
	if n < 0 {
		return nil, types.ArgumentRange("newSize", "Non-negative number required.")
	}
	items, _ := itemsOf(ref.V)
	if err := c.Env.Charge(16 * n); err != nil {
		return nil, err
	}
	out := make([]types.Value, n)
	for i := range out {
		if i < len(items) {
			out[i] = items[i]
		} else {
			out[i] = types.Zero(c.Types[0])
		}
	}
	v, err := arrayOf(c.Env, c.Types[0], &types.Array{Items: out})
	ref.V = v
	return nil, err
}
