package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// Policies of all sections run at the handshake; those that speak of bodies are passed over. What they say goes out with the answer, and what they keep in
// variables is there for resolvers.
func TestPoliciesRunAtTheHandshakeOfAGraphQLConnection(t *testing.T) {
	t.Parallel()
	backend := shopBackend(t)
	s := shop(backend, `<policies><inbound><set-body>x</set-body><mock-response/><set-variable name="tone" value="@("of " + context.Request.Method)"/></inbound><backend><forward-request/></backend>`+
		`<outbound><set-header name="X-Status"><value>@(context.Response.StatusCode.ToString())</value></set-header></outbound></policies>`, "")
	for _, r := range s.Others[0].APIs[0][0].Resolvers {
		if r.Path == "Query/product" {
			r.Policy.Text = strings.ReplaceAll(r.Policy.Text, `context.GraphQL.Arguments["id"])`, `"1?name=" + Uri.EscapeDataString((string)context.Variables["tone"]))`)
		}
	}
	in := serve(t, s, gateway.Limits{})
	_, res, err := in.talk(t, "graphql-transport-ws", "")
	if err != nil || res.Header.Get("X-Status") != "101" {
		t.Fatalf("%v, %v", res, err)
	}
	c := in.hello(t, "graphql-transport-ws", "")
	c.asks("1", `{ product(id: 1) { name } }`)
	c.hears(`{"id":"1","type":"next","payload":{"data":{"product":{"name":"of GET"}}}}`)
}

func TestGraphQLHandshakesAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy, protocol, query string
		status                  int
		says                    string
	}{
		"without a key":           {"", "graphql-transport-ws", "", 401, "missing subscription key"},
		"with a wrong key":        {"", "graphql-transport-ws", "?subscription-key=k2", 401, "invalid subscription key"},
		"by a policy":             {`<policies><inbound><return-response><set-status code="403"/><set-body>not you</set-body></return-response></inbound></policies>`, "graphql-ws", "?subscription-key=k1", 403, "not you"},
		"by a policy, in the end": {`<policies><backend><forward-request/></backend><outbound><return-response><set-status code="403"/></return-response></outbound></policies>`, "graphql-ws", "?subscription-key=k1", 403, ""},
		"without a subprotocol":   {"", "", "?subscription-key=k1", 400, "needs one of the subprotocols graphql-transport-ws and graphql-ws"},
		"with another one":        {"", "mqtt", "?subscription-key=k1", 400, "needs one of the subprotocols"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := serve(t, shop(shopBackend(t), c.policy, "k1"), gateway.Limits{Tunnels: 1})
			for range 2 { // and no place is lost by it
				_, res, err := in.talk(t, c.protocol, c.query)
				if err == nil || res == nil || res.StatusCode != c.status {
					t.Fatalf("%v, %v", res, err)
				}
				if body, _ := io.ReadAll(res.Body); !strings.Contains(string(body), c.says) {
					t.Errorf("it says %s", body)
				}
			}
			if c.policy == "" {
				in.hello(t, "graphql-transport-ws", "?subscription-key=k1").settled()
			}
		})
	}
}

// An API that names ws or wss takes connections over these alone; one that names neither takes them where it takes requests.
func TestGraphQLConnectionsAreTakenWhereTheAPISaysSo(t *testing.T) {
	t.Parallel()
	for protocols, want := range map[string][2]bool{ // in the clear, with TLS
		"http https":        {true, true},
		"https":             {false, true},
		"http https wss":    {false, true},
		"http https ws":     {true, false},
		"https ws":          {true, false},
		"http https ws wss": {true, true},
	} {
		s := shop(shopBackend(t), "", "")
		s.Others[0].APIs[0][0].Protocols = strings.Fields(protocols)
		in := serve(t, s, gateway.Limits{})
		for i, base := range []string{in.url, in.tls} {
			here := *in
			here.url = base
			_, res, err := here.talk(t, "graphql-ws", "")
			if (err == nil) != want[i] || err != nil && (res == nil || res.StatusCode != http.StatusNotFound) {
				t.Errorf("%s, %s: %v, want a connection: %v", protocols, base, err, want[i])
			}
		}
	}
}

const guarded = `<policies><inbound><choose><when condition="@(context.Request.OriginalUrl.Query.ContainsKey("trusted"))"/><otherwise>` +
	`<validate-graphql-request max-size="500" max-depth="3"><authorize><rule path="/Subscription/never" action="reject"/><rule path="/Product/secret" action="remove"/><rule path="/Mutation/*" action="reject"/></authorize></validate-graphql-request>` +
	`</otherwise></choose></inbound></policies>`

// What validate-graphql-request would say of the body of a POST it says of every operation of a connection; whether it says something at all is decided
// at the handshake.
func TestValidateGraphQLRequestChecksEveryOperation(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), guarded, ""), gateway.Limits{})
	c, trusted := in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-transport-ws", "?trusted=yes")
	for document, want := range map[string]string{
		`subscription { never { id } }`:       `{"id":"1","type":"error","payload":[{"message":"Access to the field 'Subscription/never' is denied.","locations":[{"line":1,"column":16}]}]}`,
		`subscription { renamed { secret } }`: `"type":"error","payload":[{"message":"Access to the field 'Product/secret' is denied; it was removed from the request."`,
		rename:                                `Access to the field 'Mutation/rename' is denied.`,
		`{ product(id: 1) { id } } #` + strings.Repeat("a", 500): `bytes; 500 are allowed`,
		`{ product(id: 1) { reviews { stars } } nothing }`:       `Cannot query field`,
	} {
		c.asks("1", document)
		c.hearsSome(want)
	}
	c.asks("2", `subscription { renamed { id secret } }`)
	trusted.asks("2", `subscription { renamed { id secret } }`)
	c.settled()
	trusted.settled()
	trusted.asks("m", rename)
	for _, want := range []string{`"payload":{"data":{"renamed":{"id":"1"}},"errors":[{"message":"Access to the field 'Product/secret' is denied; it was removed from the request."`} {
		c.hearsSome(want)
	}
	heard := ""
	for range 3 {
		_, got, err := trusted.c.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		heard += string(got)
	}
	if !strings.Contains(heard, `{"data":{"renamed":{"id":"1","secret":"s"}}}`) || !strings.Contains(heard, `"complete"`) {
		t.Errorf("who is trusted heard %s", heard)
	}
}

// passThrough is a GraphQL API that has a server and no resolvers.
func passThrough(backend, policy string) *snapshot.Snapshot {
	s := shop("", policy, "")
	a := s.Others[0].APIs[0][0]
	a.Resolvers, a.ServiceURL = nil, backend+"/graphql"
	return s
}

// A GraphQL API that is passed on to a server passes its connections on as well, to the address of the server.
func TestConnectionsOfAGraphQLAPIPassToItsServer(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- r.RequestURI
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			return
		}
		defer c.CloseNow() //nolint:errcheck // it is over
		echo(r.Context(), c)
	})
	s := passThrough(backend, "")
	in := serve(t, s, gateway.Limits{})
	c, _, err := in.talk(t, "graphql-transport-ws", "?a=b")
	if err != nil || c.c.Subprotocol() != "graphql-transport-ws" {
		t.Fatal(err)
	}
	if at := <-asked; at != "/graphql?a=b" {
		t.Errorf("the backend was asked for %s", at)
	}
	c.say(`what ever`)
	c.hears(`what ever`)
	next, shard := *s, *s.Others[0]
	next.Version, next.Others, shard.APIs = 2, []*snapshot.Shard{&shard}, nil
	in.gateway.Apply(&next)
	c.endsWith(websocket.StatusGoingAway)
}

// Where requests are checked, those of a connection that goes on to a server are checked as well: what goes on is what was checked, and what was taken out
// is told with the answer.
func TestConnectionsToAServerAreChecked(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"graphql-transport-ws", "graphql-ws"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			start, next := map[string]string{"graphql-ws": "start"}[protocol], map[string]string{"graphql-ws": "data"}[protocol]
			if start == "" {
				start, next = "subscribe", "next"
			}
			got := make(chan string, 10)
			seen := make(chan http.Header, 1)
			backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
				seen <- r.Header.Clone()
				c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocol}, CompressionMode: websocket.CompressionContextTakeover})
				if err != nil {
					return
				}
				defer c.CloseNow() //nolint:errcheck // it is over
				for {
					_, data, err := c.Read(r.Context())
					if err != nil {
						return
					}
					got <- string(data)
					answer := `{"type":"connection_ack"}`
					switch text := string(data); {
					case strings.Contains(text, "leave"):
						_ = c.Close(4499, "enough of it")
						return
					case strings.Contains(text, `"query"`):
						answer = `{"id":"1","type":"` + next + `","payload":{"data":{"renamed":{"id":"1"}}}}`
					}
					_ = c.Write(r.Context(), websocket.MessageText, []byte(answer))
				}
			})
			in := serve(t, passThrough(backend, guarded), gateway.Limits{})
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			conn, _, err := websocket.Dial(ctx, in.url+"/api", &websocket.DialOptions{Subprotocols: []string{"other", protocol}, CompressionMode: websocket.CompressionContextTakeover})
			if err != nil || conn.Subprotocol() != protocol {
				t.Fatal(err)
			}
			defer conn.CloseNow() //nolint:errcheck // it is over
			c := &talker{t, conn}
			if h := <-seen; h.Get("Sec-Websocket-Protocol") != protocol || h.Get("Sec-Websocket-Extensions") != "" {
				t.Errorf("the server was asked for %v", h)
			}
			c.say(`{"payload":{"token":"x"},"type":"connection_init","more":1}`)
			c.hears(`{"type":"connection_ack"}`)
			if on := <-got; on != `{"type":"connection_init","payload":{"token":"x"}}` {
				t.Errorf("the server got %s", on)
			}
			c.asks("1", `subscription { never { id } }`)
			c.hearsSome(`Access to the field 'Subscription/never' is denied.`)
			c.say(`{"type":"` + start + `","id":"1","payload":{"query":"{ __typename }","Query":"{ never }"}}`)
			c.hearsSome(`"type":"error"`)
			c.asks("1", `subscription { renamed { id secret } }`)
			c.hearsSome(`"payload":{"data":{"renamed":{"id":"1"}},"errors":[{"message":"Access to the field 'Product/secret' is denied; it was removed from the request."`)
			if on := <-got; strings.Contains(on, "secret") || !strings.HasPrefix(on, `{"id":"1","type":"`+start+`","payload":{"query":`) {
				t.Errorf("the server got %s", on)
			}
			c.asks("leave", `{ product(id: 1) { id } }`)
			c.endsWith(4499)
		})
	}
}

func TestConnectionsToAServerThatCanNotBeCheckedAreRefused(t *testing.T) {
	t.Parallel()
	none := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		if c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"chat"}}); err == nil {
			_ = c.CloseNow()
		}
	})
	for protocol, want := range map[string]int{"": http.StatusBadRequest, "chat": http.StatusBadRequest, "graphql-ws": http.StatusInternalServerError} {
		in := serve(t, passThrough(none, guarded), gateway.Limits{Tunnels: 1})
		for range 2 { // and no place is lost by it
			if _, res, err := in.talk(t, protocol, ""); err == nil || res.StatusCode != want {
				t.Errorf("%q: %v, %v; want %d", protocol, res, err, want)
			}
		}
	}
}

// A connection to a server that is looked into ends with what let it in, with its server, and with its gateway.
func TestACheckedConnectionEnds(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	backend := backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-ws"}})
		if err != nil {
			return
		}
		_, _, err = c.Read(r.Context())
		ended <- err
	})
	s := passThrough(backend, guarded)
	in := serve(t, s, gateway.Limits{Tunnels: 1})
	c, _, err := in.talk(t, "graphql-ws", "")
	if err != nil {
		t.Fatal(err)
	}
	next, shard := *s, *s.Others[0]
	next.Version, next.Others, shard.APIs = 2, []*snapshot.Shard{&shard}, nil
	in.gateway.Apply(&next)
	c.endsWith(websocket.StatusGoingAway)
	if err := <-ended; websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("the server was told %v", err)
	}
	in.awaitLog(t, `"errorReason":"AccessRevoked"`)
}
