package gateway_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// entityCommands say what backend entities are beside an address, and what answers below a path of the recording backend.
var entityCommands = map[string]func(*world, *testscript.TestScript, []string){
	"breaker":         (*world).setBreaker,
	"pool":            (*world).addPool,
	"move-backend":    (*world).moveBackend,
	"backend-answers": (*world).answers,
	"backend-got":     (*world).got,
}

// breaker home NAME count=N|percentage=N interval=D trip=D [status=MIN-MAX,…] [reasons=A,B] [retry-after]: the rule of a backend
func (w *world) setBreaker(ts *testscript.TestScript, args []string) {
	o := parseOptions(ts, args[2:])
	rule := &snapshot.Breaker{RetryAfter: o.has("retry-after"), Reasons: o.list("reasons", "")}
	rule.Count, _ = strconv.Atoi(o["count"])
	rule.Percentage, _ = strconv.Atoi(o["percentage"])
	var err error
	rule.Interval, err = time.ParseDuration(o["interval"])
	ts.Check(err)
	rule.Trip, err = time.ParseDuration(o["trip"])
	ts.Check(err)
	for _, text := range o.list("status", "") {
		var s snapshot.StatusRange
		_, err := fmt.Sscanf(text, "%d-%d", &s.Min, &s.Max)
		ts.Check(err)
		rule.Statuses = append(rule.Statuses, s)
	}
	w.changeBackend(ts, args[0], args[1], func(b *snapshot.Backend) { b.Breaker = rule })
}

// move-backend home NAME PATH: it is below another path from now on
func (w *world) moveBackend(ts *testscript.TestScript, args []string) {
	w.changeBackend(ts, args[0], args[1], func(b *snapshot.Backend) { b.URL = w.backend.server.URL + args[2] })
}

// changeBackend replaces a backend by a changed copy: snapshots are immutable.
func (w *world) changeBackend(ts *testscript.TestScript, home, name string, change func(*snapshot.Backend)) {
	h := w.home(home)
	at := slices.IndexFunc(h.Backends, func(b *snapshot.Backend) bool { return b.Name == name })
	if at < 0 {
		ts.Fatalf("no backend %s", name)
	}
	changed := *h.Backends[at]
	change(&changed)
	h.Backends = slices.Clone(h.Backends)
	h.Backends[at] = &changed
}

// pool home NAME MEMBER[=WEIGHT][@PRIORITY]…
func (w *world) addPool(ts *testscript.TestScript, args []string) {
	h := w.home(args[0])
	p := &snapshot.Backend{ID: h.ID + "/backends/" + args[1], Name: args[1]}
	for _, a := range args[2:] {
		text, priority, _ := strings.Cut(a, "@")
		name, weight, _ := strings.Cut(text, "=")
		m := snapshot.Member{Name: name}
		m.Weight, _ = strconv.Atoi(weight)
		m.Priority, _ = strconv.Atoi(priority)
		p.Pool = append(p.Pool, m)
	}
	h.Backends = append(slices.Clone(h.Backends), p)
}

// backend-answers PATH STATUS ['Name: value']: to requests of which the path begins so, until told otherwise; STATUS 0 breaks the connection off
func (w *world) answers(ts *testscript.TestScript, args []string) {
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	a := told{status: status}
	if len(args) > 2 {
		name, value, _ := strings.Cut(args[2], ": ")
		a.name, a.value = name, value
	}
	w.backend.mu.Lock()
	defer w.backend.mu.Unlock()
	if w.backend.told == nil {
		w.backend.told = map[string]told{}
	}
	w.backend.told[args[0]] = a
}

// told is an answer that a script asks of the recording backend.
type told struct {
	status      int
	name, value string // of a header line
}

// asTold answers as a script wants it; false when the script doesn't say.
func (r *recorder) asTold(w http.ResponseWriter, path string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for prefix, a := range r.told {
		if !strings.HasPrefix(path, prefix) {
			continue
		}
		if a.status == 0 {
			panic(http.ErrAbortHandler)
		}
		if a.name != "" {
			w.Header().Set(a.name, a.value)
		}
		w.WriteHeader(a.status)
		return true
	}
	return false
}

// backend-got PATH N…: how many requests below each path the backend got since it was last asked this
func (w *world) got(ts *testscript.TestScript, args []string) {
	w.backend.mu.Lock()
	defer w.backend.mu.Unlock()
	for i := 0; i+1 < len(args); i += 2 {
		n := 0
		for _, s := range w.backend.seen[w.backend.asked:] {
			if _, target, _ := strings.Cut(s.line, " "); strings.HasPrefix(target, args[i]) {
				n++
			}
		}
		if strconv.Itoa(n) != args[i+1] {
			var lines []string
			for _, s := range w.backend.seen[w.backend.asked:] {
				lines = append(lines, s.line)
			}
			ts.Fatalf("the backend got %d requests below %s, want %s:\n%s", n, args[i], args[i+1], strings.Join(lines, "\n"))
		}
	}
	w.backend.asked = len(w.backend.seen)
}
