package publish

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/store"
)

// However named values come, change and go, the published list holds those that are stored, and chunks in which nothing changed stay.
func TestAListHoldsWhatIsStoredAndSharesWhatDidNotChange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	w, want := newWorld(t), map[string]string{}
	home := arm.MustID(pay)
	m, _ := w.p.registry.Mount(home.Child("namedValues", "n").Type())
	var before snapshot.List[snapshot.NamedValue]
	for i := range 8000 {
		name := fmt.Sprintf("n%d", r.IntN(1200))
		id := home.Child("namedValues", name)
		if _, there := want[name]; there && r.IntN(3) == 0 {
			delete(want, name)
			w.p.tree.remove(id)
		} else {
			want[name] = fmt.Sprint(i)
			row := store.Row{ID: id, Kind: m.FullType, Body: fmt.Appendf(nil, `{"displayName":%q,"value":%q}`, name, want[name])}
			if err := w.p.keep(row, m); err != nil {
				t.Fatal(err)
			}
		}
		list := listOf(w.p.tree.find(home), "namedValues", w.p.namedValue)
		changed := 0
		for i := range list {
			if len(list) == len(before) && !snapshot.SameChunk(list[i], before[i]) {
				changed++
			}
		}
		if changed > 1 {
			t.Fatalf("one change made %d of %d chunks anew", changed, len(list))
		}
		before = list
		if i%100 != 0 {
			continue
		}
		got := map[string]string{}
		for v := range list.All() {
			got[v.DisplayName] = v.Value
		}
		if list.Len() != len(want) || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("after %d changes the list is %v, want %v", i+1, got, want)
		}
	}
	if len(before) < 4 {
		t.Errorf("%d values lie in %d chunks", len(want), len(before))
	}
}

func TestNamesComeInOrder(t *testing.T) {
	t.Parallel()
	tr := newTree()
	for _, name := range []string{"b", "c", "a"} {
		tr.put(arm.MustID(svc + "/backends/" + name))
	}
	names := func() (got []string) {
		tr.find(arm.MustID(svc)).each("backends", func(n *node) { got = append(got, n.name) })
		return got
	}
	if got := names(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("in order: %v", got)
	}
	tr.remove(arm.MustID(svc + "/backends/b"))
	tr.put(arm.MustID(svc + "/backends/aa"))
	if got := names(); !slices.Equal(got, []string{"a", "aa", "c"}) {
		t.Errorf("after a change: %v", got)
	}
}
