package authn_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/store"
)

const elsewhere = "https://id.example.org/realm"

// foreign is another OpenID Connect issuer.
type foreign struct {
	*house
	key     *rsa.PrivateKey
	kid     string
	fetches int
	issuer  directory.Issuer
	group   string
}

// newForeign makes the issuer known to an installation: "ada-there" is the administrator's person, "staff" a group of ours.
func newForeign(t *testing.T) *foreign {
	t.Helper()
	f := &foreign{house: newHouse(t), kid: "one"}
	f.rotate("one")
	s, err := authn.New(t.Context(), authn.Config{Store: f.store, Directory: f.dir, Secrets: f.ring, ManagementURL: base, Now: f.Now, Fetch: f.fetch})
	f.must(err)
	f.Service = s
	g, err := f.dir.CreateGroup(t.Context(), store.Actor{}, directory.NewGroup{DisplayName: "Staff", MailNickname: "staff"})
	f.must(err)
	f.group = g.ObjectID
	f.issuer, err = f.dir.PutIssuer(t.Context(), store.Actor{}, directory.Issuer{
		DisplayName: "Elsewhere", Issuer: elsewhere, Audiences: []string{"api://atelier"}, Enabled: true,
		Subjects: map[string]string{"ada-there": f.admin.User}, Groups: map[string]string{"staff": g.ObjectID},
	})
	f.must(err)
	return f
}

func (f *foreign) rotate(kid string) {
	f.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	f.must(err)
	f.key, f.kid = key, kid
}

func (f *foreign) fetch(_ context.Context, address string) ([]byte, error) {
	f.fetches++
	switch address {
	case elsewhere + "/.well-known/openid-configuration":
		return json.Marshal(map[string]string{"issuer": elsewhere, "jwks_uri": elsewhere + "/keys"})
	case elsewhere + "/keys":
		return json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: f.key.Public(), KeyID: f.kid, Use: "sig"}}})
	}
	return nil, errors.New("there is nothing at " + address)
}

// sign makes a token of the issuer, changed by pairs of name and value.
func (f *foreign) sign(changes ...any) string {
	f.t.Helper()
	c := map[string]any{"iss": elsewhere, "sub": "ada-there", "aud": "api://atelier", "exp": f.Now().Add(time.Hour).Unix(), "groups": []string{"staff", "others"}}
	for i := 0; i < len(changes); i += 2 {
		c[changes[i].(string)] = changes[i+1]
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: f.key}, (&jose.SignerOptions{}).WithHeader("kid", f.kid))
	f.must(err)
	text, err := jwt.Signed(signer).Claims(c).Serialize()
	f.must(err)
	return text
}

func TestTokensOfAKnownIssuerStandForWhomItsMappingNames(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	for range 3 {
		c, err := f.Verify(t.Context(), f.sign())
		if err != nil || c.ObjectID != f.admin.User || !slices.Equal(c.Groups, []string{f.group}) {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if f.fetches != 2 {
		t.Errorf("%d fetches for three tokens, want the metadata and the keys once", f.fetches)
	}
}

func TestTokensOfOtherIssuersAreRefused(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	stranger := newForeign(t)
	for name, token := range map[string]string{
		"another issuer":            f.sign("iss", "https://id.example.org/other"),
		"another audience":          f.sign("aud", "api://elsewhere"),
		"expired":                   f.sign("exp", f.Now().Add(-time.Second).Unix()),
		"without an end":            f.sign("exp", nil),
		"not valid yet":             f.sign("nbf", f.Now().Add(time.Hour).Unix()),
		"somebody who isn't mapped": f.sign("sub", "bob-there"),
		"no subject":                f.sign("sub", ""),
		"a key of somebody else":    stranger.sign(),
	} {
		if c, err := f.Verify(t.Context(), token); err == nil {
			t.Errorf("%s: taken as %+v", name, c)
		}
	}
	off := f.issuer
	off.Enabled = false
	if _, err := f.dir.PutIssuer(t.Context(), store.Actor{}, off); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Verify(t.Context(), f.sign()); err == nil {
		t.Error("an issuer that is switched off is still believed")
	}
}

func TestKeysOfAnIssuerAreFetchedAgainWhenItRotatesThem(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	if _, err := f.Verify(t.Context(), f.sign()); err != nil {
		t.Fatal(err)
	}
	f.rotate("two")
	if _, err := f.Verify(t.Context(), f.sign()); err == nil || f.fetches != 2 {
		t.Errorf("an unknown key id was looked up at once: %v, %d fetches", err, f.fetches)
	}
	f.advance(time.Minute)
	if _, err := f.Verify(t.Context(), f.sign()); err != nil || f.fetches != 4 {
		t.Errorf("%v, %d fetches", err, f.fetches)
	}
}

func TestANameNeverMakesAnAdministrator(t *testing.T) {
	t.Parallel()
	f := newForeign(t)
	byName := f.issuer
	byName.Match, byName.UserClaim = directory.MatchUserPrincipalName, "email"
	if _, err := f.dir.PutIssuer(t.Context(), store.Actor{}, byName); err != nil {
		t.Fatal(err)
	}
	bob, err := f.dir.CreateUser(t.Context(), store.Actor{}, directory.NewUser{DisplayName: "Bob", UserPrincipalName: "bob@contoso", Password: "a long password"})
	f.must(err)
	if c, err := f.Verify(t.Context(), f.sign("email", "bob@contoso")); err != nil || c.ObjectID != bob.ObjectID {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := f.Verify(t.Context(), f.sign("email", username)); err == nil || !strings.Contains(err.Error(), "stands for nobody") {
		t.Errorf("%+v, %v", c, err)
	}
}
