package authn_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProgramsGetTokensByTheirSecret(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", base+"/.default"))
	got := decode(t, w)
	if w.Code != 200 || got["token_type"] != "Bearer" || got["expires_in"] != 3600.0 || got["ext_expires_in"] != 3600.0 || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, got)
	}
	c := claimsOf(t, got["access_token"].(string))
	if c["uti"] == "" {
		t.Error("no token id")
	}
	delete(c, "uti")
	at := float64(h.Now().Unix())
	want := map[string]any{
		"iss": base + "/" + tenant + "/v2.0", "aud": base, "sub": h.admin.ServicePrincipal, "oid": h.admin.ServicePrincipal, "tid": tenant,
		"appid": client, "azp": client, "idtyp": "app", "ver": "2.0", "iat": at, "nbf": at, "exp": at + 3600,
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	basic := h.ask("POST", "/common/oauth2/v2.0/token", form("grant_type", "client_credentials", "scope", base+"/.default"), func(r *http.Request) {
		r.SetBasicAuth(client, strings.ReplaceAll(secret, " ", "+"))
	})
	if basic.Code != 200 {
		t.Errorf("Basic: %d %s", basic.Code, basic.Body)
	}
}

func TestAudienceIsTheResourceAskedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for scope, aud := range map[string]string{
		base + "/.default":                              base,
		base + "//.default":                             base + "/",
		"https://management.azure.com/.default":         "https://management.azure.com",
		"https://management.core.windows.net//.default": "https://management.core.windows.net/",
		"https://management.azure.com/.default openid":  "https://management.azure.com",
	} {
		token := h.token(scope)
		if got := claimsOf(t, token)["aud"]; got != aud {
			t.Errorf("%s: aud %v, want %s", scope, got, aud)
		}
		if _, err := h.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: %v", scope, err)
		}
	}
}

func TestATokenForConnectionsOpensNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.token("https://azure-api.net/authorization-manager/.default")
	if got := claimsOf(t, token); got["aud"] != "https://azure-api.net/authorization-manager" || got["oid"] == "" || got["tid"] != tenant {
		t.Errorf("claims %v", got)
	}
	if _, err := h.Verify(t.Context(), token); err == nil {
		t.Error("the management API takes it")
	}
	if _, err := h.VerifyGraph(t.Context(), token); err == nil {
		t.Error("the directory takes it")
	}
}

func TestTokenRequestsAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	scope := base + "/.default"
	for _, c := range []struct {
		name   string
		body   string
		status int
		code   string
		number float64
	}{
		{"no grant type", form("client_id", client), 400, "invalid_request", 900144},
		{"password grant", form("grant_type", "password", "username", username, "password", password), 400, "unsupported_grant_type", 70003},
		{"no client", form("grant_type", "client_credentials", "scope", scope), 400, "invalid_request", 900144},
		{"no secret", form("grant_type", "client_credentials", "client_id", client, "scope", scope), 401, "invalid_client", 7000218},
		{"unknown client", form("grant_type", "client_credentials", "client_id", "x", "client_secret", "x", "scope", scope), 400, "unauthorized_client", 700016},
		{"wrong secret", form("grant_type", "client_credentials", "client_id", client, "client_secret", "x", "scope", scope), 401, "invalid_client", 7000215},
		{"assertion without its type", form("grant_type", "client_credentials", "client_id", client, "client_assertion", "x", "scope", scope), 400, "invalid_request", 900144},
		{"no scope", form("grant_type", "client_credentials", "client_id", client, "client_secret", secret), 400, "invalid_request", 900144},
		{"foreign resource", form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", "https://vault.azure.net/.default"), 400, "invalid_scope", 500011},
		{"openid alone", form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", "openid"), 400, "invalid_scope", 500011},
		{"a permission", form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", base+"/user_impersonation"), 400, "invalid_scope", 1002012},
		{"two resources", form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", scope+" https://management.azure.com/.default"), 400, "invalid_scope", 28000},
		{"a parameter twice", form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", scope) + "&scope=x", 400, "invalid_request", 900144},
		{"too large", form("grant_type", strings.Repeat("x", 40_000)), 400, "invalid_request", 900144},
		{"refresh token in the body", form("grant_type", "refresh_token", "client_id", "atelier-console", "refresh_token", "x"), 400, "invalid_grant", 50058},
		{"refresh for a program", form("grant_type", "refresh_token", "client_id", client), 400, "unauthorized_client", 700016},
		{"code that is none", form("grant_type", "authorization_code", "client_id", "atelier-console", "code", "x"), 400, "invalid_grant", 9002313},
	} {
		w := h.ask("POST", tokenPath, c.body)
		got := decode(t, w)
		numbers, _ := got["error_codes"].([]any)
		if w.Code != c.status || got["error"] != c.code || len(numbers) != 1 || numbers[0] != c.number || !strings.HasPrefix(got["error_description"].(string), "AADSTS") {
			t.Errorf("%s: %d %v, want %d %s %v", c.name, w.Code, got, c.status, c.code, c.number)
		}
		if strings.Contains(w.Body.String(), secret) || strings.Contains(w.Body.String(), password) {
			t.Errorf("%s: the answer tells a secret", c.name)
		}
	}
	asJSON := h.ask("POST", tokenPath, `{"grant_type":"client_credentials"}`, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
	twice := h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", scope), func(r *http.Request) { r.SetBasicAuth(client, secret) })
	if asJSON.Code != 400 || twice.Code != 400 {
		t.Errorf("JSON: %d, two ways at once: %d", asJSON.Code, twice.Code)
	}
	if w := h.ask("POST", "/fabrikam/oauth2/v2.0/token", form("grant_type", "client_credentials")); w.Code != 400 || decode(t, w)["error"] != "invalid_tenant" {
		t.Errorf("another tenant: %d %s", w.Code, w.Body)
	}
}

func TestDisabledProgramsGetNoTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	no := false
	h.must(h.dir.Patch(t.Context(), by, h.admin.ServicePrincipal, patch{AccountEnabled: &no}))
	w := h.ask("POST", tokenPath, form("grant_type", "client_credentials", "client_id", client, "client_secret", secret, "scope", base+"/.default"))
	if got := decode(t, w); got["error"] != "unauthorized_client" || got["error_codes"].([]any)[0] != 7000112.0 {
		t.Errorf("%d %v", w.Code, got)
	}
}

func TestKeysOutliveARestartAndAreShared(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.token(base + "/.default")
	other := h.start("")
	if c, err := other.Verify(t.Context(), token); err != nil || c.ObjectID != h.admin.ServicePrincipal {
		t.Errorf("after a restart: %+v, %v", c, err)
	}
	list, err := h.store.Changes(t.Context(), 0, 0)
	h.must(err)
	made := 0
	for _, c := range list {
		if strings.Contains(c.ID, "signingKeys") {
			made++
			if !strings.Contains(string(c.Body), "sealed:v1:") {
				t.Errorf("the key is stored as %s", c.Body)
			}
		}
	}
	if made != 1 {
		t.Errorf("%d keys were made", made)
	}
}

func TestTokensLiveOneHour(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.token(base + "/.default")
	h.advance(time.Hour - time.Second)
	if _, err := h.Verify(t.Context(), token); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	h.advance(time.Second)
	if _, err := h.Verify(t.Context(), token); code(err) != "ExpiredAuthenticationToken" {
		t.Errorf("after an hour: %v", err)
	}
}
