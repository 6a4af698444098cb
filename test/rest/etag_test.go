package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestConcurrentWritersWithETagsNeverLoseAnUpdate lets writers count together in one named value: each reads it with its tag, adds one and writes with
// If-Match. The model is a counter: what stands there in the end is the number of writes that were acknowledged, every acknowledged value was seen once, and
// a writer whose tag was stale was told 412 and changed nothing.
func TestConcurrentWritersWithETagsNeverLoseAnUpdate(t *testing.T) {
	t.Parallel()
	const writers, attempts = 12, 25
	in := start(t)
	r := newRun(t, in, "etags", &txtar.Archive{})
	path := r.vars["ws"] + "/namedValues/counter"
	if err := r.send("PUT", path, body(0), nil); err != nil || r.status != http.StatusCreated {
		t.Fatalf("PUT: %d %v", r.status, err)
	}
	var mu sync.Mutex
	acknowledged, refused := map[int]int{}, 0
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for range attempts {
				w := &run{t: t, in: in, who: "admin"}
				value, tag := w.count(path)
				method, text := "PUT", body(value+1)
				if i%3 == 0 { // a PATCH is a write like any other
					method, text = "PATCH", fmt.Sprintf(`{"properties":{"value":"%d"}}`, value+1)
				}
				if err := w.send(method, path, text, []string{"If-Match: " + tag}); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				switch w.status {
				case http.StatusOK:
					acknowledged[value+1]++
				case http.StatusPreconditionFailed:
					refused++
				default:
					t.Errorf("%s: %d %s", method, w.status, w.body)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	last, _ := r.count(path)
	if last != len(acknowledged) {
		t.Errorf("the counter stands at %d after %d acknowledged writes", last, len(acknowledged))
	}
	for value, times := range acknowledged {
		if times != 1 {
			t.Errorf("the value %d was acknowledged to %d writers", value, times)
		}
	}
	if refused == 0 {
		t.Error("no writer met another; nothing was tested")
	}
	t.Logf("%d writes acknowledged, %d refused", len(acknowledged), refused)
}

func body(n int) string {
	return fmt.Sprintf(`{"properties":{"displayName":"counter","value":"%d"}}`, n)
}

// count reads the counter and its tag.
func (r *run) count(path string) (value int, tag string) {
	if err := r.send("GET", path, "", nil); err != nil || r.status != http.StatusOK {
		r.t.Errorf("GET: %d %v", r.status, err)
		return 0, ""
	}
	var doc struct{ Properties struct{ Value string } }
	if err := json.Unmarshal([]byte(r.body), &doc); err != nil {
		r.t.Error(err)
	}
	if _, err := fmt.Sscan(doc.Properties.Value, &value); err != nil {
		r.t.Error(err)
	}
	return value, r.header.Get("ETag")
}
