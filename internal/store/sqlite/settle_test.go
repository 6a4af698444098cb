package sqlite_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Whatever is written late, a step sees at once.
func TestAStepSeesWhatItPut(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "a.db"))
	say(t, s, shop, "shop")
	child, other := shop.Child("apis", "a"), arm.MustID("/subscriptions/s/resourceGroups/other")
	for name, sees := range map[string]func(store.Tx) bool{
		"Get": func(tx store.Tx) bool {
			row, err := tx.Get(child)
			return err == nil && len(row.Body) > 40_000
		},
		"List": func(tx store.Tx) bool {
			rows, err := tx.List(store.Query{Parent: shop})
			return err == nil && len(rows) == 1
		},
		"Each": func(tx store.Tx) bool {
			n := 0
			err := tx.Each("k", func(store.Row) error { n++; return nil })
			return err == nil && n == 2
		},
		"Count": func(tx store.Tx) bool {
			n, err := tx.Count(store.Query{Parent: shop})
			return err == nil && n == 1
		},
		"Claimed": func(tx store.Tx) bool {
			id, ok, err := tx.Claimed("texts", "child")
			return err == nil && ok && id.Equal(child)
		},
		"Referrers": func(tx store.Tx) bool {
			refs, err := tx.Referrers(other)
			return err == nil && len(refs) == 1 && refs[0].From.Equal(child)
		},
		"Delete": func(tx store.Tx) bool {
			deleted := tx.Delete(child)
			_, gone := tx.Get(child)
			return deleted == nil && errors.Is(gone, store.ErrNotFound)
		},
	} {
		stop := errors.New("stop") // each begins without the child
		err := update(s, func(tx store.Tx) error {
			w := saying(child, "child")
			w.Row.Body = []byte(`"` + strings.Repeat("x", 40_000) + `"`) // more than is kept in memory
			w.Refs = []store.Ref{{To: other, Field: "f"}}
			if err := tx.Put(w); err != nil {
				return err
			}
			if !sees(tx) {
				t.Errorf("%s does not see what was put before it in the same step", name)
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
	}
}

// A step that fails after several puts leaves neither rows nor entries of the log, and those around it stay.
func TestAStepIsUndoneWhole(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "a.db"))
	say(t, s, shop, "before")
	stop := errors.New("stop")
	kept := make(chan error)
	go func() {
		kept <- update(s, func(tx store.Tx) error { return tx.Put(saying(shop.Child("apis", "kept"), "kept")) })
	}()
	err := update(s, func(tx store.Tx) error {
		return errors.Join(tx.Put(saying(shop, "second")), tx.Put(saying(shop.Child("apis", "b"), "b")), tx.Put(saying(shop, "third")), stop)
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	if err := <-kept; err != nil {
		t.Fatal(err)
	}
	for id, want := range map[arm.ID]string{shop: `"before"`, shop.Child("apis", "b"): "nothing", shop.Child("apis", "kept"): `"kept"`} {
		if got := said(t, s, id); got != want {
			t.Errorf("%s reads %s, want %s", id, got, want)
		}
	}
	if last, broken, err := s.Verify(t.Context()); last != 2 || broken != 0 || err != nil {
		t.Errorf("the log has %d entries, the first broken one is %d, %v; want 2 and none", last, broken, err)
	}
}
