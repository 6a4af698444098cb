package storetest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/store"
)

// crashDir tells the test binary that it is the child which is to be killed, and where its store lies.
const crashDir = "STORETEST_CRASH_DIR"

// Crash kills a process in the middle of 1,000 concurrent writes, three times on the same store, and checks after each that every write
// that was acknowledged is there and that the change log is whole. The child is this test binary, started again for the calling test
// alone; so Crash must be all that the test does.
func Crash(t *testing.T, open Open) {
	if dir := os.Getenv(crashDir); dir != "" {
		crashChild(t, open(t, dir))
		return
	}
	dir := t.TempDir()
	acknowledged := map[string]bool{}
	for _, after := range []int{1, 200, 700} {
		acks := killAfter(t, dir, after)
		if len(acks) < after {
			t.Fatalf("the child acknowledged %d writes, want at least %d before it is killed", len(acks), after)
		}
		for _, name := range acks {
			acknowledged[name] = true
		}
		s := open(t, dir)
		for name := range acknowledged {
			if !has(t, s, api(name)) {
				t.Errorf("killed after %d: the acknowledged %s is lost", after, name)
			}
		}
		last := whole(t, s)
		if rows := len(names(t, s, store.Query{Parent: service})); uint64(rows) != last {
			t.Errorf("killed after %d: %d rows, but %d entries", after, rows, last)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// killAfter starts the child, kills it at once when it has acknowledged n writes, and returns all that it acknowledged.
func killAfter(t *testing.T, dir string, n int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var acks []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		name, ok := strings.CutPrefix(lines.Text(), "ack ")
		if !ok {
			continue
		}
		if acks = append(acks, name); len(acks) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the child ended by itself before it was killed")
	}
	return acks
}

// crashChild writes 1,000 new rows from as many goroutines and prints the name of each when its Update returns. It never ends by itself.
func crashChild(t *testing.T, s store.Store) {
	var start uint64
	view(t, s, func(r store.Reader) { start = r.Version() })
	together(1000, func(i int) {
		name := fmt.Sprintf("v%d-%d", start, i)
		_, err := s.Update(context.Background(), actor, func(x store.Tx) error {
			return x.Put(store.Write{Row: row(api(name), `{"some":"body"}`), Claims: []store.Claim{{Space: "name", Value: name}}})
		})
		if err != nil {
			t.Errorf("write %s: %v", name, err)
			return
		}
		fmt.Printf("ack %s\n", name) // one write to standard output, unbuffered
	})
	select {}
}
