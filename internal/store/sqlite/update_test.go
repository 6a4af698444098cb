package sqlite

import (
	"path/filepath"
	"slices"
	"testing"
)

// SQLite writes an entry of an index again when a column of it is set, even to the value that it has.
func TestUpdatingARowMovesNoIndex(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	rows, err := s.db.QueryContext(t.Context(), "explain "+queries["update-resource"], "1", "2", "3", "4", "5")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var ops []string
	for rows.Next() {
		var op string
		var unused any
		if err := rows.Scan(&unused, &op, &unused, &unused, &unused, &unused, &unused, &unused); err != nil {
			t.Fatal(err)
		}
		ops = append(ops, op)
	}
	if rows.Err() != nil || !slices.Contains(ops, "Insert") || slices.Contains(ops, "IdxInsert") {
		t.Errorf("%v, %v: want that the row is written, and no entry of an index", ops, rows.Err())
	}
}
