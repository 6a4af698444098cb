package sqlite

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// However much is written without a pause, the log beside the database file begins anew before it is much longer than it may be.
func TestTheLogOfTheDatabaseStaysBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	body := fmt.Appendf(nil, `{"text":"%s"}`, bytes.Repeat([]byte("x"), 1<<20))
	wrote, longest := 0, int64(0)
	for i := 0; wrote < 6*longLog; i++ {
		id := arm.MustID(fmt.Sprintf("/providers/Test/rows/%d", i%10))
		if _, err := s.Update(t.Context(), store.Actor{}, func(tx store.Tx) error {
			return tx.Put(store.Write{Row: store.Row{ID: id, Kind: "Test/rows", Body: body}})
		}); err != nil {
			t.Fatal(err)
		}
		wrote += 2 * len(body)
		if info, err := os.Stat(path + "-wal"); err == nil {
			longest = max(longest, info.Size())
		}
	}
	if longest > 2*longLog {
		t.Errorf("the log grew to %d MB while %d MB were written", longest>>20, wrote>>20)
	}
	if longest < longLog/2 {
		t.Errorf("the log was never longer than %d MB: the test doesn't show what happens when it is", longest>>20)
	}
}
