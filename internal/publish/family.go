package publish

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// family is the nodes of one type below one node. Its members lie in chunks by a hash of their names, each with the list that was made of it: a
// change makes one chunk's list again, however many members there are.
type family struct {
	typ    string
	count  int
	chunks []chunk // a power of two
	built  any     // a snapshot.List of what the chunks were made into; nil when it must be made again
	sorted []*node // the members that are resources, by name; nil when it must be made again
}

// chunk is a part of a family.
type chunk struct {
	members []*node // by name
	built   any     // a []T for snapshot.List; nil when it must be made again
}

// perChunk is how many members a chunk has before there are twice as many chunks. A change copies one chunk and the list of chunks, which are of
// about the same size when there are ten thousand members.
const perChunk = 128

func newFamily(typ string) *family {
	return &family{typ: typ, chunks: make([]chunk, 1)}
}

func (f *family) chunkOf(name string) *chunk {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return &f.chunks[h.Sum32()&uint32(len(f.chunks)-1)]
}

func byName(n *node, name string) int { return strings.Compare(n.name, name) }

// get returns the member with a name, nil when there is none.
func (f *family) get(name string) *node {
	c := f.chunkOf(name)
	if at, found := slices.BinarySearchFunc(c.members, name, byName); found {
		return c.members[at]
	}
	return nil
}

// add takes a member of a new name.
func (f *family) add(n *node) {
	f.count, f.sorted = f.count+1, nil
	f.insert(n)
	if f.count <= perChunk*len(f.chunks) {
		return
	}
	before := f.chunks
	f.chunks = make([]chunk, 2*len(before))
	for i := range before {
		for _, m := range before[i].members {
			f.insert(m)
		}
	}
}

func (f *family) insert(n *node) {
	c := f.chunkOf(n.name)
	at, _ := slices.BinarySearchFunc(c.members, n.name, byName)
	c.members, c.built, f.built = slices.Insert(c.members, at, n), nil, nil
}

func (f *family) remove(name string) {
	c := f.chunkOf(name)
	if at, found := slices.BinarySearchFunc(c.members, name, byName); found {
		c.members, c.built, f.built = slices.Delete(c.members, at, at+1), nil, nil
		f.count, f.sorted = f.count-1, nil
	}
}

// forget drops what was made of a member together with others.
func (f *family) forget(name string) { f.chunkOf(name).built, f.built = nil, nil }

// inOrder are the members that are resources, by name.
func (f *family) inOrder() []*node {
	if f.sorted == nil {
		for i := range f.chunks {
			for _, n := range f.chunks[i].members {
				if n.stored() {
					f.sorted = append(f.sorted, n)
				}
			}
		}
		slices.SortFunc(f.sorted, func(a, b *node) int { return cmp.Compare(a.name, b.name) })
	}
	return f.sorted
}

// listOf translates the resources of a type below n; translate leaves out those that it returns false for. Chunks in which nothing changed are the
// same as in the list before, and so is the list when nothing changed at all.
func listOf[T any](n *node, typ string, translate func(*node) (T, bool)) snapshot.List[T] {
	f := n.below(typ)
	if f == nil {
		return nil
	}
	if list, ok := f.built.(snapshot.List[T]); ok {
		return list
	}
	list := make(snapshot.List[T], len(f.chunks))
	for i := range f.chunks {
		c := &f.chunks[i]
		made, ok := c.built.([]T)
		if !ok {
			made = make([]T, 0, len(c.members))
			for _, m := range c.members {
				if !m.stored() {
					continue
				}
				if v, wanted := translate(m); wanted {
					made = append(made, v)
				}
			}
			c.built = made
		}
		list[i] = made
	}
	f.built = list
	return list
}
