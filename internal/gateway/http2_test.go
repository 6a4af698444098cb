package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
)

// withTLS starts a backend with TLS that speaks HTTP/2 if asked, or only HTTP/1.1.
func withTLS(t *testing.T, http2 bool, h http.HandlerFunc) string {
	t.Helper()
	b := httptest.NewUnstartedServer(h)
	b.EnableHTTP2 = http2
	b.StartTLS()
	t.Cleanup(b.Close)
	return b.URL
}

// throughHTTP is a policy that calls the backend "b" by a version of HTTP.
func throughHTTP(version string) string {
	return fmt.Sprintf(`<policies><inbound><set-backend-service backend-id="b"/></inbound><backend><forward-request http-version="%s"/></backend></policies>`, version)
}

func TestHTTPVersionTowardsTheBackend(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }
	plain, both, old := backendOf(t, echo), withTLS(t, true, echo), withTLS(t, false, echo)
	onlyOld := httptest.NewServer(http.HandlerFunc(echo))
	t.Cleanup(onlyOld.Close)
	for _, c := range []struct{ name, backend, version, want string }{
		{"1 in the clear", plain, "1", "200 HTTP/1.1"},
		{"1 with TLS", both, "1", "200 HTTP/1.1"},
		{"2 in the clear, with prior knowledge", plain, "2", "200 HTTP/2.0"},
		{"2 with TLS", both, "2", "200 HTTP/2.0"},
		{"2or1 in the clear", plain, "2or1", "200 HTTP/1.1"},
		{"2or1 with TLS", both, "2or1", "200 HTTP/2.0"},
		{"2or1 to a backend without HTTP/2", old, "2or1", "200 HTTP/1.1"},
		{"2 to a backend without it, with TLS", old, "2", "500"},
		{"2 to a backend without it, in the clear", onlyOld.URL, "2", "500"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := oneAPI(plain, "", throughHTTP(c.version))
			s.Others[0].Backends = append(s.Others[0].Backends, unverified(c.backend))
			in := serve(t, s, gateway.Limits{})
			res, err := in.client.Get(in.url + "/api/x")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close() //nolint:errcheck // a test
			body, _ := io.ReadAll(res.Body)
			if got := fmt.Sprint(res.StatusCode, " ", string(body)); !strings.HasPrefix(got, c.want) {
				t.Errorf("answered %s, want %s", got, c.want)
			}
		})
	}
}

// events sends an event for each word that comes, and waits for the next while the caller looks at it.
func events(words <-chan string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, _ = io.Copy(io.Discard, r.Body)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		for {
			select {
			case word, more := <-words:
				if !more {
					return
				}
				_, _ = fmt.Fprintf(w, "data: %s\n\n", word)
				_ = http.NewResponseController(w).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}
}

// send gives the backend a word to send.
func send(t *testing.T, words chan<- string, word string) {
	t.Helper()
	select {
	case words <- word:
	case <-time.After(5 * time.Second):
		t.Fatal("the backend no longer sends: the gateway has given it up")
	}
}

// Events arrive one by one while the backend is still sending, over both protocols and whatever version the backend speaks.
func TestEventsArriveAsTheyAreSent(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"1", "2"} {
		for name, set := range map[string]func(*http.Protocols){
			"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) }, "HTTP/2": func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
		} {
			t.Run(name+" before "+version, func(t *testing.T) {
				t.Parallel()
				words := make(chan string)
				in := serve(t, oneAPI(backendOf(t, events(words)), "",
					fmt.Sprintf(`<policies><backend><forward-request http-version="%s" buffer-response="false"/></backend></policies>`, version)), gateway.Limits{})
				caller := client(new(http.Protocols), set)
				defer caller.CloseIdleConnections()
				res, err := caller.Get(in.url + "/api/x")
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close() //nolint:errcheck // a test
				lines := bufio.NewScanner(res.Body)
				for _, word := range []string{"one", "two", "three"} {
					send(t, words, word)
					if !lines.Scan() || lines.Text() != "data: "+word || !lines.Scan() {
						t.Fatalf("read %q, %v; want the event %s while the backend goes on", lines.Text(), lines.Err(), word)
					}
				}
				close(words)
				if lines.Scan() {
					t.Errorf("more came: %q", lines.Text())
				}
			})
		}
	}
}

// A stream may be silent for longer than a peer may leave a body or an answer half read: nobody owes anything while there is nothing to send.
func TestASilentStreamIsNotBrokenOff(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) }, "HTTP/2": func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			words := make(chan string)
			in := serve(t, oneAPI(backendOf(t, events(words)), "", ""), gateway.Limits{BodyIdle: 300 * time.Millisecond})
			caller := client(new(http.Protocols), set)
			defer caller.CloseIdleConnections()
			res, err := caller.Get(in.url + "/api/x")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close() //nolint:errcheck // a test
			lines := bufio.NewScanner(res.Body)
			for _, word := range []string{"one", "two", "three"} {
				send(t, words, word)
				if !lines.Scan() || lines.Text() != "data: "+word || !lines.Scan() {
					t.Fatalf("read %q, %v; want the event %s", lines.Text(), lines.Err(), word)
				}
				in.idle(t)
			}
			close(words)
		})
	}
}

// A backend that takes its time with a body is no reason to give up the caller, who has sent it.
func TestABackendMayTakeItsTimeWithABody(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*http.Protocols){
		"HTTP/1.1": func(p *http.Protocols) { p.SetHTTP1(true) }, "HTTP/2": func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun, goOn := make(chan struct{}), make(chan struct{})
			in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength == 10 { // somebody idle
					_, _ = io.Copy(io.Discard, r.Body)
					return
				}
				_, _ = io.ReadFull(r.Body, make([]byte, 1))
				close(begun)
				<-goOn
				n, _ := io.Copy(io.Discard, r.Body)
				_, _ = fmt.Fprint(w, n+1)
			}), "", ""), gateway.Limits{BodyIdle: 300 * time.Millisecond})
			go func() {
				defer close(goOn)
				<-begun
				in.idle(t) // by the end of this no more bytes fit in between
				in.idle(t)
			}()
			caller := client(new(http.Protocols), set)
			defer caller.CloseIdleConnections()
			// More than fits into any buffer on the way.
			res, err := caller.Post(in.url+"/api/x", "text/plain", strings.NewReader(strings.Repeat("x", 32<<20)))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close() //nolint:errcheck // a test
			if body, _ := io.ReadAll(res.Body); string(body) != fmt.Sprint(32<<20) {
				t.Errorf("answered %s %q, want all that was sent", res.Status, body)
			}
		})
	}
}

// idle returns when somebody else has been given up for being idle.
func (in *installation) idle(t *testing.T) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // a test
	_, _ = io.WriteString(conn, "POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if answer, _ := io.ReadAll(conn); !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
		t.Fatalf("answered %q", answer)
	}
}
