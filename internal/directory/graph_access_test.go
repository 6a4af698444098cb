package directory_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"
)

func names(t *testing.T, got map[string]any) string {
	t.Helper()
	var out []string
	for _, v := range got["value"].([]any) {
		out = append(out, v.(map[string]any)["displayName"].(string))
	}
	return strings.Join(out, " ")
}

func TestGraphTellsNestedGroups(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann, bob := h.user("ann"), h.user("bob")
	inner := h.group("inner", ann)
	outer := h.group("outer", inner)
	h.must(h.AddMember(t.Context(), by, inner, outer)) // a circle
	for path, want := range map[string]string{
		"/v1.0/users/" + ann + "/memberOf":                "inner",
		"/v1.0/users/" + ann + "/transitiveMemberOf":      "inner outer",
		"/v1.0/groups/" + inner + "/memberOf":             "outer",
		"/v1.0/groups/" + outer + "/members":              "inner",
		"/v1.0/groups/" + outer + "/transitiveMembers":    "ann inner outer",
		"/v1.0/directoryObjects/" + bob + "/memberOf":     "",
		"/v1.0/users/bob@contoso/transitiveMemberOf":      "",
		"/v1.0/directoryObjects/" + ann + "/memberOf?x=y": "inner",
	} {
		if got := names(t, h.asAdmin("GET", path, "", 200)); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if status, got := h.ask(ann, "GET", "/v1.0/users/"+ann+"/memberOf", ""); status != 200 || names(t, got) != "inner" {
		t.Errorf("about oneself: %d %v", status, got)
	}
	if status, _ := h.ask(ann, "GET", "/v1.0/users/"+bob+"/memberOf", ""); status != 403 {
		t.Errorf("about others: %d", status)
	}
	h.asAdmin("GET", "/v1.0/bananas/"+ann+"/memberOf", "", 400)
}

// selfSigned is a certificate over the key, as Graph's base64.
func selfSigned(t *testing.T, public, private any) string {
	t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "robot"}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func TestGraphKeepsAnApplicationsCertificates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	app := "/v1.0/applications/" + h.Applications()[0].ObjectID
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	h.must(err)
	cert := selfSigned(t, key.Public(), key)
	h.asAdmin("PATCH", app, `{"keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify","displayName":"ci","key":"`+cert+`"}]}`, 204)
	got := h.asAdmin("GET", app, "", 200)["keyCredentials"].([]any)
	if len(got) != 1 || got[0].(map[string]any)["displayName"] != "ci" || got[0].(map[string]any)["key"] != nil {
		t.Fatalf("%v", got)
	}
	// Naming one keeps it; leaving it out removes it.
	id := got[0].(map[string]any)["keyId"].(string)
	h.asAdmin("PATCH", app, `{"keyCredentials":[{"keyId":"`+id+`"},{"key":"`+cert+`"}]}`, 204)
	if got := h.asAdmin("GET", app, "", 200)["keyCredentials"].([]any); len(got) != 2 || got[0].(map[string]any)["keyId"] != id {
		t.Errorf("%v", got)
	}
	h.asAdmin("PATCH", app, `{"keyCredentials":[]}`, 204)
	if got := h.asAdmin("GET", app, "", 200)["keyCredentials"].([]any); len(got) != 0 {
		t.Errorf("%v", got)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	h.must(err)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	h.must(err)
	for name, body := range map[string]string{
		"no certificate": `{"keyCredentials":[{"key":"` + base64.StdEncoding.EncodeToString([]byte("x")) + `"}]}`,
		"another type":   `{"keyCredentials":[{"type":"Symmetric","key":"` + cert + `"}]}`,
		"another key":    `{"keyCredentials":[{"key":"` + selfSigned(t, public, private) + `"}]}`,
		"a short key":    `{"keyCredentials":[{"key":"` + selfSigned(t, short.Public(), short) + `"}]}`,
	} {
		if status, _ := h.ask(h.admin.User, "PATCH", app, body); status != 400 {
			t.Errorf("%s: %d, want 400", name, status)
		}
	}
}

func TestGraphKeepsIssuers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann := h.user("ann")
	made := h.asAdmin("POST", "/v1.0/identityProviders", `{"displayName":"Elsewhere","issuer":"https://id.example.org","audiences":["api://a"],"subjects":{"x":"`+ann+`"}}`, 201)
	at := "/v1.0/identityProviders/" + made["id"].(string)
	if made["enabled"] != true || made["userClaim"] != "sub" || made["match"] != "subjects" {
		t.Errorf("%v", made)
	}
	h.asAdmin("PATCH", at, `{"enabled":false}`, 204)
	if got := h.asAdmin("GET", at, "", 200); got["enabled"] != false || got["subjects"].(map[string]any)["x"] != ann {
		t.Errorf("%v", got)
	}
	if _, ok := h.IssuerOf("https://id.example.org"); ok {
		t.Error("an issuer that is switched off is found")
	}
	for name, body := range map[string]string{
		"no audience":        `{"displayName":"E","issuer":"https://other.example.org"}`,
		"not over TLS":       `{"displayName":"E","issuer":"http://other.example.org","audiences":["a"]}`,
		"the same issuer":    `{"displayName":"E","issuer":"https://id.example.org","audiences":["a"]}`,
		"an unknown subject": `{"displayName":"E","issuer":"https://other.example.org","audiences":["a"],"subjects":{"x":"nobody"}}`,
		"an unknown match":   `{"displayName":"E","issuer":"https://other.example.org","audiences":["a"],"match":"guess"}`,
	} {
		if status, got := h.ask(h.admin.User, "POST", "/v1.0/identityProviders", body); status < 400 || status > 404 {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	if status, _ := h.ask(ann, "GET", "/v1.0/identityProviders", ""); status != 403 {
		t.Errorf("a person without rights: %d", status)
	}
	h.asAdmin("DELETE", at, "", 204)
	h.asAdmin("GET", at, "", 404)
}

func TestGraphKeepsTheClientOfAnIssuer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const secret = "the client secret that the issuer gave"
	made := h.asAdmin("POST", "/v1.0/identityProviders", `{"displayName":"Elsewhere","issuer":"https://id.example.org","clientId":"c1","clientSecret":"`+secret+`"}`, 201)
	at := "/v1.0/identityProviders/" + made["id"].(string)
	if made["scope"] != "openid profile email" || made["clientId"] != "c1" {
		t.Errorf("%v", made)
	}
	kept := func() string {
		t.Helper()
		i, ok := h.IssuerByID(made["id"].(string))
		if !ok || strings.Contains(i.ClientSecret, secret) {
			t.Errorf("%v %+v", ok, i)
		}
		got, err := h.IssuerSecret(i)
		h.must(err)
		return got
	}
	if got := kept(); got != secret {
		t.Errorf("the secret is %q", got)
	}
	h.asAdmin("PATCH", at, `{"displayName":"Renamed","subjects":{}}`, 204)
	if got := kept(); got != secret {
		t.Errorf("after another change the secret is %q", got)
	}
	list := h.asAdmin("GET", "/v1.0/identityProviders", "", 200)["value"].([]any)[0].(map[string]any)
	for name, shown := range map[string]map[string]any{"made": made, "read": h.asAdmin("GET", at, "", 200), "listed": list} {
		if _, there := shown["clientSecret"]; there {
			t.Errorf("%s: the secret is shown: %v", name, shown)
		}
	}
	h.asAdmin("PATCH", at, `{"issuer":"https://evil.example.org"}`, 204)
	if got := kept(); got != "" {
		t.Errorf("another issuer is given the secret %q", got)
	}
	h.asAdmin("PATCH", at, `{"clientSecret":"`+secret+`"}`, 204)
	h.asAdmin("PATCH", at, `{"clientId":"c2"}`, 204)
	if got := kept(); got != "" {
		t.Errorf("another client keeps the secret %q", got)
	}
	for name, body := range map[string]string{
		"no audience and no client": `{"clientId":""}`,
		"a secret of nobody":        `{"audiences":["a"],"clientId":"","clientSecret":"x"}`,
		"a scope without openid":    `{"scope":"profile"}`,
		"a client of two lines":     `{"clientId":"a\nb"}`,
		"a long secret":             `{"clientSecret":"` + strings.Repeat("x", 513) + `"}`,
	} {
		if status, got := h.ask(h.admin.User, "PATCH", at, body); status != 400 {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
}
