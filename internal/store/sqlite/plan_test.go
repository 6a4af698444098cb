package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestNoStatementReadsAWholeTable asks SQLite how it would run each statement. What is slow with 100,000 rows shows here with none.
func TestNoStatementReadsAWholeTable(t *testing.T) {
	t.Parallel()
	sorts := map[string]string{
		"list-children":      "the index of children is ordered by kind first; the contract says that this list costs what all children cost",
		"list-under-of-kind": "the index of kinds has no keys; the contract says that this list costs what the whole kind costs",
		"referrers":          "a row has few referrers",
	}
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, text := range queries {
		rows, err := s.db.QueryContext(t.Context(), "explain query plan "+text, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			ordered := name == "last-change" && detail == "SCAN changes" // from its end, and only one
			if strings.HasPrefix(detail, "SCAN") && !ordered {
				t.Errorf("%s: %s", name, detail)
			}
			if _, known := sorts[name]; strings.Contains(detail, "TEMP B-TREE") && !known {
				t.Errorf("%s: %s", name, detail)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
}
