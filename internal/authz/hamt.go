package authz

import (
	"hash/maphash"
	"iter"
	"math/bits"
)

// hamt is an immutable map from text to V: a hash array mapped trie. A change makes a new map that shares all but the path to the changed
// entry, so that one assignment more or less costs the same among ten as among a hundred thousand, while readers keep the old map.
// The zero value is empty.
type hamt[V any] struct {
	root *hamtNode[V]
	size int
}

// hamtNode covers five bits of the hash. At the bottom, where no bits are left, slots is a plain list of keys with one hash.
type hamtNode[V any] struct {
	bitmap uint32
	slots  []hamtSlot[V]
}

// hamtSlot is an entry, or a deeper node when child is set.
type hamtSlot[V any] struct {
	child *hamtNode[V]
	hash  uint64
	key   string
	value V
}

const (
	hamtBits   = 5
	hamtBottom = 65 // shift at which the 64 bits of a hash are used up
)

// seed differs from process to process, so that nobody can choose keys that collide.
var seed = maphash.MakeSeed()

func hashOf(key string) uint64 { return maphash.String(seed, key) }

func (m hamt[V]) get(key string) (V, bool) { return m.find(hashOf(key), key) }

// find is get for a key whose hash is at hand.
func (m hamt[V]) find(hash uint64, key string) (value V, ok bool) {
	shift := 0
	for n := m.root; n != nil; shift += hamtBits {
		if shift >= hamtBottom {
			for i := range n.slots {
				if n.slots[i].key == key {
					return n.slots[i].value, true
				}
			}
			return value, false
		}
		bit := uint32(1) << (hash >> shift & 31)
		if n.bitmap&bit == 0 {
			return value, false
		}
		s := &n.slots[bits.OnesCount32(n.bitmap&(bit-1))]
		if s.child == nil {
			if s.hash == hash && s.key == key {
				return s.value, true
			}
			return value, false
		}
		n = s.child
	}
	return value, false
}

// with is the map in which key has the value.
func (m hamt[V]) with(key string, value V) hamt[V] {
	entry := hamtSlot[V]{hash: hashOf(key), key: key, value: value}
	root, added := m.root.with(0, entry)
	if added {
		m.size++
	}
	m.root = root
	return m
}

func (n *hamtNode[V]) with(shift int, entry hamtSlot[V]) (*hamtNode[V], bool) {
	if n == nil {
		n = &hamtNode[V]{}
	}
	if shift >= hamtBottom {
		for i := range n.slots {
			if n.slots[i].key == entry.key {
				return n.replaced(i, entry), false
			}
		}
		return n.inserted(len(n.slots), 0, entry), true
	}
	bit := uint32(1) << (entry.hash >> shift & 31)
	i := bits.OnesCount32(n.bitmap & (bit - 1))
	if n.bitmap&bit == 0 {
		return n.inserted(i, bit, entry), true
	}
	old := n.slots[i]
	switch {
	case old.child != nil:
		child, added := old.child.with(shift+hamtBits, entry)
		return n.replaced(i, hamtSlot[V]{child: child}), added
	case old.key == entry.key:
		return n.replaced(i, entry), false
	}
	// Two keys share the slot: both move one level down.
	var child *hamtNode[V]
	child, _ = child.with(shift+hamtBits, old)
	child, _ = child.with(shift+hamtBits, entry)
	return n.replaced(i, hamtSlot[V]{child: child}), true
}

// without is the map that lacks key.
func (m hamt[V]) without(key string) hamt[V] {
	root, removed := m.root.without(0, hashOf(key), key)
	if removed {
		m.root = root
		m.size--
	}
	return m
}

func (n *hamtNode[V]) without(shift int, hash uint64, key string) (*hamtNode[V], bool) {
	if n == nil {
		return nil, false
	}
	if shift >= hamtBottom {
		for i := range n.slots {
			if n.slots[i].key == key {
				return n.removed(i, 0), true
			}
		}
		return n, false
	}
	bit := uint32(1) << (hash >> shift & 31)
	if n.bitmap&bit == 0 {
		return n, false
	}
	i := bits.OnesCount32(n.bitmap & (bit - 1))
	s := n.slots[i]
	if s.child == nil {
		if s.key != key {
			return n, false
		}
		return n.removed(i, bit), true
	}
	child, removed := s.child.without(shift+hamtBits, hash, key)
	switch {
	case !removed:
		return n, false
	case child == nil:
		return n.removed(i, bit), true
	case len(child.slots) == 1 && child.slots[0].child == nil:
		return n.replaced(i, child.slots[0]), true // an only entry moves up, so that the shape depends on the content alone
	}
	return n.replaced(i, hamtSlot[V]{child: child}), true
}

func (n *hamtNode[V]) replaced(i int, s hamtSlot[V]) *hamtNode[V] {
	slots := make([]hamtSlot[V], len(n.slots))
	copy(slots, n.slots)
	slots[i] = s
	return &hamtNode[V]{n.bitmap, slots}
}

func (n *hamtNode[V]) inserted(i int, bit uint32, s hamtSlot[V]) *hamtNode[V] {
	slots := make([]hamtSlot[V], len(n.slots)+1)
	copy(slots, n.slots[:i])
	slots[i] = s
	copy(slots[i+1:], n.slots[i:])
	return &hamtNode[V]{n.bitmap | bit, slots}
}

// removed is nil when nothing is left.
func (n *hamtNode[V]) removed(i int, bit uint32) *hamtNode[V] {
	if len(n.slots) == 1 {
		return nil
	}
	slots := make([]hamtSlot[V], 0, len(n.slots)-1)
	slots = append(append(slots, n.slots[:i]...), n.slots[i+1:]...)
	return &hamtNode[V]{n.bitmap &^ bit, slots}
}

// all yields the entries in no order.
func (m hamt[V]) all() iter.Seq2[string, V] {
	return func(yield func(string, V) bool) { m.root.each(yield) }
}

func (n *hamtNode[V]) each(yield func(string, V) bool) bool {
	if n == nil {
		return true
	}
	for i := range n.slots {
		s := &n.slots[i]
		if s.child != nil && !s.child.each(yield) || s.child == nil && !yield(s.key, s.value) {
			return false
		}
	}
	return true
}
