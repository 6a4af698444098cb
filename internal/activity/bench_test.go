package activity

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

// BenchmarkPage reads pages of a log with 20,000 changes: the newest, and all that one answer looks through for a resource that changed once, long ago.
func BenchmarkPage(b *testing.B) {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	r, err := kind.NewRegistry(
		kind.Entity[struct{}]{Namespace: "Test", Type: "shelves", Noun: "Shelf"}.Kind(),
		kind.Entity[box]{Type: "boxes", Noun: "Box", Under: []string{"shelves"}, Secrets: func(b *box) []*string { return []*string{&b.Key} }}.Kind(),
	)
	if err != nil {
		b.Fatal(err)
	}
	_, err = s.Update(b.Context(), store.Actor{Name: "ann"}, func(tx store.Tx) error {
		for n := range 20_000 {
			id := boxOn("s", fmt.Sprint(n))
			if err := tx.Put(store.Write{Row: store.Row{ID: id, Kind: id.Type(), Body: []byte(`{"properties":{"label":"x","key":"hidden"}}`)}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	log := NewLog(s, r, "tenant")
	for name, scope := range map[string]arm.ID{"newest": shelf("s"), "one-of-20000": boxOn("s", "3")} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, err := log.Page(b.Context(), Query{Scope: scope, Allowed: func(arm.ID) bool { return true }})
				if err != nil || len(p.Events) == 0 {
					b.Fatalf("%d entries, %v", len(p.Events), err)
				}
			}
		})
	}
}
