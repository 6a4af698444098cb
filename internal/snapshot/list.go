package snapshot

import "iter"

// List is an immutable list in chunks. Two versions of a long list share the chunks that did not change, so that the next version costs what
// changed and a reader can tell by the chunks where to look. Chunks may be empty; which member lies in which chunk is the maker's choice.
type List[T any] [][]T

// ListOf is a list of one chunk.
func ListOf[T any](items ...T) List[T] { return List[T]{items} }

// All yields the members in order.
func (l List[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, chunk := range l {
			for _, item := range chunk {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// Len is the number of members.
func (l List[T]) Len() (n int) {
	for _, chunk := range l {
		n += len(chunk)
	}
	return n
}

// Shares says whether both lists are the same chunks. Lists with equal members in other chunks are not.
func (l List[T]) Shares(o List[T]) bool {
	switch {
	case len(l) != len(o):
		return false
	case len(l) > 0 && &l[0] == &o[0]: // one list
		return true
	}
	for i := range l {
		if !SameChunk(l[i], o[i]) {
			return false
		}
	}
	return true
}

// SameChunk says whether two chunks are one piece of memory.
func SameChunk[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
