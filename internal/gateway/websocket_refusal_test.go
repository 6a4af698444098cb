package gateway_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway"
)

func TestWebSocketHandshakesAreRefused(t *testing.T) {
	t.Parallel()
	backend := socketBackend(t, nil, echo)
	keyed := serve(t, socketAPI(backend, "", "k1"), gateway.Limits{})
	strict := serve(t, socketAPI(backend, `<policies><inbound><check-header name="X-Pass" failed-check-httpcode="403" failed-check-error-message="no" ignore-case="true"><value>yes</value></check-header></inbound></policies>`, ""), gateway.Limits{})
	secure := socketAPI(backend, "", "")
	secure.Others[0].APIs[0][0].Protocols = []string{"wss"}
	onlyTLS := serve(t, secure, gateway.Limits{})
	dead := serve(t, socketAPI("http://127.0.0.1:1", "", ""), gateway.Limits{})
	rude := serve(t, socketAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Sec-Websocket-Accept", "bm90IHdoYXQgd2FzIGFza2VkIGZvcg==")
		w.WriteHeader(http.StatusSwitchingProtocols)
	}), "", ""), gateway.Limits{})
	unwilling := serve(t, socketAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, "full", http.StatusTooManyRequests) }), "", ""), gateway.Limits{})
	late := serve(t, socketAPI(backend, `<policies><outbound><return-response><set-status code="418" reason="no"/></return-response></outbound></policies>`, ""), gateway.Limits{})
	for _, c := range []struct {
		name  string
		in    *installation
		query string
		want  int
	}{
		{"without a key", keyed, "", 401},
		{"with a wrong key", keyed, "?subscription-key=other", 401},
		{"by a policy", strict, "", 403},
		{"in the clear when only wss is served", onlyTLS, "", 404},
		{"when the backend can't be reached", dead, "", 500},
		{"when the backend answers another handshake", rude, "", 500},
		{"by the backend", unwilling, "", 429},
		{"by a policy that sees the backend's yes", late, "", 418},
		{"below the API's address", strict, "/deeper", 404},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, res, err := c.in.socket(t, c.in.url, c.query, nil)
			if err == nil || res == nil || res.StatusCode != c.want {
				t.Errorf("answered %v, %v; want %d", res, err, c.want)
			}
		})
	}
}

// raw sends bytes and reads the status of the answer.
func (in *installation) raw(t *testing.T, request string) (status string, conn net.Conn, more *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(in.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	more = bufio.NewReader(conn)
	line, _ := more.ReadString('\n')
	_, status, _ = strings.Cut(strings.TrimSpace(line), " ")
	return status, conn, more
}

const (
	goodKey   = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
	goodAsk   = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
	version13 = "Sec-WebSocket-Version: 13\r\n"
)

func TestMalformedWebSocketHandshakes(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), "", ""), gateway.Limits{})
	get := "GET /api HTTP/1.1\r\nHost: a\r\n"
	for _, c := range []struct{ name, request, want string }{
		{"an ordinary request", get + "\r\n", "404 Not Found"},
		{"no Connection", get + "Upgrade: websocket\r\n" + goodKey + version13 + "\r\n", "404 Not Found"},
		{"another protocol", get + "Connection: Upgrade\r\nUpgrade: h2c\r\n" + goodKey + version13 + "\r\n", "404 Not Found"},
		{"another method", "POST /api HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + goodAsk + goodKey + version13 + "\r\n", "404 Not Found"},
		{"HTTP/1.0", "GET /api HTTP/1.0\r\nHost: a\r\n" + goodAsk + goodKey + version13 + "\r\n", "404 Not Found"},
		{"no key", get + goodAsk + version13 + "\r\n", "400 Bad Request"},
		{"a short key", get + goodAsk + version13 + "Sec-WebSocket-Key: c2hvcnQ=\r\n\r\n", "400 Bad Request"},
		{"two keys", get + goodAsk + version13 + goodKey + goodKey + "\r\n", "400 Bad Request"},
		{"an old version", get + goodAsk + goodKey + "Sec-WebSocket-Version: 8\r\n\r\n", "426 Upgrade Required"},
		{"no version", get + goodAsk + goodKey + "\r\n", "426 Upgrade Required"},
		{"a body", get + goodAsk + goodKey + version13 + "Content-Length: 3\r\n\r\nabc", "400 Bad Request"},
		{"a chunked body", get + goodAsk + goodKey + version13 + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 Bad Request"},
		{"Connection that names the host", get + "Connection: Upgrade, Host\r\nUpgrade: websocket\r\n" + goodKey + version13 + "\r\n", "400 Bad Request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got, _, _ := in.raw(t, c.request); got != c.want {
				t.Errorf("answered %q, want %q", got, c.want)
			}
		})
	}
}

// What a caller sends before it has its answer was never meant for a WebSocket, or is meant to deceive: it doesn't reach the backend.
func TestBytesBeforeTheHandshakeIsAnsweredDontPass(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), "", ""), gateway.Limits{})
	got, _, more := in.raw(t, "GET /api HTTP/1.1\r\nHost: a\r\n"+goodAsk+goodKey+version13+"\r\n\x81\x85\x00\x00\x00\x00hello")
	if got != "400 Bad Request" {
		t.Errorf("answered %q, want 400", got)
	}
	if rest, _ := io.ReadAll(more); strings.Contains(string(rest), "hello") {
		t.Errorf("the backend answered: %q", rest)
	}
}

// An API of another type takes a request with the wish for a WebSocket as what it is besides, an ordinary request.
func TestHTTPAPIsIgnoreUpgrades(t *testing.T) {
	t.Parallel()
	seen := make(chan http.Header, 1)
	in := serve(t, oneAPI(backendOf(t, func(w http.ResponseWriter, r *http.Request) { seen <- r.Header.Clone() }), "", ""), gateway.Limits{})
	got, _, _ := in.raw(t, "GET /api/x HTTP/1.1\r\nHost: a\r\n"+goodAsk+goodKey+version13+"\r\n")
	if h := <-seen; got != "200 OK" || h.Get("Upgrade") != "" || h.Get("Connection") != "" {
		t.Errorf("answered %q, the backend saw %v; want 200 without Upgrade", got, h)
	}
}
