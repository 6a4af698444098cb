package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// A put that waits for the end of its step and is then refused by the database was never accepted: whoever asked is told, also when the step itself
// paid no heed to the error, and the store goes on.
func TestAPutThatTheDatabaseRefusesIsToldAndHurtsNobody(t *testing.T) {
	t.Parallel()
	taken, other := arm.MustID("/providers/Test/rows/taken"), arm.MustID("/providers/Test/rows/other")
	write := func(id arm.ID) store.Write {
		return store.Write{Row: store.Row{ID: id, Kind: "Test/rows", Body: []byte(`{}`)}}
	}
	for what, step := range map[string]func(store.Tx) error{
		"a put":                   func(tx store.Tx) error { return tx.Put(write(taken)) },
		"a put that is looked at": func(tx store.Tx) error { return errors.Join(tx.Put(write(taken)), second(tx.Count(store.Query{}))) },
		"a put whose error is let pass": func(tx store.Tx) error {
			if err := tx.Put(write(taken)); err == nil {
				_, _ = tx.Count(store.Query{})
			}
			return nil
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			update := func(f func(store.Tx) error) error {
				_, err := s.Update(t.Context(), store.Actor{}, f)
				return err
			}
			// The writer remembers that there is no such row; then one comes behind its back.
			if err := update(func(tx store.Tx) error {
				_, err := tx.Get(taken)
				if !errors.Is(err, store.ErrNotFound) {
					t.Errorf("before anything: %v", err)
				}
				return tx.Put(write(other))
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := s.db.ExecContext(t.Context(), `insert into resources (key, id, parent, rest, kind, kind_key, body, etag, created, modified)
				values ($1, $1, 1, '/x', 'k', 1, '{}', '', '', '')`, taken.Key()); err != nil {
				t.Fatal(err)
			}
			if err := update(step); err == nil {
				t.Error("what could not be written was accepted")
			}
			if err := s.Err(); err != nil {
				t.Errorf("the store takes no more writes: %v", err)
			}
			if err := update(func(tx store.Tx) error { return tx.Put(write(other)) }); err != nil {
				t.Errorf("a later put: %v", err)
			}
			if _, broken, err := s.Verify(t.Context()); err != nil || broken != 0 {
				t.Errorf("the change log is broken at %d, %v", broken, err)
			}
		})
	}
}

func second(_ int, err error) error { return err }
