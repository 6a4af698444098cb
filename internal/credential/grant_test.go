package credential_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
	"github.com/atelier-apim/atelier/internal/egress"
)

var now = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

var post = credential.Post(egress.NewPostHere([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}))

func client(t *testing.T, provider string, grant credential.Grant, settings map[string]string) *credential.Client {
	t.Helper()
	p, ok := credential.Find(provider)
	if !ok {
		t.Fatalf("there is no provider %s", provider)
	}
	c, bad := credential.NewClient(p, grant, settings, nil, credentialtest.ClientSecret, "")
	if bad != nil {
		t.Fatal(bad)
	}
	return c
}

// consent is what a browser does: it goes where it is sent, and comes back with a code.
func consent(t *testing.T, c *credential.Client, verifier string) string {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.Get(c.ConsentURL("https://here.example/back", "state-1", verifier))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	at, err := url.Parse(res.Header.Get("Location"))
	if err != nil || at.Query().Get("state") != "state-1" {
		t.Fatalf("the browser came back to %v with %s", at, res.Status)
	}
	return at.Query().Get("code")
}

func TestACodeIsExchangedWithItsVerifierAndRenewedWithRotatingTokens(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"oauth2", "oauth2pkce"} {
		s := credentialtest.New(t, credentialtest.Rules{Life: time.Hour, Identity: `{"sub":"dana"}`})
		c := client(t, provider, credential.AuthorizationCode, s.Settings())
		first, err := c.Exchange(t.Context(), post, now, consent(t, c, "verifier-1"), "https://here.example/back", "verifier-1")
		if err != nil || first.Access == "" || first.Refresh == "" || !first.Expires.Equal(now.Add(time.Hour)) || first.Claims != `{"sub":"dana"}` {
			t.Fatalf("%s: got %+v, %v", provider, first, err)
		}
		second, err := c.Renew(t.Context(), post, now, first.Refresh)
		if err != nil || second.Access == first.Access || second.Refresh == first.Refresh {
			t.Fatalf("%s: renewed to %+v, %v", provider, second, err)
		}
		var fault *credential.Fault
		if _, err := c.Renew(t.Context(), post, now, first.Refresh); !errors.As(err, &fault) || fault.Code != "invalid_grant" || !fault.Final {
			t.Errorf("%s: a refresh token that is used up gave %v", provider, err)
		}
	}
}

func TestACodeThatWasBoundToAnotherVerifierIsWorthNothing(t *testing.T) {
	t.Parallel()
	s := credentialtest.New(t, credentialtest.Rules{})
	c := client(t, "oauth2pkce", credential.AuthorizationCode, s.Settings())
	if _, err := c.Exchange(t.Context(), post, now, consent(t, c, "verifier-1"), "https://here.example/back", "verifier-2"); err == nil {
		t.Error("the code was exchanged with another verifier")
	}
}

func TestAProviderThatKeepsItsRefreshTokenKeepsItsClientGoing(t *testing.T) {
	t.Parallel()
	s := credentialtest.New(t, credentialtest.Rules{Answer: `{"access_token":"a","expires_in":"60"}`})
	c := client(t, "oauth2", credential.AuthorizationCode, s.Settings())
	got, err := c.Renew(t.Context(), post, now, "r1")
	if err != nil || got.Refresh != "r1" || !got.Expires.Equal(now.Add(time.Minute)) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAClientActsForItselfAndProvesItselfAsTheProviderWants(t *testing.T) {
	t.Parallel()
	for _, basic := range []bool{false, true} {
		s := credentialtest.New(t, credentialtest.Rules{Basic: basic})
		got, err := client(t, "oauth2", credential.ClientCredentials, s.Settings()).First(t.Context(), post, now)
		if err != nil || got.Access == "" || got.Refresh != "" || !got.Expires.Equal(now.Add(time.Hour)) {
			t.Errorf("basic %v: got %+v, %v", basic, got, err)
		}
		last := s.Forms()[len(s.Forms())-1]
		if last.Get("scope") != "files.read offline" || basic && last.Has("client_secret") {
			t.Errorf("basic %v: the provider was sent %v", basic, last)
		}
	}
}

func TestRefusalsSayWhyAndRepeatNoSecret(t *testing.T) {
	t.Parallel()
	secret := credentialtest.ClientSecret
	for _, c := range []struct {
		rules credentialtest.Rules
		code  string
		final bool
		says  string
	}{
		{credentialtest.Rules{Status: 400, Error: "invalid_scope", Detail: "no\nsuch scope"}, "invalid_scope", true, "answered 400 invalid_scope: no such scope."},
		{credentialtest.Rules{Status: 401, Error: "invalid_client", Detail: "the secret " + secret + " is wrong"}, "invalid_client", true, "answered 401 invalid_client."},
		{credentialtest.Rules{Status: 400, Error: secret}, "TokenRefused", true, "answered 400."},
		{credentialtest.Rules{Status: 400, Error: "bad\"word"}, "TokenRefused", true, "answered 400."},
		{credentialtest.Rules{Status: 503}, "TokenRefused", false, "answered 503."},
		{credentialtest.Rules{Status: 429}, "TokenRefused", false, "answered 429."},
		{credentialtest.Rules{Answer: `{"error":"bad_verification_code","error_description":"expired"}`}, "bad_verification_code", true, "answered 200 bad_verification_code: expired."},
		{credentialtest.Rules{Answer: "<html>"}, "TokenAnswerInvalid", true, "without the JSON"},
		{credentialtest.Rules{Answer: `{}`}, "TokenAnswerInvalid", true, "holds no token"},
		{credentialtest.Rules{Answer: `{"access_token":"a\r\nb"}`}, "TokenAnswerInvalid", true, "control characters"},
		{credentialtest.Rules{Answer: `{"access_token":"` + strings.Repeat("a", 20_000) + `"}`}, "TokenAnswerInvalid", true, "16 KiB"},
		{credentialtest.Rules{Answer: `{"access_token":"a","token_type":"mac"}`}, "TokenAnswerInvalid", true, "no bearer tokens"},
	} {
		s := credentialtest.New(t, c.rules)
		_, err := client(t, "oauth2", credential.ClientCredentials, s.Settings()).First(t.Context(), post, now)
		var fault *credential.Fault
		if !errors.As(err, &fault) || fault.Code != c.code || fault.Final != c.final || !strings.Contains(fault.Message, c.says) {
			t.Errorf("%+v: got %+v, want %s, %v, %q", c.rules, fault, c.code, c.final, c.says)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

func TestAProviderThatCannotBeReachedIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := credentialtest.New(t, credentialtest.Rules{})
	c := client(t, "oauth2", credential.ClientCredentials, s.Settings())
	closed := credential.Post(egress.NewPostHere(nil)) // the operator lets links reach public addresses alone
	var fault *credential.Fault
	if _, err := c.First(t.Context(), closed, now); !errors.As(err, &fault) || fault.Code != "TokenEndpointUnreachable" || fault.Final || !strings.Contains(fault.Message, "link-egress-allow") {
		t.Errorf("got %+v", fault)
	}
	if len(s.Forms()) != 0 {
		t.Error("an address that links may not reach was reached")
	}
}

func TestARedirectTakesNoSecretElsewhere(t *testing.T) {
	t.Parallel()
	other := credentialtest.New(t, credentialtest.Rules{})
	here := httptest.NewServer(http.RedirectHandler(other.URL+"/token", http.StatusTemporaryRedirect))
	t.Cleanup(here.Close)
	settings := other.Settings()
	settings["tokenUrl"] = here.URL
	if _, err := client(t, "oauth2", credential.ClientCredentials, settings).First(context.Background(), post, now); err == nil || len(other.Forms()) != 0 {
		t.Errorf("the redirect was followed: %v", err)
	}
}
