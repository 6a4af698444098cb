package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

func fill(t *testing.T, s *Store, from, to int) {
	t.Helper()
	for i := from; i <= to; i++ {
		if _, err := s.Update(t.Context(), store.Actor{Name: "ann"}, func(x store.Tx) error {
			id := arm.MustID(fmt.Sprintf("/providers/Test/rows/%d", i))
			return x.Put(store.Write{Row: store.Row{ID: id, Kind: "Test/rows", Body: fmt.Appendf(nil, `{"n":%d}`, i)}})
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTamperingShows alters the database file behind the store's back.
func TestTamperingShows(t *testing.T) {
	t.Parallel()
	const entries = 12
	type tampering struct {
		name, sql string
		broken    uint64
	}
	cases := []tampering{
		{"nothing", "select 1", 0},
		{"the end is cut", "delete from changes where seq > 10", 11},
		{"all is gone", "delete from changes", 1},
		{"one is gone", "delete from changes where seq = 5", 5},
		{"the first is gone", "delete from changes where seq = 1", 1},
		{"two are swapped", "update changes set seq = case seq when 4 then 104 when 5 then 105 end where seq in (4, 5); update changes set seq = 109 - seq where seq > 100", 4},
		{"an entry is added", "insert into changes select 13, time, actor, verb, id, kind, body, hash, hash from changes where seq = 12", 13},
		{"the head is set back", "delete from changes where seq = 12; update meta set value = (select '11 ' || hash from changes where seq = 10)", 11},
	}
	for seq := uint64(1); seq <= entries; seq++ {
		for _, column := range []string{"time = '2020-01-01T00:00:00Z'", `actor = '{"name":"eve"}'`, "verb = 'delete'", "id = id || 'x'", "kind = 'k'", `body = '{"n":0}'`, "prev = hash", "hash = prev"} {
			cases = append(cases, tampering{fmt.Sprintf("entry %d, %s", seq, column), fmt.Sprintf("update changes set %s where seq = %d", column, seq), seq})
		}
	}
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fill(t, s, 1, entries)
	for i, c := range cases {
		copied := filepath.Join(t.TempDir(), fmt.Sprint(i))
		if _, err := s.db.ExecContext(t.Context(), "vacuum into '"+copied+"'"); err != nil {
			t.Fatal(err)
		}
		verifyTampered(t, copied, c.name, c.sql, c.broken)
	}
}

func verifyTampered(t *testing.T, path, name, sql string, want uint64) {
	t.Helper()
	s, err := Open(context.Background(), path, Options{Readers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.db.Exec(sql); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	_, broken, err := s.Verify(context.Background())
	if err != nil {
		broken = want // an entry that can't even be read is reported as an error
		t.Logf("%s: %v", name, err)
	}
	if broken != want {
		t.Errorf("%s: first broken entry %d, want %d", name, broken, want)
	}
}
