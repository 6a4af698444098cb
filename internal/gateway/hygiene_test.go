package gateway_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/gateway/h1"
)

// Whatever callers send, a backend sees only requests that are beyond doubt, below its base path, marked by us and without the caller's tricks.
func FuzzBackendNeverSeesAMalformedRequest(f *testing.F) {
	for _, s := range []string{
		"GET /api/x HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /api/x|y?a=%41&b=\"c\" HTTP/1.1\r\nHost: a\r\nConnection: X-A\r\nX-A: 1\r\n\r\nGET /api/%7e HTTP/1.1\r\nHost: b:80\r\n\r\n",
		"POST /api/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n",
		"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
		"POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /api/../x HTTP/1.1\r\nHost: a\r\n\r\n", "GET /api;rev=1/x HTTP/1.1\r\nHost: a\r\nForwarded: for=x\r\nX_A: 1\r\n\r\n",
		"GET http://a/api/x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
	} {
		f.Add(s)
	}
	b := &strictBackend{}
	in := serve(f, oneAPI("http://"+b.listen(f)+"/base", "", ""), gateway.Limits{HeaderTime: time.Second, BodyIdle: time.Second})
	f.Fuzz(func(t *testing.T, raw string) {
		conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // a test
		_ = conn.SetDeadline(time.Now().Add(3 * time.Second))
		_, _ = io.WriteString(conn, raw)
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		if bad := b.take(); bad != "" {
			t.Fatalf("%q: the backend saw %s", raw, bad)
		}
	})
}

// strictBackend reads requests through the codec and notes what it should not have seen.
type strictBackend struct {
	mu  sync.Mutex
	bad string
}

func (b *strictBackend) take() string { b.mu.Lock(); defer b.mu.Unlock(); return b.bad }

func (b *strictBackend) note(bad string) { b.mu.Lock(); defer b.mu.Unlock(); b.bad = bad }

func (b *strictBackend) listen(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go b.serve(c)
		}
	}()
	return l.Addr().String()
}

func (b *strictBackend) serve(c net.Conn) {
	defer c.Close() //nolint:errcheck // a test
	strict := h1.NewConn(c, h1.Limits{Head: 64 << 10, HeadTime: time.Second})
	for r := bufio.NewReader(strict); ; {
		q, err := http.ReadRequest(r)
		if refused := strict.Refused(); refused != nil {
			b.note("a malformed request: " + refused.Error())
		}
		if err != nil {
			return
		}
		_, err = io.Copy(io.Discard, q.Body)
		switch {
		case !strings.HasPrefix(q.RequestURI, "/base/") || strings.Contains(q.RequestURI, "/..") || strings.Contains(q.RequestURI, "smuggled"):
			b.note("the target " + q.RequestURI)
		case q.Header.Get("X-Forwarded-For") != "127.0.0.1" || len(q.Header["X-Forwarded-For"]) != 1 || q.Header.Get("Forwarded") != "":
			b.note("a forged way")
		case len(q.Trailer) > 0 || q.Header.Get("Connection") != "" || q.Header.Get("Upgrade") != "":
			b.note("what belongs to the caller's connection")
		}
		for name := range q.Header {
			if strings.Contains(name, "_") {
				b.note("the header " + name)
			}
		}
		if err != nil {
			return // the caller broke off, which is not our mistake
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}
}
