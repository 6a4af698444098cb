package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// What a caller does wrong ends the connection with the code of the protocol.
func TestCodesOfTheProtocol(t *testing.T) {
	t.Parallel()
	const begin = `{"type":"connection_init"}`
	for name, c := range map[string]struct {
		protocol string
		says     []string
		code     websocket.StatusCode
	}{
		"nothing in time":         {"graphql-transport-ws", nil, 4408},
		"nothing in time, older":  {"graphql-ws", nil, 4408},
		"an operation too early":  {"graphql-transport-ws", []string{`{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4401},
		"the same, older":         {"graphql-ws", []string{`{"id":"1","type":"start","payload":{"query":"{ __typename }"}}`}, 4401},
		"two beginnings":          {"graphql-transport-ws", []string{begin, begin}, 4429},
		"one name twice":          {"graphql-transport-ws", []string{begin, `{"id":"1","type":"subscribe","payload":{"query":"subscription { never { id } }"}}`, `{"id":"1","type":"subscribe","payload":{"query":"subscription { never { id } }"}}`}, 4409},
		"no JSON":                 {"graphql-transport-ws", []string{begin, `hello`}, 4400},
		"no message":              {"graphql-transport-ws", []string{begin, `[]`}, 4400},
		"an unknown message":      {"graphql-transport-ws", []string{begin, `{"type":"start","id":"1"}`}, 4400},
		"an operation without id": {"graphql-transport-ws", []string{begin, `{"type":"subscribe","payload":{"query":"{ __typename }"}}`}, 4400},
		"a name that is too long": {"graphql-transport-ws", []string{begin, `{"type":"subscribe","id":"` + strings.Repeat("a", 201) + `","payload":{"query":"{ __typename }"}}`}, 4400},
		"too much":                {"graphql-transport-ws", []string{begin, `{"type":"ping","payload":{"a":"` + strings.Repeat("a", 110<<10) + `"}}`}, websocket.StatusMessageTooBig},
		"enough, older":           {"graphql-ws", []string{begin, `{"type":"connection_terminate"}`}, websocket.StatusNormalClosure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			init := 10 * time.Second
			if len(c.says) == 0 {
				init = 50 * time.Millisecond
			}
			in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{SocketInit: init})
			one, _, err := in.talk(t, c.protocol, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range c.says {
				one.say(text)
			}
			if len(c.says) > 0 && c.says[0] == begin {
				one.hears(`{"type":"connection_ack"}`)
			}
			one.endsWith(c.code)
		})
	}
}

// The older protocol lets the later of two operations of one name go on.
func TestAnOlderClientAsksAnew(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c := in.hello(t, "graphql-ws", "")
	c.asks("1", `subscription { renamed { id } }`)
	c.asks("1", `subscription { renamed { name } }`)
	c.settled()
	in.query(t, rename)
	c.hears(`{"id":"1","type":"data","payload":{"data":{"renamed":{"name":"Coffee"}}}}`)
	c.settled()
}

// Messages are text.
func TestBinaryMessagesEndTheConnection(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c := in.hello(t, "graphql-transport-ws", "")
	if err := c.c.Write(t.Context(), websocket.MessageBinary, []byte(`{"type":"ping"}`)); err != nil {
		t.Fatal(err)
	}
	c.endsWith(4400)
}

func TestAGraphQLConnectionEndsWhenItsCallerWouldNotBeLetInAgain(t *testing.T) {
	t.Parallel()
	changed := func(w *snapshot.Shard, change func(*snapshot.API)) {
		a := *w.APIs[0][0]
		change(&a)
		w.APIs = snapshot.ListOf(&a)
	}
	for name, change := range map[string]func(*snapshot.Shard){
		"the subscription is suspended": func(w *snapshot.Shard) { w.Subscriptions = nil },
		"the API is gone":               func(w *snapshot.Shard) { w.APIs = nil },
		"the API is an HTTP API now":    func(w *snapshot.Shard) { changed(w, func(a *snapshot.API) { a.Type = "http" }) },
		"the schema is another": func(w *snapshot.Shard) {
			changed(w, func(a *snapshot.API) { a.Definition = &snapshot.Definition{Text: "type Query { a: Int }"} })
		},
		"a resolver is gone": func(w *snapshot.Shard) { changed(w, func(a *snapshot.API) { a.Resolvers = a.Resolvers[1:] }) },
		"a policy of the API is another": func(w *snapshot.Shard) {
			changed(w, func(a *snapshot.API) {
				a.Policy = document("api", `<policies><inbound><validate-graphql-request max-size="1"/></inbound></policies>`)
			})
		},
		"a backend of the home is another": func(w *snapshot.Shard) { w.Backends = []*snapshot.Backend{unverified("http://127.0.0.1:1")} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shop(shopBackend(t), "", "k1")
			in := serve(t, s, gateway.Limits{})
			c := in.hello(t, "graphql-transport-ws", "?subscription-key=k1")
			next, shard := *s, *s.Others[0]
			next.Version, next.Others = 2, []*snapshot.Shard{&shard}
			change(&shard)
			in.gateway.Apply(&next)
			c.endsWith(websocket.StatusGoingAway)
			in.awaitLog(t, `"errorReason":"AccessRevoked"`)
		})
	}
}

// productShop is the shop in a product with a policy, whose subscription opens it.
func productShop(backend, policy string) *snapshot.Snapshot {
	s := shop(backend, "", "k1")
	w := s.Others[0]
	w.Products = []*snapshot.Product{{ID: strings.ToLower(w.ID) + "/products/p", Name: "p", DisplayName: "P", Published: true, SubscriptionRequired: true, APIs: []string{strings.ToLower(w.APIs[0][0].ID)}, Policy: document("product", policy)}}
	w.Subscriptions[0][0].Scope = snapshot.Scope{Product: strings.ToLower(w.ID) + "/products/p"}
	return s
}

// A policy of the product that the caller came in with belongs to what its operations go through; other products don't.
func TestAGraphQLConnectionEndsWithThePolicyOfItsProduct(t *testing.T) {
	t.Parallel()
	s := productShop(shopBackend(t), `<policies><inbound><set-variable name="a" value="1"/></inbound></policies>`)
	in := serve(t, s, gateway.Limits{})
	c := in.hello(t, "graphql-transport-ws", "?subscription-key=k1")
	next, shard := *s, *s.Others[0]
	next.Version, next.Others = 2, []*snapshot.Shard{&shard}
	shard.Products = append([]*snapshot.Product{{ID: shard.ID + "/products/q", Name: "q", DisplayName: "Q", Published: true}}, shard.Products...)
	in.gateway.Apply(&next)
	c.settled()
	c.asks("1", `{ product(id: 1) { id } }`)
	c.hears(`{"id":"1","type":"next","payload":{"data":{"product":{"id":"1"}}}}`)
	c.hears(`{"id":"1","type":"complete"}`)
	again, third := next, shard
	again.Version, again.Others = 3, []*snapshot.Shard{&third}
	p := *shard.Products[1]
	p.Policy = document("product", `<policies><inbound><validate-graphql-request max-size="1"/></inbound></policies>`)
	third.Products = []*snapshot.Product{shard.Products[0], &p}
	in.gateway.Apply(&again)
	c.endsWith(websocket.StatusGoingAway)
}

func TestAGraphQLConnectionEndsWithItsSubscription(t *testing.T) {
	t.Parallel()
	s := shop(shopBackend(t), "", "k1")
	end := time.Now().Add(300 * time.Millisecond)
	s.Others[0].Subscriptions[0][0].End = &end
	in := serve(t, s, gateway.Limits{})
	in.hello(t, "graphql-transport-ws", "?subscription-key=k1").endsWith(websocket.StatusGoingAway)
}

func TestDrainTellsSubscribersThatTheServerGoesAway(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c := in.hello(t, "graphql-transport-ws", "")
	c.asks("1", `subscription { renamed { id } }`)
	c.asks("2", `{ slow { id } }`)
	c.settled()
	drained := make(chan error, 1)
	go func() { drained <- in.server.Drain(context.Background()) }()
	c.endsWith(websocket.StatusGoingAway)
	if err := <-drained; err != nil {
		t.Errorf("drain: %v", err)
	}
	in.awaitLog(t, `"errorReason":"GatewayShutdown"`)
}

func TestIdleGraphQLConnectionsEnd(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{TunnelIdle: 100 * time.Millisecond})
	in.hello(t, "graphql-transport-ws", "").endsWith(websocket.StatusGoingAway)
	in.awaitLog(t, `"errorReason":"ConnectionIdle"`)
}

// GraphQL connections and WebSocket APIs share their number; a place is free again when a connection has ended.
func TestGraphQLConnectionsAreCounted(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{Tunnels: 1})
	first := in.hello(t, "graphql-transport-ws", "")
	if _, res, err := in.talk(t, "graphql-ws", ""); err == nil || res.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("a second connection got %v, want 503", res)
	}
	_ = first.c.Close(websocket.StatusNormalClosure, "")
	in.awaitLog(t, `"status":101`)
	if in.logged("AccessRevoked") || !in.logged(`"requestBytes":`) {
		t.Errorf("the log says %s", in.log.String())
	}
	in.hello(t, "graphql-transport-ws", "").settled()
}

// A connection has room for so many operations and so much of their documents; what is over that is refused, and room comes back.
func TestOperationsOfAConnectionAreBounded(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c := in.hello(t, "graphql-transport-ws", "")
	for i := range 100 {
		c.asks(fmt.Sprint(i), `subscription { never { id } }`)
	}
	c.asks("more", `subscription { never { id } }`)
	c.hearsSome(`The connection has as many operations under way as it may have.`)
	c.say(`{"id":"7","type":"complete"}`)
	c.asks("more", `subscription { never { id } }`)
	c.settled()

	d := in.hello(t, "graphql-transport-ws", "")
	long := `subscription { never { id } } # ` + strings.Repeat("a", 90<<10)
	d.asks("1", long)
	d.asks("2", long)
	d.asks("3", long)
	d.hearsSome(`The connection has as many operations under way as it may have.`)
	d.say(`{"id":"1","type":"complete"}`)
	d.asks("3", long)
	d.settled()
}

// A caller that is too far behind with its events loses the connection, and nobody else is held up.
func TestACallerThatFallsBehindLosesItsConnection(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	behind, other := in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-transport-ws", "")
	behind.asks("1", `subscription { renamed { reviews { stars } } }`)
	other.asks("1", `subscription { renamed { id } }`)
	behind.settled()
	other.settled()
	for range 66 { // one is being worked out, 64 wait
		in.query(t, `mutation { rename(id: "slow", name: "a") { id } }`)
		other.hears(`{"id":"1","type":"next","payload":{"data":{"renamed":{"id":"slow"}}}}`)
	}
	behind.endsWith(websocket.StatusTryAgainLater)
	in.awaitLog(t, `"errorReason":"ClientTooSlow"`)
}

// A caller that doesn't read loses the connection.
func TestACallerThatDoesNotReadLosesItsConnection(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{BodyIdle: 200 * time.Millisecond})
	c := in.hello(t, "graphql-transport-ws", "")
	c.asks("1", `subscription { renamed { name } }`)
	c.settled()
	for range 40 {
		in.query(t, `mutation { rename(id: "big", name: "a") { id } }`)
	}
	in.awaitLog(t, `"errorReason":"ClientTooSlow"`)
}
