package gateway_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// sending is a document whose inbound calls the address and answers with the status that came back, "null" without one.
func sending(attributes, address, more string) string {
	return `<policies><inbound><send-request response-variable-name="r" ` + attributes + `><set-url>` + address + `</set-url><set-method>GET</set-method>` + more + `</send-request>
<return-response><set-body>@(context.Variables["r"] == null ? "null" : ((IResponse)context.Variables["r"]).StatusCode.ToString())</set-body></return-response></inbound></policies>`
}

func (in *installation) ask(t *testing.T) (int, string) {
	t.Helper()
	res, err := in.client.Get(in.url + "/api/x") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// What no backend may be no policy may call either, nor a proxy on this machine for it. The caller doesn't learn why.
func TestCallsOfPoliciesAreGuarded(t *testing.T) {
	t.Parallel()
	reached := new(atomic.Int64)
	management := backendOf(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	proxied := new(atomic.Int64)
	proxy := backendOf(t, func(http.ResponseWriter, *http.Request) { proxied.Add(1) })
	through := `<proxy url="` + proxy + `"/>`
	for name, document := range map[string]string{
		"management":                     sending("", management, ""),
		"metadata":                       sending("", "http://169.254.169.254/latest/meta-data", ""),
		"computed":                       sending("", `@("http://169.254.169.254" + context.Request.Url.Path)`, ""),
		"through a proxy":                sending("", management, through),
		"metadata through a proxy":       sending("", "http://169.254.169.254/latest/meta-data", through),
		"by name through a proxy":        sending("", strings.Replace(management, "127.0.0.1", "localhost", 1), through),
		"in hexadecimal to a proxy":      sending("", "http://0xa9fea9fe/latest/meta-data", through),
		"with a last dot to a proxy":     sending("", "http://169.254.169.254./latest/meta-data", through),
		"a proxy at the management":      sending("", "http://stock.example/", `<proxy url="`+management+`"/>`),
		"the backend through a proxy":    `<policies><inbound><set-backend-service base-url="` + management + `"/><proxy url="` + proxy + `"/></inbound><backend><forward-request/></backend></policies>`,
		"the backend's proxy is our own": `<policies><inbound><proxy url="` + management + `"/></inbound><backend><forward-request/></backend></policies>`,
	} {
		log := new(lockedBuffer)
		own := netip.MustParseAddrPort(strings.TrimPrefix(management, "http://"))
		in := serveWith(t, gateway.Options{Log: log, Forbidden: []netip.AddrPort{own}}, oneAPI("http://stock.example", "", document))
		in.log = log
		status, body := in.ask(t)
		if status != http.StatusInternalServerError || strings.Contains(body, "refused") || !in.logged("addresses are refused") {
			t.Errorf("%s: %d %s, and the log says\n%s", name, status, body, log.String())
		}
	}
	if reached.Load() > 0 || proxied.Load() > 0 {
		t.Errorf("%d calls came through, the proxy was asked %d times", reached.Load(), proxied.Load())
	}
}

// A policy that calls its own API ends after a few rounds, whatever it does to headers.
func TestAPolicyThatCallsItselfIsRefused(t *testing.T) {
	t.Parallel()
	var in *installation
	var rounds atomic.Int64
	again := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		rounds.Add(1)
		back, err := http.NewRequestWithContext(r.Context(), http.MethodGet, in.url+"/api/x", nil)
		if err != nil {
			t.Error(err)
			return
		}
		back.Header = r.Header.Clone()
		res, err := http.DefaultTransport.RoundTrip(back)
		if err != nil {
			t.Error(err)
			return
		}
		defer res.Body.Close() //nolint:errcheck // a test
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode == http.StatusLoopDetected {
			w.WriteHeader(res.StatusCode)
			return
		}
		if string(body) == "508" {
			w.WriteHeader(http.StatusLoopDetected)
		}
	})
	in = serve(t, oneAPI(again, "", sending("", again, `<set-header name="CDN-Loop"><value>other</value></set-header>`)), gateway.Limits{})
	if status, body := in.ask(t); status != http.StatusOK || body != "508" || rounds.Load() != 8 {
		t.Errorf("%d %s after %d rounds, want 508 inside of a 200 after 8", status, body, rounds.Load())
	}
}

// An answer is held in memory: one that is too large is none, and neither are many that are too large together.
func TestAnswersToPoliciesAreBounded(t *testing.T) {
	t.Parallel()
	size := new(atomic.Int64)
	large := backendOf(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.CopyN(w, zeros{}, size.Load()) })
	limits := gateway.Limits{BufferedBody: 4 << 20}
	one := serve(t, oneAPI(large, "", sending("", large, "")), limits)
	many := serve(t, oneAPI(large, "", `<policies><inbound><retry condition="@(true)" count="19" interval="0"><send-request><set-url>`+large+`</set-url><set-method>GET</set-method></send-request></retry><return-response/></inbound></policies>`), limits)
	for _, c := range []struct {
		in   *installation
		size int64
		want int
		log  string
	}{
		{one, 4 << 20, http.StatusOK, ""},
		{one, 4<<20 + 1, http.StatusInternalServerError, "larger than 4194304 bytes"},
		{many, 3 << 20, http.StatusOK, ""}, // 60 MiB together
		{many, 4 << 20, http.StatusInternalServerError, "larger than they may be together"},
	} {
		size.Store(c.size)
		if status, _ := c.in.ask(t); status != c.want || !c.in.logged(c.log) {
			t.Errorf("%d bytes: %d, want %d and %q in the log\n%s", c.size, status, c.want, c.log, c.in.log.String())
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A caller who leaves takes the calls of policies along, and ignore-error doesn't make the policies go on for nobody.
func TestCallsOfPoliciesEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	arrived, left := make(chan struct{}), make(chan struct{})
	hanging := backendOf(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(left)
	})
	in := serve(t, oneAPI(hanging, "", sending(`ignore-error="true"`, hanging, "")), gateway.Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, in.url+"/api/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		if res, err := in.client.Do(req); err == nil {
			res.Body.Close() //nolint:errcheck // a test
		}
	}()
	<-arrived
	cancel()
	<-left
	for deadline := time.Now().Add(10 * time.Second); !in.logged("ClientConnectionFailure"); {
		if time.Now().After(deadline) {
			t.Fatalf("the log says\n%s", in.log.String())
		}
	}
}

// What a proxy and a service are told of passwords is in no log, whatever they answer.
func TestCredentialsOfCallsAreNotLogged(t *testing.T) {
	t.Parallel()
	refusing := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.WriteHeader(http.StatusProxyAuthRequired)
		fmt.Fprint(w, r.Header)
	})
	for name, document := range map[string]string{
		"plain":       sending("", "http://stock.example/?code=s3cret", `<proxy url="`+refusing+`" username="bob" password="s3cret"/>`),
		"tunnel":      sending("", "https://stock.example/?code=s3cret", `<proxy url="`+refusing+`" username="bob" password="s3cret"/>`),
		"closed":      sending("", "http://stock.example/?code=s3cret", `<proxy url="http://127.0.0.1:1" username="bob" password="s3cret"/>`),
		"sign-in":     sending("", "http://127.0.0.1:1/?code=s3cret", `<authentication-basic username="bob" password="s3cret"/>`),
		"nobody asks": `<policies><inbound><send-one-way-request><set-url>http://127.0.0.1:1/?code=s3cret</set-url><set-method>GET</set-method><proxy url="` + refusing + `" username="bob" password="s3cret"/></send-one-way-request><return-response/></inbound></policies>`,
	} {
		in := serve(t, oneAPI(refusing, "", document), gateway.Limits{})
		in.ask(t)
		in.gateway.Close()
		if !in.logged(`"kind":"call"`) || in.logged("s3cret") || in.logged(base64.StdEncoding.EncodeToString([]byte("bob:s3cret"))) {
			t.Errorf("%s: the log says\n%s", name, in.log.String())
		}
	}
}

// The answer of a backend that a branch of wait has called goes on to the caller after the wait.
func TestAnAnswerOutlivesTheWaitThatBroughtIt(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "first ")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-begun:
			_, _ = io.WriteString(w, "second")
		case <-r.Context().Done():
		}
	})
	in := serve(t, oneAPI(backend, "", `<policies><backend><wait><choose><when condition="true"><forward-request buffer-response="false"/></when></choose></wait></backend></policies>`), gateway.Limits{})
	res, err := in.client.Get(in.url + "/api/x") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // a test
	first := make([]byte, len("first "))
	if _, err := io.ReadFull(res.Body, first); err != nil {
		t.Fatal(err)
	}
	close(begun)
	if rest, err := io.ReadAll(res.Body); string(rest) != "second" || err != nil {
		t.Errorf("the rest is %q, %v", rest, err)
	}
}

// A copy, and what invoke-request sends, takes the credentials of a backend entity to that backend, and nowhere else.
func TestCredentialsOfABackendStayWithIt(t *testing.T) {
	t.Parallel()
	var got atomic.Pointer[http.Request]
	keep := func(_ http.ResponseWriter, r *http.Request) { got.Store(r) }
	own, other := backendOf(t, keep), backendOf(t, keep)
	for call, want := range map[string]string{
		`<set-backend-service backend-id="b"/><send-request mode="copy"/>`:                                                 "secret",
		`<set-backend-service backend-id="b"/><send-request mode="copy"><set-url>` + other + `/y</set-url></send-request>`: "",
		`<set-backend-service backend-id="b"/><invoke-request response-variable-name="r"/>`:                                "secret",
		`<set-backend-service backend-id="b"/><invoke-request response-variable-name="r" url="` + other + `/y"/>`:          "",
		`<invoke-request response-variable-name="r" backend-id="b"/>`:                                                      "secret",
	} {
		got.Store(nil)
		s := oneAPI(own, "", `<policies><inbound>`+call+`<return-response/></inbound></policies>`)
		s.Others[0].Backends = []*snapshot.Backend{{
			ID: serviceID + "/workspaces/w/backends/b", Name: "b", URL: own, Header: map[string][]string{"X-Credential": {"secret"}}, Query: map[string][]string{"code": {"secret"}},
		}}
		in := serve(t, s, gateway.Limits{})
		if status, body := in.ask(t); status != http.StatusOK || got.Load() == nil {
			t.Fatalf("%d %s", status, body)
		}
		if r := got.Load(); r.Header.Get("X-Credential") != want || r.URL.Query().Get("code") != want {
			t.Errorf("%q: it got %v and %s, want %q", call, r.Header, r.URL, want)
		}
	}
}
