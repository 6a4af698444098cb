package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
	"github.com/atelier-apim/atelier/internal/store/storetest"
)

func open(t testing.TB, dir string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "atelier.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, open)
}

func TestCrash(t *testing.T) { storetest.Crash(t, open) }

func BenchmarkStore(b *testing.B) { storetest.Bench(b, open) }
