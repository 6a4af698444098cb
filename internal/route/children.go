package route

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// children are the nodes below a node by their segment: an immutable hash trie, so that a tree with a hundred thousand paths below one node gets
// its next version by copying a few dozen words. The zero value has none.
type children[V any] struct {
	bitmap uint32 // which of the 32 places are taken; at the last level places are not told apart
	slots  []childSlot[V]
}

// childSlot is a child, or the children that share the hash so far.
type childSlot[V any] struct {
	node  *prefixNode[V]
	below *children[V]
}

const (
	levelBits  = 5
	lastShift  = 60 // from here on the hash is used up and slots are a plain list
	levelPlace = 1<<levelBits - 1
)

var childSeed = maphash.MakeSeed()

func hashOf(segment string) uint64 { return maphash.String(childSeed, segment) }

// place returns the bit of a hash at a level and the index of its slot.
func (c *children[V]) place(hash uint64, shift uint) (bit uint32, at int) {
	bit = 1 << (hash >> shift & levelPlace)
	return bit, bits.OnesCount32(c.bitmap & (bit - 1))
}

// find returns the index of the segment's slot, or where it would be inserted.
func (c *children[V]) find(segment string, hash uint64, shift uint) (at int, taken bool) {
	if shift >= lastShift {
		at = slices.IndexFunc(c.slots, func(s childSlot[V]) bool { return s.node.segment == segment })
		if at < 0 {
			return len(c.slots), false
		}
		return at, true
	}
	bit, at := c.place(hash, shift)
	return at, c.bitmap&bit != 0
}

// get returns the child of a segment, nil when there is none.
func (c *children[V]) get(segment string) *prefixNode[V] {
	if c == nil {
		return nil
	}
	hash := hashOf(segment)
	for shift := uint(0); ; shift += levelBits {
		at, taken := c.find(segment, hash, shift)
		if !taken {
			return nil
		}
		s := &c.slots[at]
		if s.below == nil {
			if s.node.segment == segment {
				return s.node
			}
			return nil
		}
		c = s.below
	}
}

// with is a copy in which the node is the one of its segment.
func (c *children[V]) with(n *prefixNode[V]) *children[V] {
	return c.put(n, hashOf(n.segment), 0)
}

func (c *children[V]) put(n *prefixNode[V], hash uint64, shift uint) *children[V] {
	if c == nil {
		c = new(children[V])
	}
	at, taken := c.find(n.segment, hash, shift)
	next := &children[V]{bitmap: c.bitmap}
	if !taken {
		if shift < lastShift {
			bit, _ := c.place(hash, shift)
			next.bitmap |= bit
		}
		next.slots = make([]childSlot[V], 0, len(c.slots)+1)
		next.slots = append(append(append(next.slots, c.slots[:at]...), childSlot[V]{node: n}), c.slots[at:]...)
		return next
	}
	next.slots = slices.Clone(c.slots)
	switch old := c.slots[at]; {
	case old.below != nil:
		next.slots[at] = childSlot[V]{below: old.below.put(n, hash, shift+levelBits)}
	case old.node.segment == n.segment:
		next.slots[at] = childSlot[V]{node: n}
	default: // two segments at one place go a level down together
		var both *children[V]
		both = both.put(old.node, hashOf(old.node.segment), shift+levelBits)
		next.slots[at] = childSlot[V]{below: both.put(n, hash, shift+levelBits)}
	}
	return next
}

// without is a copy in which the segment has no node; nil when nothing is left.
func (c *children[V]) without(segment string) *children[V] {
	return c.drop(segment, hashOf(segment), 0)
}

func (c *children[V]) drop(segment string, hash uint64, shift uint) *children[V] {
	if c == nil {
		return nil
	}
	at, taken := c.find(segment, hash, shift)
	if !taken {
		return c
	}
	next := &children[V]{bitmap: c.bitmap}
	if below := c.slots[at].below; below != nil {
		if left := below.drop(segment, hash, shift+levelBits); left != nil {
			next.slots = slices.Clone(c.slots)
			next.slots[at].below = left
			return next
		}
	} else if c.slots[at].node.segment != segment {
		return c
	}
	if len(c.slots) == 1 {
		return nil
	}
	if shift < lastShift {
		bit, _ := c.place(hash, shift)
		next.bitmap &^= bit
	}
	next.slots = append(slices.Clone(c.slots[:at]), c.slots[at+1:]...)
	return next
}
