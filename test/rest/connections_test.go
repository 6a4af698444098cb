package rest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
)

// connections is a story of the credential manager: a service with an identity, a provider of tokens, and a backend that notes what it is sent.
type connections struct {
	*run
	provider *credentialtest.Server
	backend  *httptest.Server
	identity string // principal of the service

	mu   sync.Mutex
	sent []string // Authorization headers at the backend
}

const filesPolicy = `<policies><inbound><base /><get-authorization-context provider-id="files" authorization-id="main" context-variable-name="auth"%s />` +
	`<set-header name="Authorization" exists-action="override"><value>@("Bearer " + ((Authorization)context.Variables["auth"]).AccessToken)</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`

func newConnections(t *testing.T, in *installation, name string, life time.Duration) *connections {
	t.Helper()
	c := &connections{run: newRun(t, in, name, &txtar.Archive{}), provider: credentialtest.New(t, credentialtest.Rules{Life: life})}
	c.backend = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sent = append(c.sent, r.Header.Get("Authorization"))
	}))
	t.Cleanup(c.backend.Close)
	c.put("$svc", `{"location":"local","sku":{"name":"Premium","capacity":1},"identity":{"type":"SystemAssigned"},"properties":{"publisherName":"P","publisherEmail":"p@example.org"}}`)
	c.identify()
	settings := c.provider.Settings()
	settings["clientSecret"] = credentialtest.ClientSecret
	b, err := json.Marshal(map[string]any{"properties": map[string]any{
		"displayName": "Files", "identityProvider": "oauth2pkce", "oauth2": map[string]any{"grantTypes": map[string]any{"authorizationCode": settings, "clientCredentials": settings}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	c.put("$svc/authorizationProviders/files", string(b))
	c.put("$svc/apis/files", `{"properties":{"displayName":"Files","path":"files","protocols":["http"],"subscriptionRequired":false,"serviceUrl":"`+c.backend.URL+`"}}`)
	c.put("$svc/apis/files/operations/get", `{"properties":{"displayName":"Get","method":"GET","urlTemplate":"/*"}}`)
	c.policy("")
	return c
}

// identify reads the service's principal from the answer to a write of it.
func (c *connections) identify() {
	c.t.Helper()
	var made struct{ Identity struct{ PrincipalID string } }
	if err := json.Unmarshal([]byte(c.body), &made); err != nil || made.Identity.PrincipalID == "" {
		c.t.Fatalf("the service has no identity: %s", c.body)
	}
	c.identity = made.Identity.PrincipalID
}

// put writes a resource that must be taken.
func (c *connections) put(path, body string) {
	c.t.Helper()
	if err := c.send(http.MethodPut, c.replace(path), body, nil); err != nil || c.status >= 300 {
		c.t.Fatalf("PUT %s: %d %s %v", path, c.status, c.body, err)
	}
}

func (c *connections) policy(more string) {
	c.t.Helper()
	b, err := json.Marshal(map[string]any{"properties": map[string]string{"format": "rawxml", "value": fmt.Sprintf(filesPolicy, more)}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.put("$svc/apis/files/policies/policy", string(b))
}

// call calls the API and says what the backend was sent, and the status.
func (c *connections) call(headers ...string) (sent string, status int) {
	c.t.Helper()
	c.mu.Lock()
	c.sent = nil
	c.mu.Unlock()
	if err := c.gateway(c.vars["name"]+".localhost", "/files/x", headers); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.sent, ","), c.status
}

// shown is the connection as the management API shows it.
func (c *connections) shown() string {
	c.t.Helper()
	if err := c.send(http.MethodGet, c.replace("$svc/authorizationProviders/files/authorizations/main"), "", nil); err != nil || c.status != http.StatusOK {
		c.t.Fatalf("GET: %d %s %v", c.status, c.body, err)
	}
	return c.body
}

// link gets a login link as whoever acts now.
func (c *connections) link() string {
	c.t.Helper()
	if err := c.send(http.MethodPost, c.replace("$svc/authorizationProviders/files/authorizations/main/getLoginLinks"), `{"postLoginRedirectUrl":"`+c.backend.URL+`/done"}`, nil); err != nil {
		c.t.Fatal(err)
	}
	var link struct{ LoginLink string }
	_ = json.Unmarshal([]byte(c.body), &link)
	return link.LoginLink
}

// TestATokenGoesFromAPersonsConsentToTheBackend is the whole way: a provider, a connection, a login link, a person's browser, and calls through the gateway,
// while the token is renewed, the process ends and comes back, and the provider takes its consent back in the end.
func TestATokenGoesFromAPersonsConsentToTheBackend(t *testing.T) {
	t.Parallel()
	in := start(t)
	c := newConnections(t, in, "credentials", 4*time.Second)
	c.put("$svc/authorizationProviders/files/authorizations/main", `{"properties":{"oauth2grantType":"AuthorizationCode"}}`)
	if sent, status := c.call(); status != http.StatusInternalServerError || sent != "" {
		t.Errorf("before anybody consented: %d, the backend saw %q", status, sent)
	}
	c.consent(c.link())
	if _, status := c.call(); status != http.StatusInternalServerError {
		t.Errorf("without an access policy: %d", status)
	}
	c.put("$svc/authorizationProviders/files/authorizations/main/accessPolicies/service", `{"properties":{"objectId":"`+c.identity+`","tenantId":"`+in.admin.TenantID+`"}}`)
	first, status := c.call()
	if status != http.StatusOK || !strings.HasPrefix(first, "Bearer canary-access-") {
		t.Fatalf("the backend saw %q, %d %s", first, status, c.body)
	}
	if shown := c.shown(); !strings.Contains(shown, `"status":"Connected"`) || strings.Contains(shown, "canary") {
		t.Errorf("the connection is shown as %s", shown)
	}
	c.until("a renewed token", func() bool { sent, _ := c.call(); return sent != "" && sent != first })

	if err := in.stop(syscall.SIGKILL); err == nil {
		t.Error("a process that was killed ended well")
	}
	if err := in.run(); err != nil {
		t.Fatal(err)
	}
	in.programs = map[string]*program{} // the issuer has another address now
	c.until("a token after a restart", func() bool { _, status := c.call(); return status == http.StatusOK })

	c.provider.Set(func(r *credentialtest.Rules) {
		r.Status, r.Error, r.Detail = 400, "invalid_grant", "The person took the consent back"
	})
	c.until("an error", func() bool { return strings.Contains(c.shown(), `"status":"Error"`) })
	if shown := c.shown(); !strings.Contains(shown, `"code":"invalid_grant"`) || !strings.Contains(shown, "took the consent back") {
		t.Errorf("the connection is shown as %s", shown)
	}
	if sent, status := c.call(); status != http.StatusInternalServerError || sent != "" || strings.Contains(c.body, "consent") {
		t.Errorf("after the consent was taken back: %d %s, the backend saw %q", status, c.body, sent)
	}
	c.nothingLeaks()
}

// until waits for something that the process does by itself.
func (c *connections) until(what string, is func() bool) {
	c.t.Helper()
	for began := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			c.t.Fatalf("there was no %s: %d %s; %s", what, c.status, c.body, c.shown())
		}
	}
}

// consent is a person with a browser who follows a link, reads the page, presses the button, and ends up where the link was made for.
func (c *connections) consent(link string) {
	c.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: c.in.client.Transport}
	page, err := browser.Get(link)
	if err != nil || page.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %v %v", link, page, err)
	}
	_ = page.Body.Close()
	u, err := url.Parse(link)
	if err != nil {
		c.t.Fatal(err)
	}
	end, err := browser.PostForm(c.in.endpoints.Management+"/authorizations/login", url.Values{"code": {u.Query().Get("code")}})
	if err != nil {
		c.t.Fatal(err)
	}
	_ = end.Body.Close()
	if got := end.Request.URL.String(); got != c.backend.URL+"/done" {
		c.t.Fatalf("the browser ended up at %s with %s", got, end.Status)
	}
}

// nothingLeaks looks for tokens and secrets in the log and in every file.
func (c *connections) nothingLeaks() {
	c.t.Helper()
	if strings.Contains(c.in.log.String(), "canary") {
		c.t.Error("the log holds a token or secret")
	}
	err := filepath.WalkDir(c.in.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), "canary") {
			c.t.Errorf("%s holds a token or secret", e.Name())
		}
		return err
	})
	if err != nil {
		c.t.Error(err)
	}
}

// TestAProgramUsesAConnectionInItsOwnName: with identity-type jwt, what counts is the program whose token the request brings.
func TestAProgramUsesAConnectionInItsOwnName(t *testing.T) {
	t.Parallel()
	in := start(t)
	c := newConnections(t, in, "delegated", time.Hour)
	c.put("$svc/authorizationProviders/files/authorizations/main", `{"properties":{"oauth2grantType":"ClientCredentials"}}`)
	if !strings.Contains(c.body, `"status":"Connected"`) {
		t.Errorf("a connection that needs nobody is %s", c.body)
	}
	c.policy(` identity-type="jwt" identity="@(context.Request.Headers.GetValueOrDefault("Authorization",""))"`)
	friend, err := in.as("friend")
	if err != nil {
		t.Fatal(err)
	}
	c.put("$svc/authorizationProviders/files/authorizations/main/accessPolicies/friend", `{"properties":{"objectId":"`+friend.ObjectID+`","tenantId":"`+in.admin.TenantID+`"}}`)
	if sent, status := c.call("Authorization: Bearer " + c.tokenOf("friend", "https://azure-api.net/authorization-manager")); status != http.StatusOK || sent != "Bearer canary-access-1" {
		t.Errorf("the friend: %d, the backend saw %q", status, sent)
	}
	for who, token := range map[string]string{
		"another program":                c.tokenOf("other", "https://azure-api.net/authorization-manager"),
		"a token for the management API": c.tokenOf("friend", in.endpoints.Management),
		"a token with another signature": c.tokenOf("friend", "https://azure-api.net/authorization-manager") + "AA",
		"nobody":                         "",
	} {
		if sent, status := c.call("Authorization: Bearer " + token); status != http.StatusInternalServerError || sent != "" {
			t.Errorf("%s: %d, the backend saw %q", who, status, sent)
		}
	}
	req, err := http.NewRequest(http.MethodGet, in.endpoints.Management+c.vars["svc"]+"?api-version=2024-05-01", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.take(in.client, req, []string{"Authorization: Bearer " + c.tokenOf("admin", "https://azure-api.net/authorization-manager")}); err != nil || c.status != http.StatusUnauthorized {
		t.Errorf("a token for connections at the management API: %d %v", c.status, err)
	}
}

// TestAConnectionComesBackWithItsService: what is kept of a connection goes where its service goes.
func TestAConnectionComesBackWithItsService(t *testing.T) {
	t.Parallel()
	in := start(t)
	c := newConnections(t, in, "comeback", time.Hour)
	c.put("$svc/authorizationProviders/files/authorizations/main", `{"properties":{"oauth2grantType":"AuthorizationCode"}}`)
	c.put("$svc/authorizationProviders/files/authorizations/main/accessPolicies/service", `{"properties":{"objectId":"`+c.identity+`"}}`)
	c.consent(c.link())
	if err := c.send(http.MethodDelete, c.vars["svc"], "", nil); err != nil || c.status >= 300 {
		t.Fatalf("DELETE: %d %s %v", c.status, c.body, err)
	}
	c.put("$svc", `{"location":"local","sku":{"name":"Premium","capacity":1},"properties":{"publisherName":"P","publisherEmail":"p@example.org","restore":true}}`)
	if sent, status := c.call(); status != http.StatusInternalServerError || sent != "" {
		t.Errorf("the service has another identity now, and still: %d, the backend saw %q", status, sent)
	}
	c.put("$svc", `{"location":"local","sku":{"name":"Premium","capacity":1},"properties":{"publisherName":"P","publisherEmail":"p@example.org"}}`)
	c.identify()
	c.put("$svc/authorizationProviders/files/authorizations/main/accessPolicies/service", `{"properties":{"objectId":"`+c.identity+`"}}`)
	if sent, status := c.call(); status != http.StatusOK || sent != "Bearer canary-access-2" {
		t.Errorf("%d %s, the backend saw %q", status, c.body, sent)
	}
}

// tokenOf is an access token of a program for a resource.
func (c *connections) tokenOf(name, resource string) string {
	c.t.Helper()
	p, err := c.in.as(name)
	if err != nil {
		c.t.Fatal(err)
	}
	res, err := c.in.client.PostForm(c.in.endpoints.Management+"/"+c.in.admin.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {p.ClientID}, "client_secret": {p.ClientSecret}, "scope": {resource + "/.default"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.AccessToken == "" {
		c.t.Fatalf("no token of %s for %s: %s", name, resource, res.Status)
	}
	return answer.AccessToken
}
