package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/usage"
	"github.com/atelier-apim/atelier/internal/usage/sqlite"
)

// start is when the clock of reporting begins.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// reporting is a gateway whose calls are added up. Its time passes when pass is called, and only then.
func reporting(t testing.TB, s *snapshot.Snapshot) (in *installation, c *usage.Collector, pass func(time.Duration)) {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "usage.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	var passed atomic.Int64
	now := func() time.Time { return start.Add(time.Duration(passed.Load())) }
	c = usage.NewCollector(usage.Options{Store: store, Now: now})
	return serveWith(t, gateway.Options{Usage: c, Now: now}, s), c, func(d time.Duration) { passed.Add(int64(d)) }
}

func call(t *testing.T, in *installation, method, path, body string, header ...string) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, in.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "contoso.localhost"
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := in.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close() //nolint:errcheck // a test
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

// reported are the sums of the service.
func reported(t *testing.T, c *usage.Collector, by ...usage.Field) []usage.Group {
	t.Helper()
	got, err := c.Sums(context.Background(), usage.Query{
		Service: serviceID, Workspace: func(string) bool { return true }, From: start.Add(-time.Hour), To: start.Add(time.Hour), By: by, Limit: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestACallIsReportedWithWhoAndWhat: the names that a policy sees, as ids below the service.
func TestACallIsReportedWithWhoAndWhat(t *testing.T) {
	t.Parallel()
	var pass func(time.Duration)
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		pass(2 * time.Millisecond)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "hello")
	})
	s := fiveScopes(backend)
	s.Others[0].Subscriptions = snapshot.ListOf(&snapshot.Subscription{
		ID: s.Others[0].ID + "/subscriptions/S1", Name: "S1", PrimaryKey: "key-1", Owner: serviceID + "/users/dana", Scope: snapshot.Scope{Product: strings.ToLower(s.Others[0].Products[0].ID)},
	})
	s.Gateway.Region = "east"
	in, c, passing := reporting(t, s)
	pass = passing
	if status, err := call(t, in, http.MethodGet, "/pay/orders/7?code=secret", "", "Ocp-Apim-Subscription-Key", "key-1"); status != http.StatusAccepted || err != nil {
		t.Fatal(status, err)
	}
	got := reported(t, c, usage.Gateway, usage.Region, usage.API, usage.Operation, usage.Product, usage.Subscription, usage.User)
	want := usage.Key{
		Gateway: "managed", Region: "east", API: "/workspaces/payments/apis/pay", Operation: "get", Product: "/workspaces/payments/products/gold",
		Subscription: "/workspaces/payments/subscriptions/S1", User: "/users/dana",
	}
	if len(got) != 1 || got[0].Key != want || got[0].Calls != [4]int64{1} || got[0].Bytes != 5 {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	if want := (usage.Times{Number: 1, Sum: 2000, Min: 2000, Max: 2000}); got[0].Backend != want || got[0].Total != want {
		t.Errorf("the backend took %+v of %+v µs, want 2000 of 2000", got[0].Backend, got[0].Total)
	}
	single := c.Recent(context.Background(), serviceID, func(w string) bool { return w == "payments" })
	if len(single) != 1 || single[0].Target.String() != "contoso.localhost/pay/orders/7" || single[0].Status != 202 || single[0].BackendStatus != 202 || single[0].IP != "127.0.0.1" {
		t.Errorf("single calls: %+v", single)
	}
	if others := c.Recent(context.Background(), serviceID, func(w string) bool { return w != "payments" }); len(others) != 0 {
		t.Errorf("other homes have %d single calls", len(others))
	}
}

// TestWhatACacheDidIsReported: asked and without an answer, asked and with one, not asked.
func TestWhatACacheDidIsReported(t *testing.T) {
	t.Parallel()
	policy := `<policies><inbound><base/><cache-lookup vary-by-developer="false" vary-by-developer-groups="false"/></inbound>` +
		`<outbound><cache-store duration="60"/></outbound></policies>`
	in, c, _ := reporting(t, oneAPI(backendOf(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }), "", policy))
	for _, method := range []string{http.MethodGet, http.MethodGet, http.MethodGet, http.MethodPost} {
		if status, err := call(t, in, method, "/api/x", ""); status != http.StatusOK || err != nil {
			t.Fatal(method, status, err)
		}
	}
	if got := reported(t, c); len(got) != 1 || got[0].Sum() != 4 || got[0].Hits != 2 || got[0].Misses != 1 {
		t.Errorf("got %+v, want 4 calls, 2 hits and 1 miss", got)
	}
}

// TestEveryEndOfACallIsReportedOnce: refused, unknown, failed by the backend, broken off.
func TestEveryEndOfACallIsReportedOnce(t *testing.T) {
	t.Parallel()
	s := fiveScopes(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Fate") == "broken" {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(make([]byte, 50000))
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	in, c, _ := reporting(t, s)
	for _, one := range []struct {
		path, key, fate string
		status          int
	}{
		{"/pay/orders/7", "wrong", "", 401},
		{"/pay/orders/7", "key-1", "", 503},
		{"/pay/nothing", "key-1", "", 404},
		{"/elsewhere", "", "", 404},
		{"/pay/orders/%2e%2e", "key-1", "", 400},
	} {
		if status, err := call(t, in, http.MethodGet, one.path, "", "Ocp-Apim-Subscription-Key", one.key); status != one.status || err != nil {
			t.Errorf("%s is answered %d, %v; want %d", one.path, status, err, one.status)
		}
	}
	if _, err := call(t, in, http.MethodGet, "/pay/orders/7", "", "Ocp-Apim-Subscription-Key", "key-1", "Fate", "broken"); err == nil {
		t.Error("the broken answer came whole")
	}
	for began := time.Now(); ; { // a broken answer ends at the caller before it does here
		got := reported(t, c)
		if len(got) == 1 && got[0].Sum() == 6 {
			if want := [4]int64{0, 1, 3, 2}; got[0].Calls != want {
				t.Errorf("outcomes %v, want %v", got[0].Calls, want)
			}
			return
		}
		if time.Since(began) > 10*time.Second {
			t.Fatalf("got %+v, want 6 calls", got)
		}
	}
}

// TestCallsOfAGatewayThatEndsAreReported: its meter is emptied once more.
func TestCallsOfAGatewayThatEndsAreReported(t *testing.T) {
	t.Parallel()
	in, c, _ := reporting(t, oneAPI("http://127.0.0.1:1", "", `<policies><inbound><return-response><set-body>twelve bytes</set-body></return-response></inbound></policies>`))
	if status, err := call(t, in, http.MethodGet, "/api/x", ""); status != 200 || err != nil {
		t.Fatal(status, err)
	}
	in.gateway.Close()
	if got := reported(t, c); len(got) != 1 || got[0].Bytes != 12 {
		t.Errorf("got %+v", got)
	}
}

// TestTheSetTellsWhichGatewaysServe a service, since when, and when they last answered.
func TestTheSetTellsWhichGatewaysServe(t *testing.T) {
	t.Parallel()
	at := start
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "usage.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close() //nolint:errcheck // a test
	set := gateway.NewSet(gateway.Options{Now: func() time.Time { return at }, Usage: usage.NewCollector(usage.Options{Store: store})})
	defer set.Close()
	snap := oneAPI("http://127.0.0.1:1", "", `<policies><inbound><return-response/></inbound></policies>`)
	put := func() {
		next := *snap
		if _, err := set.Put(&next); err != nil {
			t.Fatal(err)
		}
	}
	put()
	begun := at
	at = at.Add(time.Minute)
	put()
	changed := at
	at = at.Add(time.Minute)
	r := httptest.NewRequest(http.MethodGet, "/api/x", nil)
	set.ServeHTTP(httptest.NewRecorder(), r)
	got := set.Serving(strings.ToUpper(serviceID))
	want := gateway.Serving{ID: snap.Gateway.ID, Name: snap.Gateway.Name, Begun: begun, Changed: changed, Answered: at}
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if other := set.Serving(serviceID + "2"); len(other) != 0 {
		t.Errorf("another service is served by %+v", other)
	}
}

// nowhere takes an answer without keeping it.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}

// BenchmarkUsage is what adding up costs a call: the difference of both.
func BenchmarkUsage(b *testing.B) {
	for _, on := range []bool{false, true} {
		b.Run(fmt.Sprintf("usage=%t", on), func(b *testing.B) {
			var o gateway.Options
			if on {
				store, err := sqlite.Open(context.Background(), filepath.Join(b.TempDir(), "usage.db"))
				if err != nil {
					b.Fatal(err)
				}
				defer store.Close() //nolint:errcheck // a benchmark
				o.Usage = usage.NewCollector(usage.Options{Store: store})
			}
			g, err := gateway.New(o)
			if err != nil {
				b.Fatal(err)
			}
			defer g.Close()
			g.Apply(oneAPI("http://127.0.0.1:1", "", `<policies><inbound><return-response/></inbound></policies>`))
			r := httptest.NewRequest(http.MethodGet, "/api/x", nil)
			b.ReportAllocs()
			for b.Loop() {
				g.ServeHTTP(nowhere{http.Header{}}, r)
			}
		})
	}
}
