package lib

import (
	"github.com/atelier-apim/atelier/internal/expr/types"
)

// hashTable maps values to values in the order .NET's collections enumerate:
// that of insertion, where the place of a removed item is taken by the next
// one added. Strings and integers are found through a Go map; values with an
// equality of their own through buckets of equal hashes.
type hashTable struct {
	cmp     *StringComparer // nil: default equality
	plain   map[types.Value]int
	buckets map[int32][]int
	entries []tableEntry
	free    []int
	version int
}

type tableEntry struct {
	key, value types.Value
	live       bool
}

// entryBytes is charged for each entry added.
const entryBytes = 96

func newTable(cmp *StringComparer) *hashTable {
	return &hashTable{cmp: cmp, plain: map[types.Value]int{}}
}

// direct gives the key of the Go map; ok is false for values that need Equal.
func (t *hashTable) direct(key types.Value) (types.Value, bool) {
	switch k := key.(type) {
	case string:
		return t.cmp.fold(k), true
	case nil, bool, types.Char, int8, uint8, int16, uint16, int32, uint32, int64, uint64, types.Enum, Guid:
		return key, true
	}
	return nil, false
}

func (t *hashTable) find(key types.Value) (int, bool) {
	if k, ok := t.direct(key); ok {
		i, found := t.plain[k]
		return i, found
	}
	for _, i := range t.buckets[types.Hash(key)] {
		if types.Equal(t.entries[i].key, key) {
			return i, true
		}
	}
	return 0, false
}

func (t *hashTable) len() int { return len(t.entries) - len(t.free) }

// add appends a key that is not there yet.
func (t *hashTable) add(env *types.Env, key, value types.Value) error {
	if err := firstError(env.Charge(entryBytes), env.Scan(types.Texts(key))); err != nil {
		return err
	}
	i := len(t.entries)
	if n := len(t.free); n > 0 {
		i, t.free = t.free[n-1], t.free[:n-1]
		t.entries[i] = tableEntry{key, value, true}
	} else {
		t.entries = append(t.entries, tableEntry{key, value, true})
	}
	t.version++
	if k, ok := t.direct(key); ok {
		t.plain[k] = i
		return nil
	}
	if t.buckets == nil {
		t.buckets = map[int32][]int{}
	}
	h := types.Hash(key)
	t.buckets[h] = append(t.buckets[h], i)
	return env.Step(int64(len(t.buckets[h])))
}

// set adds a key or replaces its value.
func (t *hashTable) set(env *types.Env, key, value types.Value) error {
	if i, ok := t.find(key); ok {
		t.entries[i].value = value
		t.version++
		return env.Scan(types.Texts(key))
	}
	return t.add(env, key, value)
}

func (t *hashTable) remove(key types.Value) bool {
	i, ok := t.find(key)
	if !ok {
		return false
	}
	if k, direct := t.direct(key); direct {
		delete(t.plain, k)
	} else {
		h := types.Hash(key)
		var rest []int
		for _, j := range t.buckets[h] {
			if j != i {
				rest = append(rest, j)
			}
		}
		t.buckets[h] = rest
	}
	t.entries[i] = tableEntry{}
	t.free = append(t.free, i)
	t.version++
	return true
}

func (t *hashTable) clear() {
	v := t.version
	*t = hashTable{cmp: t.cmp, plain: map[types.Value]int{}, version: v + 1}
}

var errModified = types.Throw(types.InvalidOperation, "Collection was modified; enumeration operation may not execute.")

// walk enumerates the live entries; changing the table meanwhile is an error.
func (t *hashTable) walk(item func(e tableEntry) types.Value) types.Enumerator {
	i, version := 0, t.version
	return types.EnumeratorFunc(func() (types.Value, bool, error) {
		if version != t.version {
			return nil, false, errModified
		}
		for i < len(t.entries) {
			e := t.entries[i]
			i++
			if e.live {
				return item(e), true, nil
			}
		}
		return nil, false, nil
	})
}
