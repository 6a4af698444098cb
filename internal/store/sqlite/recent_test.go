package sqlite

import (
	"testing"

	"github.com/atelier-apim/atelier/internal/store"
)

func TestTheEndOfTheLogInMemoryIsBoundedAndWithoutGaps(t *testing.T) {
	t.Parallel()
	var r recent
	seq := uint64(0)
	for _, c := range []struct{ groups, group, body int }{
		{50, 1, 10}, {50, 100, 10}, {5, recentEntries, 10}, {3, 5*recentEntries + 1, 10}, {3, 3, recentBytes}, {9, 10, recentBytes / 16}, {50, 7, 10},
	} {
		for range c.groups {
			list := make([]store.Change, c.group)
			for i := range list {
				seq++
				list[i] = store.Change{Seq: seq, Body: make([]byte, c.body)}
			}
			r.add(list)
			size := 0
			for i, e := range r.entries {
				size += len(e.Body)
				if e.Seq != r.entries[0].Seq+uint64(i) {
					t.Fatalf("entry %d follows %d", e.Seq, r.entries[0].Seq+uint64(i)-1)
				}
			}
			if len(r.entries) > 2*recentEntries || size > 2*recentBytes || size != r.size || len(r.entries) > 0 && r.entries[len(r.entries)-1].Seq != seq {
				t.Fatalf("after groups of %d with bodies of %d: %d entries of %d bytes, counted as %d", c.group, c.body, len(r.entries), size, r.size)
			}
		}
	}
}
