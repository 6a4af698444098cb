package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Open makes an empty store in dir, or opens the one that is there. The suite closes it.
type Open func(t testing.TB, dir string) store.Store

// Run checks everything that the contract says.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, store.Store)
	}{
		{"a row comes back as it was put", rowComesBack},
		{"an absent row is ErrNotFound", absentRow},
		{"ids are compared without case and keep their casing", casing},
		{"a put replaces the row with all its claims and references", putReplaces},
		{"a body that is not JSON is refused", bodyIsJSON},
		{"the root can't be stored", rootIsNoRow},
		{"each row of a kind is visited once, until an error", eachRowOfAKind},
		{"lists select by parent, depth and kind, in order of keys", lists},
		{"a list never takes a sibling whose name begins alike", listsStopAtSegments},
		{"pages join to the whole list", pages},
		{"a claim is held by one row at a time", claims},
		{"a refused put leaves nothing behind", refusedPut},
		{"a deletion takes everything below, its claims and references", deletesBelow},
		{"a restrict reference keeps its target", restrict},
		{"a restrict reference from inside or from a dying row doesn't", restrictFromInside},
		{"cascades go on from row to row and are logged one by one", cascade},
		{"cascades in a circle end", cascadeCircle},
		{"referrers come from outside only", referrers},
		{"an update that fails is undone whole and leaves no entry", failedUpdate},
		{"an update that panics is undone and reported", panickingUpdate},
		{"an update whose goroutine ends is undone", abandonedUpdate},
		{"a transaction sees its own writes, others see them after the commit", isolation},
		{"a view stays on one state", viewIsOneState},
		{"the version grows by one for each change", versions},
		{"the change log tells what happened, by whom", changeLog},
		{"the change log is chained", chain},
		{"odd text in actors and bodies doesn't break the chain", oddText},
		{"a commit closes the channel of waiting readers", changed},
		{"writers beside each other lose nothing", concurrentWriters},
		{"of rivals for one claim exactly one wins", rivals},
		{"readers run beside writers", readersBesideWriters},
		{"views read the change log without waiting for each other", viewsFollow},
		{"a context that is done stops what has not begun", contexts},
		{"a closed store says so", closed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir())
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			c.test(t, s)
		})
	}
	t.Run("what was acknowledged is there after reopening", func(t *testing.T) {
		t.Parallel()
		reopen(t, open)
	})
}

// Noon is the time of all rows in the suite; nanoseconds must survive.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

var service = arm.MustID("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso")

func row(id arm.ID, body string) store.Row {
	return store.Row{ID: id, Kind: id.Type(), Body: []byte(body), ETag: "e1", Created: noon, Modified: noon.Add(time.Second)}
}

func api(name string) arm.ID { return service.Child("apis", name) }

var actor = store.Actor{ObjectID: "11111111-1111-1111-1111-111111111111", Name: "ann", IP: "192.0.2.1", Request: "r-1"}

// update runs f and expects no error.
func update(t testing.TB, s store.Store, f func(store.Tx) error) uint64 {
	t.Helper()
	v, err := s.Update(context.Background(), actor, f)
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	return v
}

func put(t testing.TB, s store.Store, ws ...store.Write) {
	t.Helper()
	update(t, s, func(x store.Tx) error {
		for _, w := range ws {
			if err := x.Put(w); err != nil {
				return err
			}
		}
		return nil
	})
}

func putRows(t testing.TB, s store.Store, ids ...arm.ID) {
	t.Helper()
	for _, id := range ids {
		put(t, s, store.Write{Row: row(id, `{}`)})
	}
}

func remove(s store.Store, id arm.ID) error {
	_, err := s.Update(context.Background(), actor, func(x store.Tx) error { return x.Delete(id) })
	return err
}

func view(t testing.TB, s store.Store, f func(store.Reader)) {
	t.Helper()
	if err := s.View(context.Background(), func(r store.Reader) error { f(r); return nil }); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// names lists what q selects, each as its path below the service.
func names(t testing.TB, s store.Store, q store.Query) []string {
	t.Helper()
	var got []string
	view(t, s, func(r store.Reader) {
		list, err := r.List(q)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		for _, row := range list {
			got = append(got, short(row.ID))
		}
		n, err := r.Count(q)
		if err != nil {
			t.Fatalf("count: %v", err)
		}
		if q.Limit == 0 && q.AfterKey == "" && n != len(list) {
			t.Errorf("count says %d, the list has %d rows", n, len(list))
		}
	})
	return got
}

func short(id arm.ID) string {
	text := id.String()
	if id.Within(service) {
		return text[len(service.String()):]
	}
	return text
}

func has(t testing.TB, s store.Store, id arm.ID) bool {
	t.Helper()
	found := false
	view(t, s, func(r store.Reader) {
		_, err := r.Get(id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("get %s: %v", id, err)
		}
		found = err == nil
	})
	return found
}

func owner(t testing.TB, s store.Store, space, value string) string {
	t.Helper()
	got := ""
	view(t, s, func(r store.Reader) {
		id, held, err := r.Claimed(space, value)
		if err != nil {
			t.Fatalf("claimed: %v", err)
		}
		if held {
			got = short(id)
		}
	})
	return got
}

// log reads the whole change log as lines "verb path".
func log(t testing.TB, s store.Store) []string {
	t.Helper()
	var got []string
	for _, c := range changes(t, s) {
		id, err := arm.ParseID(c.ID)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c.Verb+" "+short(id))
	}
	return got
}

func changes(t testing.TB, s store.Store) []store.Change {
	t.Helper()
	var all []store.Change
	for {
		list, err := s.Changes(context.Background(), uint64(len(all)), 7)
		if err != nil {
			t.Fatalf("changes: %v", err)
		}
		if len(list) == 0 {
			return all
		}
		all = append(all, list...)
	}
}

// whole checks the chain and returns the number of its last entry.
func whole(t testing.TB, s store.Store) uint64 {
	t.Helper()
	last, broken, err := s.Verify(context.Background())
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	if broken != 0 {
		t.Fatalf("the chain is broken at entry %d of %d", broken, last)
	}
	return last
}

func numbered(prefix string, n int) []arm.ID {
	ids := make([]arm.ID, n)
	for i := range ids {
		ids[i] = api(fmt.Sprintf("%s%04d", prefix, i))
	}
	return ids
}
