package sqlite_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// What a row promised in another life of the process is compared with what it promises now.
func TestARowLetsGoOfWhatItPromisedBeforeARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	strict, cascade, row := shop.Child("sets", "strict"), shop.Child("sets", "cascade"), shop.Child("apis", "a")
	refs := []store.Ref{{To: strict, Field: "f"}, {To: cascade, Field: "g", OnDelete: store.Cascade}}
	first := openAt(t, path)
	say(t, first, strict, "strict")
	say(t, first, cascade, "cascade")
	w := saying(row, "old")
	w.Refs = refs
	if err := update(first, func(tx store.Tx) error { return tx.Put(w) }); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	w = saying(row, "new")
	w.Refs = refs[1:]
	if err := update(s, func(tx store.Tx) error { return tx.Put(w) }); err != nil {
		t.Fatal(err)
	}
	say(t, s, shop.Child("apis", "b"), "old") // nobody claims it any more
	if err := update(s, func(tx store.Tx) error { return tx.Delete(strict) }); err != nil {
		t.Errorf("the reference that is gone still holds: %v", err)
	}
	if err := update(s, func(tx store.Tx) error { return tx.Delete(cascade) }); err != nil {
		t.Fatal(err)
	}
	if got := said(t, s, row); got != "nothing" {
		t.Errorf("the reference that stayed is lost: the row reads %s", got)
	}
}

// A row takes the casing and the kind of its last write, for lists and for later lives, too.
func TestARowTakesTheCasingAndKindOfItsLastWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	first := openAt(t, path)
	say(t, first, shop, "one")
	w := saying(arm.MustID(strings.ToUpper(shop.String())), "two")
	w.Row.Kind = "other"
	if err := update(first, func(tx store.Tx) error { return tx.Put(w) }); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	err := openAt(t, path).View(t.Context(), func(r store.Reader) error {
		for kind, want := range map[string]string{"k": "", "other": strings.ToUpper(shop.String())} {
			got := ""
			err := r.Each(kind, func(row store.Row) error { got = row.ID.String(); return nil })
			if err != nil || got != want {
				t.Errorf("of kind %s there is %q, %v; want %q", kind, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
