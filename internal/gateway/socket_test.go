package gateway_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/gateway"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

const shopSchema = `
type Query { product(id: ID!): Product slow: Product }
type Mutation { rename(id: ID!, name: String!): Product quiet(id: ID!): Product bad: Product }
type Subscription { renamed: Product renamedToo(of: ID): Product! never: Product }
type Product { id: ID! name: String secret: String reviews: [Review!] }
type Review { stars: Int! }`

// shopBackend is where the data of the shop is.
func shopBackend(t testing.TB) string {
	t.Helper()
	return backendOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch path := r.URL.Path; {
		case path == "/bad":
			w.WriteHeader(http.StatusInternalServerError)
		case path == "/slow":
			<-r.Context().Done()
		case path == "/reviews/slow":
			<-r.Context().Done()
		case path == "/products/big":
			_, _ = fmt.Fprintf(w, `{"id":"big","name":%q}`, noise(1<<20))
		case strings.HasPrefix(path, "/reviews/"):
			_, _ = io.WriteString(w, `[{"stars":5}]`)
		default:
			_, _ = fmt.Fprintf(w, `{"id":%q,"name":%q,"secret":"s"}`, strings.TrimPrefix(path, "/products/"), r.URL.Query().Get("name"))
		}
	})
}

// shop is a snapshot with a synthetic GraphQL API at "api" whose mutation rename publishes to renamed and renamedToo. It is open unless there is a key.
func shop(backend, policy, key string) *snapshot.Snapshot {
	s := oneAPI("", "", policy)
	ws := s.Others[0]
	a := *ws.APIs[0][0]
	a.Type, a.Operations, a.SubscriptionRequired = "graphql", nil, key != ""
	a.Definition = &snapshot.Definition{ContentType: "application/vnd.ms-azure-apim.graphql.schema", Text: shopSchema}
	publishing := `<http-response><publish-event><targets><graphql-subscription id="renamed"/><graphql-subscription id="renamedToo"/></targets></publish-event></http-response>`
	for path, source := range map[string][2]string{
		"Query/product":   {`@("` + backend + `/products/" + context.GraphQL.Arguments["id"])`, ""},
		"Query/slow":      {backend + "/slow", ""},
		"Mutation/rename": {`@("` + backend + `/products/" + context.GraphQL.Arguments["id"] + "?name=" + context.GraphQL.Arguments["name"])`, publishing},
		"Mutation/quiet":  {`@("` + backend + `/products/" + context.GraphQL.Arguments["id"])`, ""},
		"Mutation/bad":    {backend + "/bad", publishing},
		"Product/reviews": {`@("` + backend + `/reviews/" + context.GraphQL.Parent["id"])`, publishing},
	} {
		text := `<http-data-source><http-request><set-method>GET</set-method><set-url>` + source[0] + `</set-url></http-request>` + source[1] + `</http-data-source>`
		a.Resolvers = append(a.Resolvers, &snapshot.Resolver{ID: a.ID + "/resolvers/" + path, Path: path, Policy: &snapshot.Policy{ID: path, Format: "rawxml", Text: text}})
	}
	ws.APIs = snapshot.ListOf(&a)
	if key != "" {
		ws.Subscriptions = snapshot.ListOf(&snapshot.Subscription{ID: ws.ID + "/subscriptions/s", Name: "s", PrimaryKey: key, Scope: snapshot.Scope{All: true}})
	}
	return s
}

// talker is a client that speaks a protocol message by message.
type talker struct {
	t *testing.T
	c *websocket.Conn
}

// trusting trusts everybody, and speaks HTTP/1.1.
var trusting = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // a test

// talk connects with a subprotocol; query is of the address.
func (in *installation) talk(t *testing.T, protocol, query string) (*talker, *http.Response, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var offered []string
	if protocol != "" {
		offered = []string{"other", protocol}
	}
	c, res, err := websocket.Dial(ctx, in.url+"/api"+query, &websocket.DialOptions{Subprotocols: offered, HTTPClient: trusting})
	if err == nil {
		c.SetReadLimit(-1)
		t.Cleanup(func() { _ = c.CloseNow() })
	}
	return &talker{t, c}, res, err
}

// hello connects and begins to speak.
func (in *installation) hello(t *testing.T, protocol, query string) *talker {
	t.Helper()
	c, _, err := in.talk(t, protocol, query)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.c.Subprotocol(); got != protocol {
		t.Fatalf("the subprotocol is %q", got)
	}
	c.say(`{"type":"connection_init","payload":{"authToken":"x"}}`)
	c.hears(`{"type":"connection_ack"}`)
	return c
}

func (c *talker) say(text string) {
	c.t.Helper()
	if err := c.c.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// asks sends a document in the words of the protocol.
func (c *talker) asks(id, document string) {
	c.t.Helper()
	kind := map[string]string{"graphql-transport-ws": "subscribe", "graphql-ws": "start"}[c.c.Subprotocol()]
	payload, _ := json.Marshal(map[string]string{"query": document})
	c.say(`{"id":"` + id + `","type":"` + kind + `","payload":` + string(payload) + `}`)
}

// settled waits until everything before has been dealt with.
func (c *talker) settled() {
	c.t.Helper()
	if c.c.Subprotocol() == "graphql-transport-ws" {
		c.say(`{"type":"ping","payload":{}}`)
		c.hears(`{"type":"pong"}`)
		return
	}
	c.say(`{}`)
	c.hears(`{"type":"connection_error","payload":{"message":"Invalid message."}}`)
}

func (c *talker) hears(want string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	if _, got, err := c.c.Read(ctx); err != nil || string(got) != want {
		c.t.Fatalf("heard %s, %v\n want %s", got, err, want)
	}
}

func (c *talker) hearsSome(want string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	if _, got, err := c.c.Read(ctx); err != nil || !strings.Contains(string(got), want) {
		c.t.Fatalf("heard %s, %v\n want %s in it", got, err, want)
	}
}

func (c *talker) endsWith(want websocket.StatusCode) { c.t.Helper(); endsWith(c.t, c.c, want) }

// query asks with POST, as every client can.
func (in *installation) query(t *testing.T, document string) (int, string) {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": document})
	res, err := in.client.Post(in.url+"/api", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(got)
}

const rename = `mutation { rename(id: 1, name: "Coffee") { id } }`

// What a mutation makes reaches everybody who has subscribed to it, in either protocol, each with what it asked for: resolvers of fields below run, and
// what these would publish is no event.
func TestAnEventReachesItsSubscribers(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	first, second, older, other := in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-ws", ""), in.hello(t, "graphql-transport-ws", "")
	first.asks("1", `subscription { renamed { n: name reviews { stars } } }`)
	first.asks("2", `subscription a { renamedToo(of: 9) { ...f __typename } } fragment f on Product { id }`)
	second.asks("x", `subscription { renamed { id } }`)
	older.asks("1", `subscription { renamed { name } }`)
	other.asks("1", `subscription { never { name } }`)
	for _, c := range []*talker{first, second, older, other} {
		c.settled()
	}
	if status, body := in.query(t, rename); status != 200 || body != `{"data":{"rename":{"id":"1"}}}` {
		t.Fatalf("%d %s", status, body)
	}
	first.hears(`{"id":"1","type":"next","payload":{"data":{"renamed":{"n":"Coffee","reviews":[{"stars":5}]}}}}`)
	first.hears(`{"id":"2","type":"next","payload":{"data":{"renamedToo":{"id":"1","__typename":"Product"}}}}`)
	second.hears(`{"id":"x","type":"next","payload":{"data":{"renamed":{"id":"1"}}}}`)
	older.hears(`{"id":"1","type":"data","payload":{"data":{"renamed":{"name":"Coffee"}}}}`)
	for _, c := range []*talker{first, second, older, other} {
		c.settled() // and nothing more has come
	}
}

// What fails is no event, and a resolver without publish-event tells nobody.
func TestOnlyWhatIsPublishedIsAnEvent(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c := in.hello(t, "graphql-transport-ws", "")
	c.asks("1", `subscription { renamed { id } }`)
	c.settled()
	in.query(t, `mutation { quiet(id: 1) { id } bad { id } }`)
	c.settled()
	in.query(t, rename)
	c.hears(`{"id":"1","type":"next","payload":{"data":{"renamed":{"id":"1"}}}}`)
}

// Who has enough says so, and is told no more; afterwards the name of the operation is free.
func TestASubscriberStops(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c, older := in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-ws", "")
	c.asks("1", `subscription { renamed { id } }`)
	c.say(`{"id":"1","type":"complete"}`)
	older.asks("1", `subscription { renamed { id } }`)
	older.say(`{"id":"1","type":"stop"}`)
	older.hears(`{"id":"1","type":"complete"}`)
	c.settled()
	in.query(t, rename)
	c.settled()
	older.settled()
	c.asks("1", `subscription { renamed { name } }`)
	c.settled()
	in.query(t, rename)
	c.hears(`{"id":"1","type":"next","payload":{"data":{"renamed":{"name":"Coffee"}}}}`)
}

// Queries and mutations are answered over a connection, too; and a mutation tells subscribers of the same connection.
func TestQueriesAndMutationsPassAConnection(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c, older := in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-ws", "")
	c.say(`{"id":"q","type":"subscribe","payload":{"query":"query q($id: ID!) { product(id: $id) { id } } query r { slow { id } }","operationName":"q","variables":{"id":"7"},"extensions":{}}}`)
	c.hears(`{"id":"q","type":"next","payload":{"data":{"product":{"id":"7"}}}}`)
	c.hears(`{"id":"q","type":"complete"}`)
	older.asks("1", `{ product(id: 7) { id } }`)
	older.hears(`{"id":"1","type":"data","payload":{"data":{"product":{"id":"7"}}}}`)
	older.hears(`{"id":"1","type":"complete"}`)
	c.asks("s", `subscription { renamed { id } }`)
	c.asks("m", rename)
	heard := map[string]bool{}
	for range 3 {
		_, got, err := c.c.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		heard[string(got)] = true
	}
	for _, want := range []string{`{"id":"s","type":"next","payload":{"data":{"renamed":{"id":"1"}}}}`, `{"id":"m","type":"next","payload":{"data":{"rename":{"id":"1"}}}}`, `{"id":"m","type":"complete"}`} {
		if !heard[want] {
			t.Errorf("heard %v, want %s", heard, want)
		}
	}
	c.asks("w", `{ slow { id } }`) // broken off by its caller
	c.say(`{"id":"w","type":"complete"}`)
	c.asks("w", `{ product(id: 7) { id } }`)
	c.hears(`{"id":"w","type":"next","payload":{"data":{"product":{"id":"7"}}}}`)
}

// What can't be executed is refused with an error of its own, and the connection goes on.
func TestOperationsThatAreRefused(t *testing.T) {
	t.Parallel()
	in := serve(t, shop(shopBackend(t), "", ""), gateway.Limits{})
	c, older := in.hello(t, "graphql-transport-ws", ""), in.hello(t, "graphql-ws", "")
	for document, want := range map[string]string{
		`subscription { nothing }`:                        `{"id":"1","type":"error","payload":[{"message":"Cannot query field \"nothing\" on type \"Subscription\".","locations":[{"line":1,"column":16}]}]}`,
		`subscription { renamed { id } never { id } }`:    `only one`,
		`subscription { __typename }`:                     `introspection`,
		`subscription { renamed @skip(if: true) { id } }`: `A subscription asks for exactly one field`,
		`subscription`: `"type":"error"`,
		``:             `Query is missing`,
		`query { product(id: 1) { id } } query b { __typename }`:    `"type":"error"`,
		`{ a` + strings.Repeat(`{ a`, 40) + strings.Repeat(`}`, 41): `fields deep`,
	} {
		c.asks("1", document)
		c.hearsSome(want)
	}
	older.asks("1", `subscription { nothing }`)
	older.hears(`{"id":"1","type":"error","payload":{"message":"Cannot query field \"nothing\" on type \"Subscription\".","locations":[{"line":1,"column":16}]}}`)
	for _, one := range []*talker{c, older} {
		one.settled()
	}
	if status, body := in.query(t, `subscription { renamed { id } }`); status != 400 || !strings.Contains(body, "Subscriptions need a WebSocket connection") {
		t.Errorf("POST of a subscription: %d %s", status, body)
	}
}

// An event that is not what the field promises is an error of that event, and not the end.
func TestAnEventThatDoesNotFit(t *testing.T) {
	t.Parallel()
	s := shop(shopBackend(t), "", "")
	in := serve(t, s, gateway.Limits{})
	c := in.hello(t, "graphql-transport-ws", "")
	c.asks("1", `subscription { renamed { reviews { stars } id } }`)
	c.settled()
	in.query(t, `{ product(id: 1) { reviews { stars } } }`) // publishes a list, which is no product
	c.hearsSome(`"type":"next","payload":{"data":{"renamed":null},"errors":[{"message":"Field Subscription.renamed: an object of type Product is expected."`)
	c.settled()
}
