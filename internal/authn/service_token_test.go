package authn_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atelier-apim/atelier/internal/authn"
)

func TestManagedIdentitiesGetTokensThatOpenNothingHere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const principal = "33333333-3333-4333-8333-333333333333"
	text, expires, err := h.IssueForBackend(principal, "https://backend.example")
	if err != nil || !expires.Equal(h.Now().Add(authn.AccessLife)) {
		t.Fatalf("%v, %v", expires, err)
	}
	c := claimsOf(t, text)
	delete(c, "uti")
	at := float64(h.Now().Unix())
	if diff := cmp.Diff(map[string]any{
		"iss": base + "/" + tenant + "/v2.0", "aud": "https://backend.example", "sub": principal, "oid": principal, "tid": tenant,
		"appid": principal, "azp": principal, "idtyp": "app", "ver": "2.0", "iat": at, "nbf": at, "exp": at + 3600,
	}, c); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if _, err := h.Verify(t.Context(), text); err == nil {
		t.Error("the management API takes a token for a backend")
	}
	for _, ours := range []string{base, base + "/", "https://management.azure.com", "https://management.core.windows.net/", "https://azure-api.net/authorization-manager", authn.ConsoleClient} {
		if _, _, err := h.IssueForBackend(principal, ours); err == nil {
			t.Errorf("a managed identity got a token for %s", ours)
		}
	}
	if _, _, err := h.IssueForBackend("", "https://backend.example"); err == nil {
		t.Error("a service without identity got a token")
	}
	assertion, err := h.Assertion(principal, "api://exchange")
	if err != nil || claimsOf(t, assertion)["aud"] != "api://exchange" || claimsOf(t, assertion)["exp"] != at+300 {
		t.Errorf("assertion %v, %v", claimsOf(t, assertion), err)
	}
}

// Gateways in the same process get the same documents as everybody gets over HTTP, and no others.
func TestDocumentsOfTheIssuer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, path := range []string{"/" + tenant + "/v2.0/.well-known/openid-configuration", "/common/discovery/v2.0/keys"} {
		got, ok := h.Document(base + path)
		var doc map[string]any
		if !ok || json.Unmarshal(got, &doc) != nil {
			t.Fatalf("%s: %s", path, got)
		}
		if diff := cmp.Diff(decode(t, h.ask("GET", path, "")), doc); diff != "" {
			t.Errorf("%s (-http +document):\n%s", path, diff)
		}
	}
	for _, other := range []string{base, base + "/healthz", base + "/other/v2.0/.well-known/openid-configuration", "https://evil.test/" + tenant + "/discovery/v2.0/keys", base + ".evil.test/" + tenant + "/discovery/v2.0/keys"} {
		if _, ok := h.Document(other); ok {
			t.Errorf("%s is given without a call", other)
		}
	}
}
