package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// named is a gateway whose every answer to /api/x is its name.
func named(name string, hosts ...string) *snapshot.Snapshot {
	s := oneAPI("http://127.0.0.1:1", "", `<policies><inbound><return-response><set-body>`+name+`</set-body></return-response></inbound></policies>`)
	s.Gateway.ID, s.Gateway.Name, s.Gateway.Hosts, s.Gateway.Default = "/gateways/"+name, name, hosts, false
	return s
}

// ask asks a set by host name; the answer is a gateway's name or a status.
func ask(set http.Handler, host string) string {
	r := httptest.NewRequest("GET", "/api/x", nil)
	r.Host = host
	w := httptest.NewRecorder()
	set.ServeHTTP(w, r)
	if w.Code != 200 {
		return w.Result().Status
	}
	body, _ := io.ReadAll(w.Body)
	return string(body)
}

func TestSetChoosesByExactHostName(t *testing.T) {
	t.Parallel()
	set := gateway.NewSet(gateway.Options{})
	defer set.Close()
	expect := func(when string, want map[string]string) {
		t.Helper()
		for host, name := range want {
			if got := ask(set, host); got != name {
				t.Errorf("%s: %s was answered by %q, want %q", when, host, got, name)
			}
		}
	}
	const none = "404 Not Found"
	expect("before there is a gateway", map[string]string{"one.localhost": none})
	if _, err := set.Put(named("one", "One.localhost", "also.example.com")); err != nil {
		t.Fatal(err)
	}
	expect("as soon as Put returns", map[string]string{"one.localhost": "one", "ONE.LOCALHOST:8080": "one", "also.example.com": "one", "one.localhost.": none, "x.one.localhost": none, "[::1]:80": none})
	if !set.Hosts("ONE.localhost") || set.Hosts("two.localhost") {
		t.Error("Hosts does not say which names are served")
	}
	standard := named("standard", "standard.localhost")
	standard.Gateway.Default = true
	if _, err := set.Apply([]*snapshot.Snapshot{standard, named("two", "two.localhost")}); err != nil {
		t.Fatal(err)
	}
	expect("after Apply of others", map[string]string{"one.localhost": "standard", "two.localhost": "two", "": "400 Bad Request"})
	set.Remove("/GATEWAYS/two")
	set.Remove("/gateways/nobody")
	expect("after Remove", map[string]string{"two.localhost": "standard"})
	if set.Hosts("two.localhost") {
		t.Error("a removed gateway still has its name")
	}
}

// queue is a source that gives what it holds, then waits.
type queue struct {
	all  []*snapshot.Snapshot
	last func()
}

func (q *queue) Next(ctx context.Context, after uint64) (*snapshot.Snapshot, error) {
	for _, s := range q.all {
		if s.Version > after {
			return s, nil
		}
	}
	q.last()
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestFollowAppliesWhatASourceGives(t *testing.T) {
	t.Parallel()
	set := gateway.NewSet(gateway.Options{})
	defer set.Close()
	first, second := named("first", "a.localhost"), named("second", "a.localhost")
	second.Version, second.Gateway.ID = 7, first.Gateway.ID
	second.Others[0].APIs = append(second.Others[0].APIs, second.Others[0].APIs[0]) // the same chunk twice
	ctx, cancel := context.WithCancel(context.Background())
	var reports []snapshot.Report
	if err := set.Follow(ctx, &queue{[]*snapshot.Snapshot{first, second}, cancel}, func(r snapshot.Report) { reports = append(reports, r) }); err != nil {
		t.Errorf("Follow ends with %v when its context does", err)
	}
	if got := ask(set, "a.localhost"); got != "second" {
		t.Errorf("answered by %q, want the last snapshot", got)
	}
	if len(reports) != 2 || len(reports[0].Problems) != 0 || reports[1].Version != 7 || len(reports[1].Problems) != 1 || !strings.Contains(reports[1].Problems[0].Message, "another API") {
		t.Errorf("reported %+v", reports)
	}
}
