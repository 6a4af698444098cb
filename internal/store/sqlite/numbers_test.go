package sqlite

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// The database of a release before rows had numbers, as that release wrote it.
const before = `
insert into resources values
 ('/s/a', '/s/A', '', 'S', 's', '{"n":1}', 'e1', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
 ('/s/a/apis/b', '/s/A/apis/B', '/s/a', 'S/apis', 's/apis', '{"n":2}', 'e2', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
 ('/s/a/sets/v', '/s/A/sets/V', '/s/a', 'S/sets', 's/sets', '{"n":3}', 'e3', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');
insert into claims values ('/s/a|apis|path', 'echo', '/s/a/apis/b', 'properties.path');
insert into refs values ('/s/a/apis/b', 'properties.set', '/s/a/sets/v', '/s/A/sets/V', 0);`

func TestADatabaseOfAnEarlierReleaseKeepsWhatItHolds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "db")
	writeBefore(t, path)
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a, b, v := arm.MustID("/s/A"), arm.MustID("/s/A/apis/B"), arm.MustID("/s/A/sets/V")
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	err = s.View(t.Context(), func(r store.Reader) error {
		row, err := r.Get(b)
		want := store.Row{ID: b, Kind: "S/apis", Body: []byte(`{"n":2}`), ETag: "e2", Created: at, Modified: at.AddDate(0, 0, 1)}
		if err != nil || !cmp.Equal(row, want) {
			t.Errorf("the row reads %+v, %v", row, err)
		}
		rows, err := r.List(store.Query{Parent: a, Kind: "s/APIS"})
		if err != nil || len(rows) != 1 || !rows[0].ID.Equal(b) {
			t.Errorf("the list holds %+v, %v", rows, err)
		}
		if owner, taken, err := r.Claimed("/s/a|apis|path", "echo"); err != nil || !taken || !owner.Equal(b) {
			t.Errorf("the claim is held by %s: %t, %v", owner, taken, err)
		}
		from, err := r.Referrers(v)
		if err != nil || len(from) != 1 || !from[0].From.Equal(b) || from[0].Field != "properties.set" {
			t.Errorf("the referrers are %+v, %v", from, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// What was claimed is still refused to others, and free when its owner is gone.
	take := func(x store.Tx) error {
		return x.Put(store.Write{Row: store.Row{ID: v, Kind: "S/sets", Body: []byte(`{}`)}, Claims: []store.Claim{{Space: "/s/a|apis|path", Value: "echo"}}})
	}
	if _, err := s.Update(t.Context(), store.Actor{}, take); err == nil {
		t.Error("a claim of the earlier release was given twice")
	}
	if _, err := s.Update(t.Context(), store.Actor{}, func(x store.Tx) error { return x.Delete(b) }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(t.Context(), store.Actor{}, take); err != nil {
		t.Error(err)
	}
}

func writeBefore(t *testing.T, path string) {
	t.Helper()
	all, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := applyMigrations(t.Context(), conn, all[:1], time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), before); err != nil {
		t.Fatal(err)
	}
}

// TestWordsGoWithTheirRows: a database in which things come and go does not fill with the keys of parents that are gone.
func TestWordsGoWithTheirRows(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	a := arm.MustID("/s/A")
	words := func() (n int) {
		if err := s.db.QueryRowContext(t.Context(), "select count(*) from words").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	round := func(name string) {
		for _, id := range []arm.ID{a, a.Child("apis", name), a.Child("apis", name).Child("operations", "get")} {
			_, err := s.Update(t.Context(), store.Actor{}, func(x store.Tx) error {
				return x.Put(store.Write{Row: store.Row{ID: id, Kind: id.Type(), Body: []byte(`{}`)}})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Update(t.Context(), store.Actor{}, func(x store.Tx) error { return x.Delete(a.Child("apis", name)) }); err != nil {
			t.Fatal(err)
		}
	}
	round("one")
	first := words()
	round("two")
	round("three")
	if got := words(); got != first {
		t.Errorf("%d words after one API came and went, %d after three", first, got)
	}
}
