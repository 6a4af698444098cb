package authn_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/seal"
	"github.com/atelier-apim/atelier/internal/store"
	"github.com/atelier-apim/atelier/internal/store/sqlite"
)

const (
	base     = "https://atelier.test:8443"
	tenant   = "11111111-1111-1111-1111-111111111111"
	client   = "22222222-2222-2222-2222-222222222222"
	secret   = "a client secret of some length"
	username = "ada@contoso"
	password = "correct horse battery"
)

// house is an installation's identity, after its first start, with a clock of its own.
type house struct {
	*authn.Service
	t     testing.TB
	store store.Store
	dir   *directory.Directory
	ring  *seal.Ring
	admin directory.Admin

	mu  sync.Mutex
	now time.Time
}

func (h *house) Now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }

func (h *house) advance(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.now = h.now.Add(d) }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "db"), sqlite.Options{})
	h.must(err)
	t.Cleanup(func() { s.Close() })
	h.store = s
	h.ring, err = seal.NewRing(bytes.Repeat([]byte{1}, seal.KeySize))
	h.must(err)
	h.dir, err = directory.New(t.Context(), s, h.ring, directory.Options{Now: h.Now})
	h.must(err)
	h.admin, _, err = h.dir.Bootstrap(t.Context(), directory.Admin{TenantID: tenant, ClientID: client, ClientSecret: secret, Username: username, Password: password})
	h.must(err)
	h.Service = h.start("")
	return h
}

// start is another start on the same store.
func (h *house) start(graphURL string) *authn.Service {
	h.t.Helper()
	s, err := authn.New(h.t.Context(), authn.Config{
		Store: h.store, Directory: h.dir, Secrets: h.ring, ManagementURL: base + "/", GraphURL: graphURL, Now: h.Now,
	})
	h.must(err)
	return s
}

// ask sends a request; body is a form unless it is empty.
func (h *house) ask(method, path, body string, edit ...func(*http.Request)) *httptest.ResponseRecorder {
	h.t.Helper()
	r := httptest.NewRequest(method, base+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, e := range edit {
		e(r)
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return w
}

func decode(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		t.Fatalf("%d %q: %v", w.Code, w.Body, err)
	}
	return m
}

// form encodes pairs of name and value; an empty value leaves the parameter out.
func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v.Encode()
}

const tokenPath = "/" + tenant + "/oauth2/v2.0/token"

// token is an access token of the administrator's program.
func (h *house) token(scope string) string {
	h.t.Helper()
	w := h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", scope))
	token, _ := decode(h.t, w)["access_token"].(string)
	if token == "" {
		h.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return token
}

func claimsOf(t testing.TB, token string) map[string]any {
	t.Helper()
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is not a JWT of three parts", token)
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
