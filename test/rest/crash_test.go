package rest

import (
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestNoAcknowledgedWriteIsLost kills the process in the middle of a thousand concurrent PUTs, starts it again, and looks for every one that was
// answered. The change log must be whole, and the restarted process must take writes.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	t.Parallel()
	const writes, writers, killAfter = 1000, 32, 400
	in := start(t)
	r := newRun(t, in, "crash", &txtar.Archive{})
	var next, acknowledged atomic.Int64
	var mu sync.Mutex
	var kept []string
	kill := sync.OnceFunc(func() { _ = in.process.Signal(syscall.SIGKILL) })
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for {
				n := next.Add(1)
				if n > writes {
					return
				}
				mine := &run{t: t, in: in, who: "admin"}
				path := fmt.Sprintf("%s/namedValues/n%d", r.vars["ws"], n)
				body := fmt.Sprintf(`{"properties":{"displayName":"n%d","value":"value %d"}}`, n, n)
				if err := mine.send("PUT", path, body, nil); err != nil {
					continue // the process is gone
				}
				if mine.status != http.StatusCreated {
					t.Errorf("PUT %s: %d %s", path, mine.status, mine.body)
					return
				}
				mu.Lock()
				kept = append(kept, path)
				mu.Unlock()
				if acknowledged.Add(1) >= killAfter {
					kill()
				}
			}
		})
	}
	wg.Wait()
	kill()
	<-in.waited
	in.process = nil
	if len(kept) == writes {
		t.Fatal("the process outlived all writes; nothing was tested")
	}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	in.programs = map[string]*program{}
	again := &run{t: t, in: in, who: "admin"}
	for _, path := range kept {
		if err := again.send("GET", path, "", nil); err != nil || again.status != http.StatusOK {
			t.Fatalf("%s was acknowledged and is lost: %d, %v", path, again.status, err)
		}
	}
	out, err := exec.Command(binary, "activity", "verify", "--data", in.data).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "chain whole") {
		t.Errorf("activity verify: %v %s", err, out)
	}
	if err := again.send("PUT", r.vars["ws"]+"/namedValues/after", `{"properties":{"displayName":"after","value":"x"}}`, nil); err != nil || again.status != http.StatusCreated {
		t.Errorf("the first write after the crash: %d %s %v", again.status, again.body, err)
	}
	t.Logf("%d of %d writes were acknowledged before the kill, and all are there", len(kept), writes)
}
