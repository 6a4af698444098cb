package gateway_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// recorder is a backend that notes what it gets. It answers 200 with the text "backend", and differently below some paths.
type recorder struct {
	server *httptest.Server
	mu     sync.Mutex
	seen   []seen
	says   map[string]string // JSON by path, for paths that a test has an answer for
	told   map[string]told   // by the beginning of a path
	asked  int               // of seen, what backend-got has counted
}

type seen struct {
	line   string // "GET /x?y HTTP/1.1"
	host   string
	header http.Header
	body   string
}

func newRecorder() *recorder {
	r := &recorder{}
	r.server = httptest.NewServer(r)
	return r
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	r.seen = append(r.seen, seen{q.Method + " " + q.RequestURI + " " + q.Proto, q.Host, q.Header.Clone(), string(body)})
	says, told := r.says[q.URL.Path]
	r.mu.Unlock()
	if r.asTold(w, q.URL.Path) {
		return
	}
	switch {
	case told:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, says)
		return
	case strings.Contains(q.URL.Path, "/fails"):
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "backend is ill")
		return
	case strings.Contains(q.URL.Path, "/redirects"):
		w.Header().Set("Location", "/landed?x=1")
		w.WriteHeader(http.StatusFound)
		return
	case strings.Contains(q.URL.Path, "/hops"):
		w.Header().Set("Connection", "X-Hop")
		w.Header().Set("X-Hop", "1")
		w.Header().Set("Keep-Alive", "timeout=5")
		w.Header().Set("Trailer", "X-Late")
		defer w.Header().Set("X-Late", "smuggled")
	case strings.Contains(q.URL.Path, "/breaks"):
		panic(http.ErrAbortHandler)
	case strings.Contains(q.URL.Path, "/empty"):
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("X-Backend", "yes")
	_, _ = io.WriteString(w, "backend")
}

func (r *recorder) last(ts *testscript.TestScript) seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) == 0 {
		ts.Fatalf("the backend saw no request")
	}
	return r.seen[len(r.seen)-1]
}

func addrPort(address string) netip.AddrPort {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return netip.MustParseAddrPort(u.Host)
}

// backendCommands say what the backend must have got.
var backendCommands = map[string]func(*world, *testscript.TestScript, []string){
	// backend-saw N: that many requests
	"backend-saw": func(w *world, ts *testscript.TestScript, args []string) {
		w.backend.mu.Lock()
		defer w.backend.mu.Unlock()
		if got := fmt.Sprint(len(w.backend.seen)); got != args[0] {
			ts.Fatalf("the backend saw %s requests, want %s", got, args[0])
		}
	},
	// backend-line 'GET /x HTTP/1.1': the request line of the last
	"backend-line": func(w *world, ts *testscript.TestScript, args []string) {
		if got := w.backend.last(ts).line; got != args[0] {
			ts.Fatalf("the backend saw %q, want %q", got, args[0])
		}
	},
	// backend-host HOST, or "own" for the backend's own address
	"backend-host": func(w *world, ts *testscript.TestScript, args []string) {
		want := args[0]
		if want == "own" {
			want = strings.TrimPrefix(w.backend.server.URL, "http://")
		}
		if got := w.backend.last(ts).host; got != want {
			ts.Fatalf("the backend saw the host %q, want %q", got, want)
		}
	},
	// backend-header NAME [VALUE…]: the lines with this name; none means it must not be there
	"backend-header": func(w *world, ts *testscript.TestScript, args []string) {
		got := w.backend.last(ts).header.Values(args[0])
		if strings.Join(got, "|") != strings.Join(args[1:], "|") || len(got) != len(args)-1 {
			ts.Fatalf("the backend saw %s %q, want %q", args[0], got, args[1:])
		}
	},
	// backend-body TEXT
	"backend-body": func(w *world, ts *testscript.TestScript, args []string) {
		if got := w.backend.last(ts).body; got != args[0] {
			ts.Fatalf("the backend saw the body %q, want %q", got, args[0])
		}
	},
}
