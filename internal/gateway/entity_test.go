package gateway_test

import (
	"bufio"
	"crypto/sha1" //nolint:gosec // thumbprints
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

const toBackend = `<policies><inbound><base/><set-backend-service backend-id="b"/></inbound><backend><forward-request/></backend></policies>`

// withBackends is a snapshot whose one API goes to the backend "b" of its workspace.
func withBackends(policy string, list ...*snapshot.Backend) *snapshot.Snapshot {
	s := oneAPI("http://127.0.0.1:1", "", policy)
	s.Others[0].Backends = list
	return s
}

func entityAt(name, url string, rule *snapshot.Breaker) *snapshot.Backend {
	return &snapshot.Backend{ID: serviceID + "/workspaces/w/backends/" + name, Name: name, URL: url, Breaker: rule}
}

// The certificates that a backend entity names are shown to it, to members of pools as well; a certificate that a policy names takes their place.
func TestBackendsSeeTheCertificateOfTheirEntity(t *testing.T) {
	t.Parallel()
	demanding, elsewhere := newDemanding(t, tls.RequestClientCert), newDemanding(t, tls.RequestClientCert)
	demanding.to = elsewhere.URL + "/"
	ada, adaData := person(t, "ada")
	_, benData := person(t, "ben")
	sum := sha1.Sum(ada.Certificate[0]) //nolint:gosec // thumbprints
	thumbprint := hex.EncodeToString(sum[:])
	s := withBackends(`<policies><inbound><base/><set-backend-service backend-id="@(context.Request.Url.Query["to"][0])"/><choose><when condition="@(context.Request.Url.Query.ContainsKey("as"))"><authentication-certificate certificate-id="ben"/></when></choose></inbound>
		<backend><forward-request follow-redirects="true"/></backend></policies>`)
	id, thumb, lost := unverified(demanding.URL), unverified(demanding.URL), unverified(demanding.URL)
	id.Name, id.Certificates = "id", []string{"ben"}
	thumb.Name, thumb.Thumbprints = "thumb", []string{strings.ToLower(thumbprint)}
	lost.Name, lost.Certificates = "lost", []string{"gone"}
	s.Others[0].Backends = []*snapshot.Backend{id, thumb, lost, {Name: "pool", Pool: []snapshot.Member{{Name: "thumb"}}}}
	s.Others[0].Certificates = []*snapshot.Certificate{{Name: "ada", Data: adaData, Thumbprint: strings.ToUpper(thumbprint)}, {Name: "ben", Data: benData}}
	in := serve(t, s, gateway.Limits{})
	for _, c := range []struct {
		path   string
		status int
	}{{"/x?to=id", 200}, {"/x?to=thumb", 200}, {"/x?to=pool", 200}, {"/x?to=pool&as=ben", 200}, {"/away?to=thumb", 200}, {"/x?to=lost", 500}} {
		if status, body := askFor(t, in.client, in.url+"/api"+c.path); status != c.status {
			t.Errorf("%s: %d %s\n%s", c.path, status, body, in.log.String())
		}
	}
	if got, want := demanding.who(), []string{"ben", "ada", "ada", "ben", "ada"}; !slices.Equal(got, want) {
		t.Errorf("the backend saw %v, want %v", got, want)
	}
	if got := elsewhere.who(); !slices.Equal(got, []string{"nobody"}) {
		t.Errorf("the host that the backend redirects to saw %v", got)
	}
	if !in.logged("certificate 'gone' could not be found") {
		t.Error("the log doesn't name the certificate that is missing")
	}
}

// Header credentials of a backend don't go on to another host that it redirects to.
func TestCredentialsOfAnEntityStayWithItsHost(t *testing.T) {
	t.Parallel()
	var key, kept string
	other := backendOf(t, func(_ http.ResponseWriter, r *http.Request) {
		key, kept = r.Header.Get("X-Key"), r.Header.Get("X-Other")
	})
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other+"/x", http.StatusTemporaryRedirect)
	})
	b := entityAt("b", backend, nil)
	b.Header = map[string][]string{"X-Key": {"secret"}}
	in := serve(t, withBackends(strings.Replace(toBackend, "<forward-request/>", `<forward-request follow-redirects="true"/>`, 1), b), gateway.Limits{})
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, in.url+"/api/x", nil)
	req.Header.Set("X-Other", "of the caller")
	res, err := in.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if key != "" || kept != "of the caller" {
		t.Errorf("the other host saw the key %q and the caller's line %q", key, kept)
	}
}

// A backend with a proxy is called through it, signed in there; credentials may come from named values, in their form of now.
func TestBackendsAreCalledThroughTheProxyOfTheirEntity(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var saw []string
	proxy := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		signed, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Proxy-Authorization"), "Basic "))
		mu.Lock()
		defer mu.Unlock()
		saw = append(saw, r.URL.String()+" "+string(signed)+" "+r.Header.Get("X-Key"))
	})
	b := entityAt("b", "http://orders.invalid/base", nil)
	b.Proxy = &snapshot.Proxy{URL: proxy, User: "gateway", Password: "{{proxy-password}}"}
	b.Header = map[string][]string{"X-Key": {"key {{key}} {{unknown}}"}}
	s := withBackends(toBackend, b)
	s.Others[0].NamedValues = snapshot.ListOf(snapshot.NamedValue{DisplayName: "Proxy-Password", Value: "pw"}, snapshot.NamedValue{DisplayName: "key", Value: "k1"})
	in := serve(t, s, gateway.Limits{})
	askFor(t, in.client, in.url+"/api/x")
	changed := *s.Others[0]
	changed.NamedValues = snapshot.ListOf(snapshot.NamedValue{DisplayName: "Proxy-Password", Value: "pw2"}, snapshot.NamedValue{DisplayName: "key", Value: "k2"})
	next := *s
	next.Others = []*snapshot.Shard{&changed}
	in.gateway.Apply(&next)
	askFor(t, in.client, in.url+"/api/x")
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"http://orders.invalid/base/x gateway:pw key k1 {{unknown}}", "http://orders.invalid/base/x gateway:pw2 key k2 {{unknown}}"}; !slices.Equal(saw, want) {
		t.Errorf("the proxy saw %q, want %q\n%s", saw, want, in.log.String())
	}
}

// An answer that doesn't begin in time is a failure by the name Timeout.
func TestATimeoutTripsACircuit(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	backend := backendOf(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(release) })
	policy := strings.Replace(toBackend, "<forward-request/>", `<forward-request timeout-ms="50"/>`, 1)
	in := serve(t, withBackends(policy, entityAt("b", backend, &snapshot.Breaker{Count: 2, Interval: time.Minute, Trip: time.Minute, Reasons: []string{"timeout"}})), gateway.Limits{})
	for _, want := range []int{500, 500, 503, 503} {
		if status, body := askFor(t, in.client, in.url+"/api/x"); status != want {
			t.Errorf("answered %d %s, want %d", status, body, want)
		}
	}
}

// anyFailure trips at the first failure of any kind.
func anyFailure() *snapshot.Breaker {
	return &snapshot.Breaker{Count: 1, Interval: time.Minute, Trip: time.Hour, Statuses: []snapshot.StatusRange{{Min: 400, Max: 599}}, Reasons: []string{"Timeout", "BackendConnectionFailure"}}
}

// Callers can't shut a backend off for everybody: bodies that break off or don't come, callers who go, and deadlines of theirs are no failures of it.
func TestCallersDoNotTripACircuit(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 16)
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fine" {
			return
		}
		arrived <- struct{}{}
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	policy := strings.Replace(toBackend, "<forward-request/>", `<choose><when condition="@(context.Request.Method == "POST")"><forward-request timeout-ms="100"/></when><otherwise><forward-request/></otherwise></choose>`, 1)
	in := serve(t, withBackends(policy, entityAt("b", backend, anyFailure())), gateway.Limits{})

	call := func(text string, close bool) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // a test
		_, _ = io.WriteString(conn, text)
		<-arrived
		if close {
			return
		}
		_, _ = bufio.NewReader(conn).ReadString('\n')
	}
	const post = "POST /api/x HTTP/1.1\r\nHost: a\r\n"
	call(post+"Content-Length: 10\r\n\r\nhalf", false)                        // the rest doesn't come in time
	call(post+"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", false) // malformed
	call("GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n", true)                      // gone
	if status, body := askFor(t, in.client, in.url+"/api/fine"); status != 200 {
		t.Errorf("the circuit is open: %d %s\n%s", status, body, in.log.String())
	}
}

// The deadline of a gRPC call is its caller's; a service that can't be reached is a failure.
func TestDeadlinesOfCallsDoNotTripACircuit(t *testing.T) {
	t.Parallel()
	s := callAPI("http://127.0.0.1:1", `<policies><inbound><base/><set-backend-service backend-id="b"/></inbound><backend><forward-request/></backend></policies>`, "")
	s.Others[0].Backends = []*snapshot.Backend{entityAt("b", "http://"+speaker(t), anyFailure())}
	in := serve(t, s, gateway.Limits{})
	h2 := client(new(http.Protocols), func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	defer h2.CloseIdleConnections()
	for range 5 {
		req, _ := http.NewRequestWithContext(within(t), http.MethodPost, in.url+"/test.Speech/Sleep", strings.NewReader("\x00\x00\x00\x00\x00"))
		req.Header.Set("Content-Type", "application/grpc")
		req.Header.Set("Grpc-Timeout", "30m")
		res, err := h2.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	conn := in.dial(t, false)
	var out text
	if err := conn.Invoke(within(t), "/test.Speech/Say", &text{Value: "hello"}, &out); err != nil || out.Value != "you said hello" {
		t.Errorf("the circuit is open: %q %v\n%s", out.Value, err, in.log.String())
	}
}

// While the configuration changes, calls go to members whose circuits are closed, and a circuit that has tripped stays open.
func TestCircuitsOutliveChangesUnderLoad(t *testing.T) {
	t.Parallel()
	var good, bad, moving atomic.Int64
	fine := backendOf(t, func(http.ResponseWriter, *http.Request) { good.Add(1) })
	ill := backendOf(t, func(w http.ResponseWriter, _ *http.Request) { bad.Add(1); w.WriteHeader(http.StatusBadGateway) })
	other := backendOf(t, func(http.ResponseWriter, *http.Request) { moving.Add(1) })
	rule := &snapshot.Breaker{Count: 3, Interval: time.Hour, Trip: time.Hour, Statuses: []snapshot.StatusRange{{Min: 500, Max: 599}}}
	b, fineMember, illMember := entityAt("b", "", nil), entityAt("fine", fine, rule), entityAt("ill", ill, rule)
	b.Pool = []snapshot.Member{{Name: "fine", Priority: 2}, {Name: "other", Priority: 2}, {Name: "ill", Priority: 1}}
	at := func(version uint64) *snapshot.Snapshot {
		s := withBackends(toBackend, b, fineMember, illMember, entityAt("other", fmt.Sprintf("%s/%d", other, version), rule))
		s.Version = version
		return s
	}
	in := serve(t, at(1), gateway.Limits{})
	var stop atomic.Bool
	var failed atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				res, err := in.client.Get(in.url + "/api/x")
				if err != nil {
					t.Error(err)
					return
				}
				_ = res.Body.Close()
				if res.StatusCode != 200 {
					failed.Add(1)
				}
			}
		})
	}
	for version := uint64(2); good.Load() < 300 || version < 50; version++ {
		in.gateway.Apply(at(version))
	}
	stop.Store(true)
	wg.Wait()
	if n := bad.Load(); n < 3 || n > 7 || failed.Load() != n { // four callers may be under way when it trips
		t.Errorf("the backend that fails got %d calls, and %d calls failed", n, failed.Load())
	}
	if n := moving.Load(); n < good.Load()-50 || n > good.Load()+50 {
		t.Errorf("one member got %d calls, the other %d", good.Load(), n)
	}
}
