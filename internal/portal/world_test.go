package portal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/control"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/portal"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

const (
	group   = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
	service = group + "/providers/Microsoft.ApiManagement/service/contoso"
	// The workspace's name and title stand nowhere else, so that an answer which tells of it shows.
	hidden = service + "/workspaces/zebra-unit"
	domain = "gateways.example"
)

// world is an installation with its portal, on a clock of its own.
type world struct {
	t       *testing.T
	control *control.Control
	options portal.Options
	handler http.Handler

	mu      sync.Mutex
	now     time.Time
	checked []string                                              // stored forms that passwords were compared with
	serve   func(w http.ResponseWriter, r *http.Request)          // the gateways
	answers []string                                              // everything the portal ever answered: head and body
	fail    func(stored, password string) (right bool, err error) // instead of comparing
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	w.serve = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "served") }
	w.control = newControl(t)
	w.options = portal.Options{
		Control: w.control, Registry: w.control.Registry, Gateway: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.serve(rw, r) }),
		GatewayDomain: domain, GatewayURL: func(scheme, host string) string {
			return scheme + "://" + host + map[string]string{"http": ":8080", "https": ":8444"}[scheme]
		},
		CheckPassword: w.check, Key: bytes.Repeat([]byte{7}, 32), Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
	}
	w.restart()
	return w
}

// newControl is a control plane over an empty store, wired as the product wires it, without a directory.
func newControl(t *testing.T) *control.Control {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "atelier.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ring, err := seal.NewRing(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policy.NewEngine(policies.Table(policies.Env{}))
	if err != nil {
		t.Fatal(err)
	}
	catalogue := &apim.Catalogue{
		Policies: engine, GatewayDomain: domain, GatewayURL: func(host string) string { return "https://" + host },
		HashPassword: func(_ context.Context, password string) (string, error) { return "$argon2-test$" + password, nil },
	}
	registry, err := kind.NewRegistry(catalogue.Kinds()...)
	if err != nil {
		t.Fatal(err)
	}
	index, err := authz.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := control.New(control.Options{
		Registry: registry, Store: db, Access: authz.NewLive(index), Directory: nobody{}, Sealer: sealer{ring}, Resolve: apim.ResolveRevision,
	})
	if c.Feed, err = control.NewFeed(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return c
}

// nobody is a directory without principals.
type nobody struct{}

func (nobody) Groups(string) []string          { return nil }
func (nobody) Principal(string) (string, bool) { return "", false }

type sealer struct{ ring *seal.Ring }

func (s sealer) Seal(plain, about string) (string, error) {
	if plain == "" {
		return "", nil
	}
	return s.ring.Seal(plain, seal.AAD(about, "")), nil
}

func (s sealer) Open(sealed, about string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	return s.ring.Open(sealed, seal.AAD(about, ""))
}

// check compares passwords as the directory does, without its cost.
func (w *world) check(_ context.Context, stored, password string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.checked = append(w.checked, stored)
	if w.fail != nil {
		return w.fail(stored, password)
	}
	return stored != "" && stored == "$argon2-test$"+password, nil
}

// restart makes the portal anew from its options.
func (w *world) restart() {
	w.t.Helper()
	h, err := portal.New(w.options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.handler = h
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// put writes a resource as an administrator; body is its properties, or a whole document when it has a member of that name.
func (w *world) put(id string, properties map[string]any) {
	w.t.Helper()
	doc := map[string]any{"properties": properties}
	if strings.HasSuffix(id, "/contoso") || strings.HasSuffix(id, "/service/zulu") || strings.HasSuffix(id, "/rg") || strings.Contains(id, "/gateways/") && !strings.Contains(id, "/configConnections/") {
		doc["location"], doc["sku"] = "local", map[string]any{"name": "Premium", "capacity": 1}
	}
	if strings.Contains(id, "/gateways/") && !strings.Contains(id, "/configConnections/") {
		doc["sku"] = map[string]any{"name": "WorkspaceGatewayPremium", "capacity": 1}
	}
	body, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.control.Put(w.t.Context(), control.System("test"), arm.MustID(id), body); err != nil {
		w.t.Fatalf("PUT %s: %v", id, err)
	}
}

func (w *world) patch(id string, properties map[string]any) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"properties": properties})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.control.Patch(w.t.Context(), control.System("test"), arm.MustID(id), body); err != nil {
		w.t.Fatalf("PATCH %s: %v", id, err)
	}
}

func (w *world) remove(id string) {
	w.t.Helper()
	call := control.System("test")
	call.Query = url.Values{"deleteSubscriptions": {"true"}}
	if _, err := w.control.Delete(w.t.Context(), call, arm.MustID(id)); err != nil {
		w.t.Fatalf("DELETE %s: %v", id, err)
	}
}

// properties are those of a resource as the management API shows them.
func (w *world) properties(id string) map[string]any {
	w.t.Helper()
	a, err := w.control.Get(w.t.Context(), control.System("test"), arm.MustID(id))
	if err != nil {
		w.t.Fatalf("GET %s: %v", id, err)
	}
	var doc struct{ Properties map[string]any }
	if err := json.Unmarshal(a.Body, &doc); err != nil {
		w.t.Fatal(err)
	}
	return doc.Properties
}

// names are the last segments of a collection's ids.
func (w *world) names(parent, typ string) []string {
	w.t.Helper()
	var out []string
	err := w.control.View(w.t.Context(), func(l kind.Lookup) error {
		for _, res := range l.Children(arm.MustID(parent), typ) {
			out = append(out, res.ID.Name())
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// browser is one person's browser on the portal's pages.
type browser struct {
	w      *world
	cookie *http.Cookie
}

func (w *world) guest() *browser { return &browser{w: w} }

// person is a browser in which somebody has signed in.
func (w *world) person(email string) *browser {
	w.t.Helper()
	b := w.guest()
	b.want("POST", "/api/session", map[string]string{"email": email, "password": "correct horse"}, 200)
	return b
}

// answer is what the portal said.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) decode(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
}

// fault is the error of an answer.
func (a answer) fault(t *testing.T) (code, message, field string) {
	t.Helper()
	var doc struct {
		Error struct{ Code, Message, Field string }
	}
	a.decode(t, &doc)
	if doc.Error.Code == "" || doc.Error.Message == "" {
		t.Errorf("an error without code or message: %s", a.body)
	}
	return doc.Error.Code, doc.Error.Message, doc.Error.Field
}

// send sends what a page of the portal sends; edit may change it.
func (b *browser) send(method, path string, body any, edit ...func(*http.Request)) answer {
	b.w.t.Helper()
	var reader io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(v)
	default:
		text, err := json.Marshal(v)
		if err != nil {
			b.w.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	r := httptest.NewRequestWithContext(b.w.t.Context(), method, "https://portal.example"+path, reader)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if reader != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	for _, f := range edit {
		f(r)
	}
	rec := httptest.NewRecorder()
	b.w.handler.ServeHTTP(rec, r)
	res := rec.Result()
	for _, c := range res.Cookies() {
		if b.cookie = c; c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	a := answer{res.StatusCode, res.Header, rec.Body.String()}
	var head strings.Builder
	_ = res.Header.Write(&head)
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.w.answers = append(b.w.answers, method+" "+path+"\n"+head.String()+a.body)
	return a
}

// want sends and insists on a status.
func (b *browser) want(method, path string, body any, status int) answer {
	b.w.t.Helper()
	a := b.send(method, path, body)
	if a.status != status {
		b.w.t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.status, status, a.body)
	}
	return a
}

// item is what lists show, of whatever kind.
type item struct {
	ID, Title, Name, State, Method, Path string
	Product                              *item
	APIs                                 []string
}

// list reads one of the lists: apis, products, subscriptions.
func (b *browser) list(what string) []item {
	b.w.t.Helper()
	var doc map[string][]item
	b.want("GET", "/api/"+what, nil, 200).decode(b.w.t, &doc)
	if doc[what] == nil {
		b.w.t.Errorf("GET /api/%s has no list", what)
	}
	return doc[what]
}

func (b *browser) titles(what string) string {
	b.w.t.Helper()
	var out []string
	for _, i := range b.list(what) {
		out = append(out, either(i.Title, i.Name))
	}
	return strings.Join(out, ", ")
}

// id finds something by its title.
func (b *browser) id(what, title string) string {
	b.w.t.Helper()
	for _, i := range b.list(what) {
		if either(i.Title, i.Name) == title {
			return i.ID
		}
	}
	b.w.t.Fatalf("there is no %q among the %s", title, what)
	return ""
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var errBusy = errors.New("busy")
