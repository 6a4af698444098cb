package gateway_test

import (
	"context"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// socketAPI is a snapshot with one WebSocket API at "api", open to everybody unless a key is given.
func socketAPI(backend, policy, key string) *snapshot.Snapshot {
	s := oneAPI("ws"+strings.TrimPrefix(backend, "http"), "", policy)
	ws := s.Others[0]
	a := *ws.APIs[0][0]
	a.Type, a.Protocols, a.SubscriptionRequired = "websocket", []string{"ws", "wss"}, key != ""
	a.Operations = []*snapshot.Operation{{ID: a.ID + "/operations/onHandshake", Name: "onHandshake", Method: "GET", URLTemplate: "/"}}
	ws.APIs = snapshot.ListOf(&a)
	if key != "" {
		ws.Subscriptions = snapshot.ListOf(&snapshot.Subscription{ID: ws.ID + "/subscriptions/s", Name: "s", PrimaryKey: key, Scope: snapshot.Scope{All: true}})
	}
	return s
}

// socketBackend is a backend that accepts WebSocket connections and hands them to talk; the header of each handshake goes to seen.
func socketBackend(t *testing.T, seen chan<- http.Header, talk func(context.Context, *websocket.Conn)) string {
	t.Helper()
	return backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		if seen != nil {
			seen <- r.Header.Clone()
		}
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"chat.v2"}, InsecureSkipVerify: true, CompressionMode: websocket.CompressionContextTakeover})
		if err != nil {
			return
		}
		defer c.CloseNow() //nolint:errcheck // it is over
		c.SetReadLimit(-1)
		talk(r.Context(), c)
	})
}

// echo sends back what comes until the connection ends.
func echo(ctx context.Context, c *websocket.Conn) {
	for {
		kind, data, err := c.Read(ctx)
		if err != nil {
			return
		}
		if err := c.Write(ctx, kind, data); err != nil {
			return
		}
	}
}

// socket connects to the API; query and header are the caller's.
func (in *installation) socket(t *testing.T, base, query string, header http.Header) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	h1 := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // a test
	c, res, err := websocket.Dial(ctx, base+"/api"+query, &websocket.DialOptions{HTTPHeader: header, HTTPClient: h1, Subprotocols: []string{"chat.v1", "chat.v2"}, CompressionMode: websocket.CompressionContextTakeover})
	if err == nil {
		c.SetReadLimit(-1)
		t.Cleanup(func() { _ = c.CloseNow() })
	}
	return c, res, err
}

// noise is a text that can't be made shorter.
func noise(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(rand.IntN(26))
	}
	return string(b)
}

// connect is socket where nothing may go wrong.
func (in *installation) connect(t *testing.T, query string) *websocket.Conn {
	t.Helper()
	c, _, err := in.socket(t, in.url, query, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// say sends a message and wants it back.
func say(t *testing.T, c *websocket.Conn, text string) {
	t.Helper()
	if err := c.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
	if _, got, err := c.Read(t.Context()); err != nil || string(got) != text {
		t.Fatalf("got %d bytes back, %v; want the %d that were sent", len(got), err, len(text))
	}
}

func TestMessagesPassAWebSocketBothWays(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"ws", "wss"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			seen := make(chan http.Header, 1)
			in := serve(t, socketAPI(socketBackend(t, seen, echo), `<policies><inbound><set-header name="X-By-Policy"><value>yes</value></set-header></inbound></policies>`, "k1"), gateway.Limits{})
			base := map[string]string{"ws": in.url, "wss": in.tls}[scheme]
			c, _, err := in.socket(t, base, "?subscription-key=k1&room=7", http.Header{"Origin": {"https://site.example"}})
			if err != nil {
				t.Fatal(err)
			}
			if c.Subprotocol() != "chat.v2" {
				t.Errorf("the subprotocol is %q, want the backend's choice", c.Subprotocol())
			}
			h := <-seen
			if h.Get("X-By-Policy") != "yes" || h.Get("Origin") != "https://site.example" || !strings.Contains(h.Get("Sec-Websocket-Extensions"), "permessage-deflate") {
				t.Errorf("the backend saw %v", h)
			}
			say(t, c, "hello")
			say(t, c, noise(3<<20)) // in one message, through buffers of eight kilobytes
			if err := c.Close(websocket.StatusNormalClosure, "bye"); err != nil {
				t.Errorf("closing: %v", err)
			}
			in.awaitLog(t, `"operation":"onHandshake"`)
			if !in.logged(`"status":101,"duration":`) || !in.logged(`"responseBytes":`) || in.logged("errorReason") {
				t.Errorf("the log says %s", in.log.String())
			}
		})
	}
}

// Policies of all APIs that speak of bodies and methods are passed over, but where they put together an answer of their own.
func TestInheritedPoliciesOfHTTPArePassedOver(t *testing.T) {
	t.Parallel()
	s := socketAPI(socketBackend(t, nil, echo), "", "")
	s.Service.Policy = document("service", `<policies><inbound><set-method>POST</set-method><set-body>x</set-body><mock-response status-code="200"/>`+
		`<choose><when condition="@(context.Request.Headers.ContainsKey("X-No"))"><return-response><set-status code="403"/><set-body>not you</set-body></return-response></when></choose></inbound><backend><forward-request/></backend></policies>`)
	in := serve(t, s, gateway.Limits{})
	say(t, in.connect(t, ""), "hello")
	_, res, err := in.socket(t, in.url, "", http.Header{"X-No": {"1"}})
	if err == nil || res.StatusCode != 403 {
		t.Fatalf("answered %v, %v", res, err)
	}
	if body, _ := io.ReadAll(res.Body); string(body) != "not you" {
		t.Errorf("the answer is %q", body)
	}
}

// The connection goes to the address that the API names, to the letter.
func TestAConnectionGoesToTheAddressItself(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- r.RequestURI
		http.Error(w, "no", http.StatusTeapot)
	})
	in := serve(t, socketAPI(backend+"/rooms/7", "", ""), gateway.Limits{})
	if _, res, err := in.socket(t, in.url, "?token=x", nil); err == nil || res == nil || res.StatusCode != http.StatusTeapot {
		t.Fatalf("%v, %v", res, err)
	}
	if got := <-asked; got != "/rooms/7?token=x" {
		t.Errorf("the backend was asked for %s", got)
	}
}
