package keeper_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
	"github.com/atelier-apim/atelier/internal/egress"
	"github.com/atelier-apim/atelier/internal/keeper"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

const (
	group    = "/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg"
	service  = group + "/providers/Microsoft.ApiManagement/service/contoso"
	provider = service + "/authorizationProviders/files"
	main     = provider + "/authorizations/main"
	address  = "https://manage.example"
)

// world is a control plane with a keeper, whose clock a test moves.
type world struct {
	*control.Control
	t      *testing.T
	keeper *keeper.Keeper
	clock  *clock
	path   string // of the database
	store  store.Store
	stop   func()
}

// clock stands still until it is moved.
type clock struct {
	mu      sync.Mutex
	now     time.Time
	waiting []alarm
	changed chan struct{} // closed when somebody begins to wait
}

type alarm struct {
	at   time.Time
	ring chan time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Until(t time.Time) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := alarm{t, make(chan time.Time, 1)}
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	if !t.After(c.now) {
		a.ring <- c.now
		return a.ring
	}
	c.waiting = append(c.waiting, a)
	return a.ring
}

// waited returns when somebody waits for the moment that is d away.
func (c *clock) waited(t *testing.T, d time.Duration) {
	t.Helper()
	for {
		c.mu.Lock()
		for _, a := range c.waiting {
			if a.at.Equal(c.now.Add(d)) {
				c.mu.Unlock()
				return
			}
		}
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			t.Fatalf("nobody waits for %s", d)
		}
	}
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	rest := c.waiting[:0]
	for _, a := range c.waiting {
		if a.at.After(c.now) {
			rest = append(rest, a)
			continue
		}
		a.ring <- c.now
	}
	c.waiting = rest
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)}, path: filepath.Join(t.TempDir(), "test.db")}
	w.open()
	t.Cleanup(func() { w.close() })
	w.put("/subscriptions/00000000-0000-4000-8000-000000000001", `{"properties":{"subscriptionId":"00000000-0000-4000-8000-000000000001","tenantId":"t","displayName":"S","state":"Enabled"}}`)
	w.put(group, `{"location":"local"}`)
	w.put(service, `{"location":"local","sku":{"name":"Premium","capacity":1},"properties":{"publisherName":"P","publisherEmail":"p@example.org"}}`)
	return w
}

// open starts everything on the database, as a process does.
func (w *world) open() {
	w.t.Helper()
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	st, err := sqlite.Open(w.t.Context(), w.path, sqlite.Options{})
	must(err)
	w.store = st
	post := credential.Post(egress.NewPostHere([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}))
	w.keeper = keeper.New(keeper.Options{Address: address, Post: post, Now: w.clock.Now, Until: w.clock.Until})
	engine, err := policy.NewEngine(nil)
	must(err)
	reg, err := kind.NewRegistry((&apim.Catalogue{Policies: engine, GatewayURL: func(host string) string { return "https://" + host }, ManagementURL: address, Connections: w.keeper, Now: w.clock.Now}).Kinds()...)
	must(err)
	x, err := authz.New(nil, nil)
	must(err)
	w.Control = control.New(control.Options{Registry: reg, Store: st, Access: authz.NewLive(x), Directory: nobody{}, Sealer: reverse{}})
	w.keeper.Control = w.Control
	w.Feed, err = control.NewFeed(w.t.Context(), st, w.keeper)
	must(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); w.keeper.Run(ctx) }()
	w.stop = func() { cancel(); <-ended }
}

func (w *world) close() {
	w.stop()
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
}

// nobody is an empty directory.
type nobody struct{}

func (nobody) Groups(string) []string          { return nil }
func (nobody) Principal(string) (string, bool) { return "", false }

// reverse is a sealer whose texts can be told from plain ones.
type reverse struct{}

func (reverse) Seal(plain, _ string) (string, error) { return "sealed:" + turn(plain), nil }
func (reverse) Open(sealed, _ string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	return turn(sealed[len("sealed:"):]), nil
}

func turn(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}

func system() *control.Call { return &control.Call{System: true, Query: url.Values{}} }

// put writes a resource and returns what is shown of it.
func (w *world) put(id, body string) string {
	w.t.Helper()
	a, err := w.Put(w.t.Context(), system(), arm.MustID(id), []byte(body))
	if err != nil {
		w.t.Fatalf("PUT %s: %v", id, err)
	}
	return string(a.Body)
}

// refused writes a resource that is not to be taken.
func (w *world) refused(id, body string) error {
	w.t.Helper()
	_, err := w.Put(w.t.Context(), system(), arm.MustID(id), []byte(body))
	if err == nil {
		w.t.Fatalf("PUT %s %s was taken", id, body)
	}
	return err
}

// act performs an action and returns its answer.
func (w *world) act(id, word, body string) (map[string]string, error) {
	a, err := w.Act(w.t.Context(), system(), arm.MustID(id), word, []byte(body))
	if err != nil || len(a.Body) == 0 {
		return nil, err
	}
	var out map[string]string
	return out, json.Unmarshal(a.Body, &out)
}

// with makes the provider and a connection of the grant at a server of tokens.
func (w *world) with(s *credentialtest.Server, grant string) string {
	w.t.Helper()
	w.put(provider, providerBody(s, credentialtest.ClientSecret))
	return w.put(main, fmt.Sprintf(`{"properties":{"oauth2grantType":%q}}`, grant))
}

func providerBody(s *credentialtest.Server, secret string) string {
	settings := s.Settings()
	if secret != "" {
		settings["clientSecret"] = secret
	}
	b, _ := json.Marshal(map[string]any{"properties": map[string]any{
		"displayName": "Files", "identityProvider": "oauth2pkce",
		"oauth2": map[string]any{"grantTypes": map[string]any{"authorizationCode": settings, "clientCredentials": settings}},
	}})
	return string(b)
}

// connection is the connection with its secrets.
func (w *world) connection() *apim.Authorization {
	w.t.Helper()
	var out *apim.Authorization
	err := w.Look(w.t.Context(), func(l kind.Lookup) error {
		out, _ = kind.Of[apim.Authorization](l, arm.MustID(main))
		return nil
	})
	if err != nil || out == nil {
		w.t.Fatalf("the connection can't be read: %v", err)
	}
	return out
}

// until waits for the connection to become as a test wants it.
func (w *world) until(what string, is func(*apim.Authorization) bool) *apim.Authorization {
	w.t.Helper()
	for {
		changed := w.store.Changed()
		if a := w.connection(); is(a) {
			return a
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			w.t.Fatalf("the connection did not become %s: %+v", what, w.connection())
		}
	}
}

// beside makes a connection at a server of its own, whose token lives for an hour: when it was asked for again, the keeper has looked at what is due.
func (w *world) beside() *credentialtest.Server {
	w.t.Helper()
	s := credentialtest.New(w.t, credentialtest.Rules{Life: time.Hour})
	w.put(service+"/authorizationProviders/beside", providerBody(s, credentialtest.ClientSecret))
	w.put(service+"/authorizationProviders/beside/authorizations/main", `{"properties":{"oauth2grantType":"ClientCredentials"}}`)
	return s
}
