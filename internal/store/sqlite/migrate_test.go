package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestMigrationFilesAreNumberedFromOne(t *testing.T) {
	t.Parallel()
	if all, err := migrations(migrationFiles); err != nil || len(all) == 0 {
		t.Errorf("our own: %d migrations, %v", len(all), err)
	}
	for _, names := range [][]string{{"0002_b.sql"}, {"0001_a.sql", "0003_c.sql"}, {"0001_a.sql", "0001_b.sql"}, {"a.sql"}} {
		dir := fstest.MapFS{}
		for _, n := range names {
			dir["migrations/"+n] = &fstest.MapFile{}
		}
		if _, err := migrations(dir); err == nil {
			t.Errorf("%v was accepted", names)
		}
	}
}

func TestSchemaUpgrades(t *testing.T) {
	t.Parallel()
	ours, err := migrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	next := migration{number: len(ours) + 1, name: "0099_next.sql", text: "create table next (a text) strict;", checksum: "n"}
	bad := migration{number: len(ours) + 1, name: "0099_bad.sql", text: "create table half (a text) strict; create tabel;", checksum: "b"}
	edited := append([]migration{}, ours...)
	edited[0].checksum = "edited"
	for _, c := range []struct {
		name  string
		first []migration
		then  []migration
		want  string // part of the error, "" for none
	}{
		{"the same schema is left alone", ours, ours, ""},
		{"an older schema is brought up to date", ours, append(ours[:len(ours):len(ours)], next), ""},
		{"a newer schema is refused", append(ours[:len(ours):len(ours)], next), ours, "newer version"},
		{"a migration that was edited is refused", ours, edited, "differs from"},
		{"a migration that fails names itself", ours, append(ours[:len(ours):len(ours)], bad), "0099_bad.sql"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			conn, err := s.db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := applyMigrations(t.Context(), conn, c.first, time.Now()); err != nil {
				t.Fatal(err)
			}
			err = applyMigrations(t.Context(), conn, c.then, time.Now())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			var half int
			if err := conn.QueryRowContext(t.Context(), "select count(*) from sqlite_schema where name = 'half'").Scan(&half); err != nil || half != 0 {
				t.Errorf("a failed migration left %d tables behind, %v", half, err)
			}
		})
	}
}

func TestEveryStatementCompiles(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for name, text := range queries {
		st, err := s.db.PrepareContext(t.Context(), text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		st.Close()
	}
}
