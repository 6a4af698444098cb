package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/usage"
	"github.com/atelier-apim/atelier/internal/usage/sqlite"
	"github.com/atelier-apim/atelier/internal/usage/usagetest"
)

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	usagetest.Run(t, func(t *testing.T) usage.Store {
		s, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "usage.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// TestTheFileIsForItsOwnerAlone: who calls which API is nobody else's business.
func TestTheFileIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d.db")
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // a test
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestANewerFileIsRefused: a program that doesn't know a file's form must not write to it.
func TestANewerFileIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "usage.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("pragma user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(context.Background(), path); err == nil || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("opened: %v", err)
	}
}
