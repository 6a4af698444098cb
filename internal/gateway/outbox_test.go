package gateway

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// telling is a gateway with an outbox, a log, and a receiver whose calls wait until they are let go.
type telling struct {
	*Gateway
	log     *safeBuffer
	arrived chan string // paths
	release chan struct{}
	url     string
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (g *telling) logged(text string) int {
	g.Flush()
	g.log.mu.Lock()
	defer g.log.mu.Unlock()
	return strings.Count(g.log.b.String(), text)
}

func newTelling(t *testing.T) *telling {
	t.Helper()
	g := &telling{log: new(safeBuffer), arrived: make(chan string, 4*laneWaiting), release: make(chan struct{})}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		g.arrived <- r.URL.Path
		select {
		case <-g.release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	g.url = server.URL
	var err error
	if g.Gateway, err = New(Options{Log: g.log}); err != nil {
		t.Fatal(err)
	}
	return g
}

func (g *telling) post(t *testing.T, workspace, body string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, g.url+"/"+workspace, strings.NewReader(body)) //nolint:noctx // it gets one
	if err != nil {
		t.Fatal(err)
	}
	g.outbox.put(&posted{request: req, timeout: time.Minute, workspace: workspace})
}

// A workspace whose receiver is slow fills its own queue; what doesn't fit is dropped and logged. Others go on.
func TestRequestsThatNobodyWaitsForAreBounded(t *testing.T) {
	t.Parallel()
	g := newTelling(t)
	for range lanes {
		g.post(t, "slow", "x")
	}
	for range lanes { // all of its lanes are busy
		<-g.arrived
	}
	for range laneWaiting + 3 {
		g.post(t, "slow", "x")
	}
	if got := g.logged("too many requests wait to be sent"); got != 3 {
		t.Errorf("%d requests were dropped, want 3", got)
	}
	g.post(t, "quick", "x")
	if path := <-g.arrived; path != "/quick" {
		t.Errorf("%s was sent, want the request of the other workspace", path)
	}
	close(g.release)
	g.Close()
	if got := len(g.arrived); got != laneWaiting {
		t.Errorf("%d of those that waited were sent, want %d", got, laneWaiting)
	}
	if len(g.outbox.lanes) != 0 || g.outbox.bytes != 0 || g.outbox.waiting != 0 {
		t.Errorf("the outbox still holds %d lanes, %d bytes, %d requests", len(g.outbox.lanes), g.outbox.bytes, g.outbox.waiting)
	}
}

func TestBodiesThatWaitAreBounded(t *testing.T) {
	t.Parallel()
	g := newTelling(t)
	body := strings.Repeat("x", postedBytes/4)
	for i := range 5 {
		g.post(t, fmt.Sprint("w", i), body)
	}
	if got := g.logged("too many requests wait to be sent"); got != 1 {
		t.Errorf("%d requests were dropped, want 1", got)
	}
	close(g.release)
	g.Close()
}

// A gateway that stops gives what is under way a short time, drops the rest, and takes nothing more.
func TestAGatewayThatStopsDropsWhatIsNotSent(t *testing.T) {
	t.Parallel()
	g := newTelling(t)
	g.outbox.grace = time.Millisecond
	for range lanes + 2 {
		g.post(t, "slow", "x")
	}
	for range lanes {
		<-g.arrived
	}
	g.Close()
	g.post(t, "slow", "x")
	if stopped, late := g.logged("the gateway stopped before it was sent"), g.logged("the gateway is stopping"); stopped != lanes+2 || late != 1 {
		t.Errorf("%d and %d were logged, want %d and 1", stopped, late, lanes+2)
	}
}
