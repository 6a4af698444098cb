package authn_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/store"
)

type patch = directory.UserPatch

var by = store.Actor{Name: "test"}

func code(err error) string {
	var e *authn.TokenError
	if errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func TestCallerIsWhoTheDirectorySays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	program, err := h.Verify(t.Context(), h.token(base+"/.default"))
	if err != nil || program.Kind != directory.ServicePrincipal || program.AppID != client || program.ObjectID != h.admin.ServicePrincipal || program.TenantID != tenant {
		t.Errorf("%+v, %v", program, err)
	}
	p, _ := h.dir.Principal(h.admin.User)
	token, _, err := h.Issue(p, base)
	h.must(err)
	name := "Ada L."
	h.must(h.dir.Patch(t.Context(), by, p.ObjectID, patch{DisplayName: &name}))
	person, err := h.Verify(t.Context(), token)
	if err != nil || person.Kind != directory.User || person.Username != username || person.Name != name || person.AppID != authn.ConsoleClient {
		t.Errorf("%+v, %v", person, err)
	}
	if _, _, err := h.Issue(p, "https://vault.azure.net"); err == nil {
		t.Error("issued for a foreign resource")
	}
}

func TestDeletedAndDisabledPrincipalsAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ann, err := h.dir.CreateUser(t.Context(), by, directory.NewUser{DisplayName: "Ann", UserPrincipalName: "ann", Password: "a long password"})
	h.must(err)
	token, _, err := h.Issue(ann, base)
	h.must(err)
	for range 2 { // the second time the token is remembered
		if _, err := h.Verify(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	no, yes := false, true
	h.must(h.dir.Patch(t.Context(), by, ann.ObjectID, patch{AccountEnabled: &no}))
	if _, err := h.Verify(t.Context(), token); code(err) != "InvalidAuthenticationToken" {
		t.Errorf("disabled: %v", err)
	}
	h.must(h.dir.Patch(t.Context(), by, ann.ObjectID, patch{AccountEnabled: &yes}))
	if _, err := h.Verify(t.Context(), token); err != nil {
		t.Errorf("enabled again: %v", err)
	}
	h.must(h.dir.Delete(t.Context(), by, ann.ResourceID()))
	if _, err := h.Verify(t.Context(), token); code(err) != "InvalidAuthenticationToken" {
		t.Errorf("deleted: %v", err)
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	good := h.token(base + "/.default")
	parts := strings.Split(good, ".")
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	h.must(err)
	header, err := jwt.ParseSigned(good, []jose.SignatureAlgorithm{jose.RS256})
	h.must(err)
	kid := header.Headers[0].KeyID
	sign := func(alg jose.SignatureAlgorithm, key any, kid string) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
		h.must(err)
		s, err := jwt.Signed(signer).Claims(claimsOf(t, good)).Serialize()
		h.must(err)
		return s
	}
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"`+kid+`"}`)) + "." + parts[1] + "."
	other := newHouse(t)
	for name, token := range map[string]string{
		"nothing":                    "",
		"rubbish":                    "rubbish",
		"no signature":               parts[0] + "." + parts[1] + ".",
		"alg none":                   none,
		"other key, our key id":      sign(jose.RS256, key, kid),
		"other key, other key id":    sign(jose.RS256, key, strings.Repeat("0", 40)),
		"other algorithm":            sign(jose.PS256, key, kid),
		"HMAC keyed with the key id": sign(jose.HS256, []byte(strings.Repeat(kid, 2)), kid),
		"altered claims":             parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"oid":"x"}`)) + "." + parts[2],
		"another installation's":     other.token(base + "/.default"),
		"longer than any token":      strings.Repeat("x", 9000),
	} {
		if _, err := h.Verify(t.Context(), token); !strings.HasPrefix(code(err), "InvalidAuthenticationToken") {
			t.Errorf("%s: %v", name, err)
		} else if len(token) > 20 && strings.Contains(err.Error(), token) {
			t.Errorf("%s: the error quotes the token", name)
		}
	}
	if _, err := h.Verify(t.Context(), good); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func TestGraphTokensOpenGraphAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.Service = h.start("https://graph.atelier.test")
	graph, arm := h.token("https://graph.atelier.test/.default"), h.token(base+"/.default")
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"graph token at graph", second(h.VerifyGraph(t.Context(), graph)), "<nil>"},
		{"graph token at ARM", second(h.Verify(t.Context(), graph)), "InvalidAuthenticationTokenAudience"},
		{"ARM token at graph", second(h.VerifyGraph(t.Context(), arm)), "InvalidAuthenticationTokenAudience"},
		{"ARM token at ARM", second(h.Verify(t.Context(), arm)), "<nil>"},
	} {
		if got := code(c.err); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	same := h.start("")
	if _, err := same.VerifyGraph(t.Context(), arm); err != nil {
		t.Errorf("graph at the management URL: %v", err)
	}
}

func second(_ authn.Caller, err error) error { return err }

func TestBearerComesFromOneHeaderAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.token(base + "/.default")
	for _, c := range []struct {
		name   string
		header []string
		want   string
	}{
		{"one", []string{"Bearer " + token}, "<nil>"},
		{"any case", []string{"bearer " + token}, "<nil>"},
		{"none", nil, "AuthenticationFailed"},
		{"two", []string{"Bearer " + token, "Bearer " + token}, "AuthenticationFailedInvalidHeader"},
		{"Basic", []string{"Basic eDp5"}, "AuthenticationFailedInvalidHeader"},
		{"no scheme", []string{token}, "AuthenticationFailedInvalidHeader"},
	} {
		r := httptest.NewRequest("GET", base+"/subscriptions?access_token="+token, nil)
		r.Header["Authorization"] = c.header
		r.Header.Set("Cookie", "__Secure-atelier-session="+token)
		if _, err := h.FromRequest(r); code(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestRememberedTokensAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p, _ := h.dir.Principal(h.admin.User)
	first, _, err := h.Issue(p, base)
	h.must(err)
	if _, err := h.Verify(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if n := authn.Remembered(h.Service); n != 1 {
		t.Errorf("%d tokens remembered, want 1", n)
	}
	authn.Fill(h.Service, 10_000, h.Now().Unix()+60)
	if n := authn.Remembered(h.Service); n > 4096 {
		t.Errorf("%d tokens remembered", n)
	}
	if _, err := h.Verify(t.Context(), first); err != nil {
		t.Errorf("a forgotten token: %v", err)
	}
}

// BenchmarkVerify is what every request pays once its token is known.
func BenchmarkVerify(b *testing.B) {
	h := newHouse(b)
	token := h.token(base + "/.default")
	for b.Loop() {
		if _, err := h.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
