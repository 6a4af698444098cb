package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// endsWith waits for the connection to end, and wants the reason that the caller is told.
func endsWith(t *testing.T, c *websocket.Conn, want websocket.StatusCode) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, _, err := c.Read(ctx)
	if got := websocket.CloseStatus(err); err == nil || got != want {
		t.Errorf("the connection ended with %v (%v), want %v", got, err, want)
	}
}

func TestAWebSocketEndsWhenItsCallerWouldNotBeLetInAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*snapshot.Shard){
		"the subscription is suspended": func(w *snapshot.Shard) { w.Subscriptions = nil },
		"the key is another": func(w *snapshot.Shard) {
			changed := *w.Subscriptions[0][0]
			changed.PrimaryKey = "k2"
			w.Subscriptions = snapshot.ListOf(&changed)
		},
		"the API is gone": func(w *snapshot.Shard) { w.APIs = nil },
		"the API is an HTTP API now": func(w *snapshot.Shard) {
			changed := *w.APIs[0][0]
			changed.Type, changed.Protocols = "http", []string{"http"}
			w.APIs = snapshot.ListOf(&changed)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := socketAPI(socketBackend(t, nil, echo), "", "k1")
			in := serve(t, s, gateway.Limits{})
			c := in.connect(t, "?subscription-key=k1")
			say(t, c, "hello")
			next, shard := *s, *s.Others[0]
			next.Version, next.Others = 2, []*snapshot.Shard{&shard}
			change(&shard)
			in.gateway.Apply(&next)
			endsWith(t, c, websocket.StatusGoingAway)
			in.awaitLog(t, `"errorReason":"AccessRevoked"`)
		})
	}
}

func TestAWebSocketGoesOnWhenSomethingElseChanges(t *testing.T) {
	t.Parallel()
	s := socketAPI(socketBackend(t, nil, echo), "", "k1")
	in := serve(t, s, gateway.Limits{})
	c := in.connect(t, "?subscription-key=k1")
	say(t, c, "hello")
	next, shard := *s, *s.Others[0]
	next.Version, next.Others = 2, []*snapshot.Shard{&shard}
	changed := *shard.APIs[0][0]
	changed.Policy = document("api", `<policies><inbound><return-response><set-status code="403"/></return-response></inbound></policies>`)
	shard.APIs = snapshot.ListOf(&changed)
	in.gateway.Apply(&next)
	if _, res, err := in.socket(t, in.url, "?subscription-key=k1", nil); err == nil || res.StatusCode != 403 {
		t.Fatalf("a new handshake got %v, want the new policy's 403", res)
	}
	say(t, c, "still here")
}

func TestASubscriptionsEndEndsItsWebSockets(t *testing.T) {
	t.Parallel()
	s := socketAPI(socketBackend(t, nil, echo), "", "k1")
	end := time.Now().Add(300 * time.Millisecond)
	s.Others[0].Subscriptions[0][0].End = &end
	in := serve(t, s, gateway.Limits{})
	c := in.connect(t, "?subscription-key=k1")
	endsWith(t, c, websocket.StatusGoingAway)
}

func TestDrainTellsWebSocketsThatTheServerGoesAway(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), "", ""), gateway.Limits{})
	c := in.connect(t, "")
	for _, n := range []int{1, 1000, 100_000} { // lengths are written in three forms, which the gateway has to follow
		say(t, c, noise(n))
	}
	drained := make(chan error, 1)
	go func() { drained <- in.server.Drain(context.Background()) }()
	endsWith(t, c, websocket.StatusGoingAway)
	if err := <-drained; err != nil {
		t.Errorf("drain: %v", err)
	}
	in.awaitLog(t, `"errorReason":"GatewayShutdown"`)
}

func TestIdleWebSocketsEnd(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), "", ""), gateway.Limits{TunnelIdle: 50 * time.Millisecond})
	c := in.connect(t, "")
	endsWith(t, c, websocket.StatusGoingAway)
	in.awaitLog(t, `"errorReason":"ConnectionIdle"`)
}

func TestConnectionsAreCounted(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), "", ""), gateway.Limits{Tunnels: 1})
	first := in.connect(t, "")
	say(t, first, "hello")
	if _, res, err := in.socket(t, in.url, "", nil); err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("a second connection got %v, want 503", res)
	}
	_ = first.Close(websocket.StatusNormalClosure, "")
	in.awaitLog(t, `"status":101`)
	say(t, in.connect(t, ""), "my turn")
}

// limit-concurrency around forward-request counts connections, not handshakes.
func TestLimitConcurrencyCountsOpenWebSockets(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), onePlace, ""), gateway.Limits{})
	first := in.connect(t, "")
	say(t, first, "hello")
	if _, res, err := in.socket(t, in.url, "", nil); err == nil || res.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("a second connection got %v, want 429", res)
	}
	_ = first.Close(websocket.StatusNormalClosure, "")
	in.awaitLog(t, `"status":101`)
	say(t, in.connect(t, ""), "my turn")
}

// A backend that goes away takes the connection with it.
func TestABackendThatLeavesEndsTheConnection(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, func(context.Context, *websocket.Conn) {}), "", ""), gateway.Limits{BodyIdle: 100 * time.Millisecond})
	c := in.connect(t, "")
	if _, _, err := c.Read(t.Context()); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read %v", err)
	}
	in.awaitLog(t, `"status":101`)
}

// A gateway that a process no longer has takes its connections with it.
func TestAGatewayThatIsRemovedEndsItsWebSockets(t *testing.T) {
	t.Parallel()
	set := gateway.NewSet(gateway.Options{})
	t.Cleanup(set.Close)
	s := socketAPI(socketBackend(t, nil, echo), "", "")
	if _, err := set.Put(s); err != nil {
		t.Fatal(err)
	}
	server := gateway.NewServer(set, gateway.ServerOptions{})
	in := &installation{url: "http://" + listen(t, server.Serve)}
	t.Cleanup(func() { _ = server.Drain(context.Background()) })
	c := in.connect(t, "")
	say(t, c, "hello")
	set.Remove(s.Gateway.ID)
	endsWith(t, c, websocket.StatusGoingAway)
}

func TestDrainOfASetEndsWebSockets(t *testing.T) {
	t.Parallel()
	set := gateway.NewSet(gateway.Options{})
	t.Cleanup(set.Close)
	if _, err := set.Put(socketAPI(socketBackend(t, nil, echo), "", "")); err != nil {
		t.Fatal(err)
	}
	server := gateway.NewServer(set, gateway.ServerOptions{})
	in := &installation{url: "http://" + listen(t, server.Serve)}
	c := in.connect(t, "")
	say(t, c, "hello")
	drained := make(chan error, 1)
	go func() { drained <- server.Drain(context.Background()) }()
	endsWith(t, c, websocket.StatusGoingAway)
	if err := <-drained; err != nil {
		t.Errorf("drain: %v", err)
	}
}

// What passes a connection is bandwidth like any other.
func TestBandwidthCountsWhatPassesAWebSocket(t *testing.T) {
	t.Parallel()
	in := serve(t, socketAPI(socketBackend(t, nil, echo), `<policies><inbound><quota-by-key bandwidth="1" renewal-period="3600" counter-key="k"/></inbound></policies>`, ""), gateway.Limits{})
	c := in.connect(t, "")
	say(t, c, noise(2000))
	_ = c.Close(websocket.StatusNormalClosure, "")
	in.awaitLog(t, `"status":101`)
	if _, res, err := in.socket(t, in.url, "", nil); err == nil || res.StatusCode != 403 {
		t.Errorf("after more than a kilobyte a connection got %v, want 403", res)
	}
}
