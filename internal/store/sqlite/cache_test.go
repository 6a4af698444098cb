package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

var shop = arm.MustID("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/shop")

func openAt(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// say stores a row whose body is a JSON string, which claims its own text.
func say(t *testing.T, s store.Store, id arm.ID, text string) {
	t.Helper()
	if err := update(s, func(tx store.Tx) error { return tx.Put(saying(id, text)) }); err != nil {
		t.Fatal(err)
	}
}

func saying(id arm.ID, text string) store.Write {
	return store.Write{
		Row:    store.Row{ID: id, Kind: "k", Body: []byte(`"` + text + `"`), ETag: text},
		Claims: []store.Claim{{Space: "texts", Value: text}},
	}
}

func update(s store.Store, f func(store.Tx) error) error {
	_, err := s.Update(context.Background(), store.Actor{}, f)
	return err
}

// said is what a write transaction reads of a row.
func said(t *testing.T, s store.Store, id arm.ID) (got string) {
	t.Helper()
	err := update(s, func(tx store.Tx) error {
		row, err := tx.Get(id)
		got = string(row.Body)
		if errors.Is(err, store.ErrNotFound) {
			got, err = "nothing", nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAWriterSeesWhatAnotherProcessWrote(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	one, other := openAt(t, path), openAt(t, path)
	for i := range 5 {
		for _, s := range []store.Store{one, other, other, one} {
			text := fmt.Sprintf("%d %p", i, s)
			say(t, s, shop, text)
			for _, reader := range []store.Store{one, other} {
				if got, want := said(t, reader, shop), `"`+text+`"`; got != want {
					t.Fatalf("a process reads %s, want %s", got, want)
				}
			}
		}
	}
	if err := update(other, func(tx store.Tx) error { return tx.Delete(shop) }); err != nil {
		t.Fatal(err)
	}
	if got := said(t, one, shop); got != "nothing" {
		t.Errorf("after the other process deleted the row: %s", got)
	}
	for _, s := range []store.Store{one, other} {
		list, err := s.Changes(context.Background(), 0, 0)
		if err != nil || len(list) != 21 {
			t.Errorf("the log has %d entries, %v; want 21", len(list), err)
		}
		for i, c := range list {
			if c.Seq != uint64(i+1) {
				t.Errorf("entry %d has number %d", i+1, c.Seq)
			}
		}
	}
}

func TestWhatIsUndoneIsForgotten(t *testing.T) {
	t.Parallel()
	s := openAt(t, filepath.Join(t.TempDir(), "a.db"))
	say(t, s, shop, "first")
	stop := errors.New("stop")
	child := shop.Child("apis", "a")
	for _, undone := range []func(store.Tx) error{
		func(tx store.Tx) error { return tx.Put(saying(shop, "second")) },
		func(tx store.Tx) error { return tx.Put(saying(child, "child")) },
		func(tx store.Tx) error { return tx.Delete(shop) },
		func(tx store.Tx) error { return errors.Join(tx.Delete(shop), tx.Put(saying(shop, "third"))) },
	} {
		err := update(s, func(tx store.Tx) error { return errors.Join(undone(tx), stop) })
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if got := said(t, s, shop); got != `"first"` {
			t.Errorf("the row reads %s", got)
		}
		if got := said(t, s, child); got != "nothing" {
			t.Errorf("the child reads %s", got)
		}
	}
	say(t, s, child, "second") // nobody holds what was undone
	if err := update(s, func(tx store.Tx) error { return tx.Put(saying(shop, "second")) }); err == nil {
		t.Error("a claim that another row holds was given twice")
	}
	say(t, s, child, "other")
	say(t, s, shop, "second")
}

// Entries that are served from memory are those that the database has.
func TestTheLogFromMemoryIsTheLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	s := openAt(t, path)
	for i := range 40 {
		say(t, s, shop.Child("apis", fmt.Sprint(i)), fmt.Sprintf("text %d <&>", i))
	}
	if err := update(s, func(tx store.Tx) error { return tx.Delete(shop.Child("apis", "3")) }); err != nil {
		t.Fatal(err)
	}
	fresh := openAt(t, path)
	for _, c := range []struct {
		after uint64
		limit int
	}{{0, 0}, {0, 7}, {17, 3}, {40, 0}, {41, 0}, {99, 0}} {
		got, err := s.Changes(context.Background(), c.after, c.limit)
		want, wantErr := fresh.Changes(context.Background(), c.after, c.limit)
		if err != nil || wantErr != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("after %d, at most %d: got %+v, %v; want %+v, %v", c.after, c.limit, got, err, want, wantErr)
		}
	}
}
