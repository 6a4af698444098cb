package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

const failureDir = "SQLITE_FAILURE_DIR"

// TestMediumFails runs a process that may write no file beyond a megabyte, so that the kernel fails a write in the middle of a commit.
// The limit is then lifted, and still nothing more may be acknowledged; after a new start everything acknowledged is there.
func TestMediumFails(t *testing.T) {
	if dir := os.Getenv(failureDir); dir != "" {
		failingMedium(t, dir)
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMediumFails$", "-test.v")
	cmd.Env = append(os.Environ(), failureDir+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := open(t, dir)
	defer s.Close()
	acks := strings.Count(string(out), "ack ")
	if acks == 0 {
		t.Fatalf("nothing was acknowledged before the failure:\n%s", out)
	}
	last, broken, err := s.Verify(t.Context())
	if err != nil || broken != 0 || last < uint64(acks) {
		t.Errorf("%d acknowledged, %d entries, first broken %d, %v", acks, last, broken, err)
	}
}

func failingMedium(t *testing.T, dir string) {
	s, err := sqlite.Open(t.Context(), filepath.Join(dir, "atelier.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the write fails with EFBIG instead
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 20, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	body := fmt.Appendf(nil, "%q", strings.Repeat("x", 10_000))
	write := func(i int) error {
		_, err := s.Update(context.Background(), store.Actor{}, func(x store.Tx) error {
			return x.Put(store.Write{Row: store.Row{ID: arm.MustID(fmt.Sprintf("/providers/Test/rows/%d", i)), Kind: "Test/rows", Body: body}})
		})
		return err
	}
	i := 0
	for ; err == nil && i < 1000; i++ {
		if err = write(i); err == nil {
			fmt.Printf("ack %d\n", i)
		}
	}
	if !errors.Is(err, store.ErrReadOnly) || !errors.Is(s.Err(), store.ErrReadOnly) {
		t.Errorf("write %d failed with %v, the store says %v", i, err, s.Err())
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := write(i); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("a write after the failure: %v", err)
	}
	if err := s.View(t.Context(), func(r store.Reader) error {
		_, err := r.Get(arm.MustID("/providers/Test/rows/0"))
		return err
	}); err != nil {
		t.Errorf("a read after the failure: %v", err)
	}
}

func TestFileIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	defer s.Close()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestPathMayHoldAnyCharacter(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a b?c#d%20é")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	open(t, dir).Close()
	if _, err := os.Stat(filepath.Join(dir, "atelier.db")); err != nil {
		t.Error(err)
	}
	files, _ := os.ReadDir(filepath.Dir(dir))
	if len(files) != 1 {
		t.Errorf("files beside the folder: %v", files)
	}
	if _, err := sqlite.Open(t.Context(), filepath.Join(dir, "absent", "db"), sqlite.Options{}); err == nil || !strings.Contains(err.Error(), "absent") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
