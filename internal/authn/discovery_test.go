package authn_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"
)

func TestOpenIDConfiguration(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, name := range []string{tenant, "common", "organizations"} {
		w := h.ask("GET", "/"+name+"/v2.0/.well-known/openid-configuration", "", func(r *http.Request) { r.Host = "localhost:8443" })
		got := decode(t, w)
		for field, want := range map[string]string{
			"issuer": base + "/" + tenant + "/v2.0", "token_endpoint": base + tokenPath, "authorization_endpoint": base + authorizePath,
			"jwks_uri": base + "/" + tenant + "/discovery/v2.0/keys", "end_session_endpoint": base + "/" + tenant + "/oauth2/v2.0/logout",
		} {
			if got[field] != want {
				t.Errorf("%s: %s is %v, want %s", name, field, got[field], want)
			}
		}
	}
	if w := h.ask("GET", "/fabrikam/v2.0/.well-known/openid-configuration", ""); w.Code != 400 || decode(t, w)["error"] != "invalid_tenant" {
		t.Errorf("another tenant: %d", w.Code)
	}
}

func TestPublishedKeysVerifyOurTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.ask("GET", "/"+tenant+"/discovery/v2.0/keys", "")
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if !set.Keys[0].IsPublic() || set.Keys[0].Use != "sig" || set.Keys[0].Algorithm != "RS256" {
		t.Errorf("%+v", set.Keys[0])
	}
	token, err := jwt.ParseSigned(h.token(base+"/.default"), []jose.SignatureAlgorithm{jose.RS256})
	h.must(err)
	var c jwt.Claims
	if err := token.Claims(set, &c); err != nil || c.Issuer != base+"/"+tenant+"/v2.0" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestMetadataAsTerraformAndTheCLIReadIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	cloud := decode(t, h.ask("GET", "/metadata/endpoints?api-version=2022-09-01", ""))
	login := cloud["authentication"].(map[string]any)
	want := map[string]any{
		"name": "Atelier", "resourceManager": base, "microsoftGraphResourceId": base,
		"loginEndpoint": base, "tenant": "common", "identityProvider": "AAD",
	}
	got := map[string]any{
		"name": cloud["name"], "resourceManager": cloud["resourceManager"], "microsoftGraphResourceId": cloud["microsoftGraphResourceId"],
		"loginEndpoint": login["loginEndpoint"], "tenant": login["tenant"], "identityProvider": login["identityProvider"],
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	suffixes := cloud["suffixes"].(map[string]any)
	if suffixes["storage"] == "" || suffixes["keyVaultDns"] == "" || len(login["audiences"].([]any)) == 0 {
		t.Errorf("%v", cloud)
	}
	// Every audience that is named is one that tokens are issued for.
	for _, a := range login["audiences"].([]any) {
		h.token(a.(string) + "/.default")
	}
	var clouds []map[string]any
	w := h.ask("GET", "/metadata/endpoints?api-version=2019-05-01", "")
	if err := json.Unmarshal(w.Body.Bytes(), &clouds); err != nil || len(clouds) != 1 || clouds[0]["resourceManager"] != base {
		t.Errorf("2019-05-01: %s, %v", w.Body, err)
	}
	if w := h.ask("GET", "/metadata/endpoints", ""); w.Code != 400 {
		t.Errorf("without api-version: %d", w.Code)
	}
}

func TestOwnedPaths(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for path, want := range map[string]bool{
		"/metadata/endpoints": true, tokenPath: true, authorizePath: true, "/common/v2.0/.well-known/openid-configuration": true, "/x/discovery/v2.0/keys": true,
		"/": false, "/subscriptions/x/resourceGroups/y": false, "/v1.0/users": false, "/console/": false, "/oauth2/v2.0/token": false,
	} {
		if got := h.Owns(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
