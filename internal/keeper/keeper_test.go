package keeper_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/apim"
	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
)

func TestAConnectionThatNeedsNobodyIsConnectedWhenItIsWritten(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	if shown := w.with(s, "ClientCredentials"); !strings.Contains(shown, `"status":"Connected"`) || strings.Contains(shown, "canary") || strings.Contains(shown, "kept") {
		t.Errorf("the answer is %s", shown)
	}
	if got := w.connection().State().Access; got != "canary-access-1" {
		t.Errorf("the token is %q", got)
	}
}

func TestATokenIsRenewedAheadOfItsEndAndItsConnectionKeepsItsTag(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	beside := w.beside() // it is renewed at the same time, and earlier when its token is older
	w.clock.Add(2 * time.Minute)
	w.with(s, "ClientCredentials")
	tag := w.tag()
	w.clock.Add(54 * time.Minute)
	beside.Asked(t, 2)
	if n := len(s.Forms()); n != 1 {
		t.Errorf("a token that lives on was asked for again: %d requests", n)
	}
	w.clock.Add(time.Minute)
	w.until("renewed", func(a *apim.Authorization) bool { return a.State().Access == "canary-access-2" })
	if w.tag() != tag {
		t.Error("renewing a token changed the tag, so that somebody's If-Match would fail")
	}
}

func (w *world) tag() string {
	w.t.Helper()
	a, err := w.Get(w.t.Context(), system(), arm.MustID(main))
	if err != nil {
		w.t.Fatal(err)
	}
	return a.ETag
}

// Many writes while a request is under way don't make a second one.
func TestOneRequestForATokenIsUnderWayAtATime(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "ClientCredentials")
	hold := make(chan struct{})
	s.Set(func(r *credentialtest.Rules) { r.Hold = hold })
	w.clock.Add(56 * time.Minute)
	s.Asked(t, 2)
	for range 10 {
		w.put(main+"/accessPolicies/p", `{"properties":{"objectId":"o"}}`)
		w.clock.Add(time.Second)
	}
	s.Set(func(r *credentialtest.Rules) { r.Hold = nil })
	close(hold)
	w.until("renewed", func(a *apim.Authorization) bool { return a.State().Access == "canary-access-2" })
	if n := len(s.Forms()); n != 2 {
		t.Errorf("the provider was asked %d times, want 2", n)
	}
}

func TestARefusedRenewalIsAnErrorAndALaterOneMendsIt(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "ClientCredentials")
	s.Set(func(r *credentialtest.Rules) {
		r.Status, r.Error, r.Detail = 401, "invalid_client", "The secret has ended"
	})
	w.clock.Add(55 * time.Minute)
	a := w.until("an error", func(a *apim.Authorization) bool { return a.Status == "Error" })
	if a.Error.Code != "invalid_client" || !strings.Contains(a.Error.Message, "The secret has ended") {
		t.Errorf("the error is %+v", a.Error)
	}
	s.Set(func(r *credentialtest.Rules) { r.Status = 0 })
	w.clock.waited(t, 10*time.Second)
	w.clock.Add(10 * time.Second)
	a = w.until("connected", func(a *apim.Authorization) bool { return a.Connected() })
	if a.Error != nil {
		t.Errorf("a connection that works tells the error %+v", a.Error)
	}
}

func TestAProviderThatIsDownLeavesTheTokenInForceUntilItsEnd(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "ClientCredentials")
	s.Set(func(r *credentialtest.Rules) { r.Status = 503 })
	w.clock.Add(55 * time.Minute)
	for n, wait := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second} {
		s.Asked(t, n+2)
		w.clock.waited(t, wait) // it asks again and again, less and less often
		if a := w.connection(); !a.Connected() || a.State().Access != "canary-access-1" {
			t.Errorf("a token that lives on was taken away: %+v", a)
		}
		w.clock.Add(wait)
	}
	s.Asked(t, 6)
	w.clock.waited(t, 160*time.Second)
	w.clock.Add(160 * time.Second) // past its end
	w.until("an error", func(a *apim.Authorization) bool { return a.Status == "Error" && a.Error.Code == "TokenRefused" })
}

func TestARefreshTokenIsUsedOnceAndItsSuccessorKept(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "AuthorizationCode")
	w.consent(true)
	for _, want := range []string{"canary-access-3", "canary-access-4", "canary-access-5"} {
		w.clock.Add(55 * time.Minute)
		w.until(want, func(a *apim.Authorization) bool { return a.State().Access == want })
	}
	s.Set(func(r *credentialtest.Rules) { r.Status, r.Error = 400, "invalid_grant" })
	w.clock.Add(55 * time.Minute)
	w.until("an error", func(a *apim.Authorization) bool { return a.Status == "Error" && a.Error.Code == "invalid_grant" })
	asked, beside := len(s.Forms()), w.beside()
	w.clock.Add(24 * time.Hour)
	beside.Asked(t, 2)
	if n := len(s.Forms()); n != asked {
		t.Errorf("a refresh token that was refused was sent again, %d times", n-asked)
	}
}

func TestATokenThatCannotBeRenewedEndsInAnErrorThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour, NoRefresh: true}), newWorld(t)
	w.with(s, "AuthorizationCode")
	w.consent(true)
	w.clock.Add(time.Hour)
	a := w.until("an error", func(a *apim.Authorization) bool { return a.Status == "Error" })
	if a.Error.Code != "TokenExpired" || !strings.Contains(a.Error.Message, "Sign in to the connection again") {
		t.Errorf("the error is %+v", a.Error)
	}
}

func TestTokensSurviveARestartAndAreRenewedAfterIt(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "AuthorizationCode")
	w.consent(true)
	w.close()
	for _, name := range []string{w.path, w.path + "-wal"} {
		if b, err := os.ReadFile(name); err == nil && strings.Contains(string(b), "canary") {
			t.Errorf("%s holds a token or secret that anybody can read", name)
		}
	}
	w.clock.Add(2 * time.Hour) // it has ended meanwhile
	w.open()
	w.until("renewed", func(a *apim.Authorization) bool { return a.State().Access == "canary-access-3" })
}

func TestTokensAndSecretsGoNowhereButWhereTheyWereMeantFor(t *testing.T) {
	t.Parallel()
	s, other, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	w.consent(true)
	if err := w.refused(provider, providerBody(other, "")); !strings.Contains(err.Error(), "given again") {
		t.Errorf("the provider's secret: %v", err)
	}
	w.put(provider, providerBody(other, "another-secret")) // who writes a provider may move it, but gets nothing that was kept
	w.clock.Add(55 * time.Minute)
	a := w.until("an error", func(a *apim.Authorization) bool { return a.Status == "Error" })
	if a.Error.Code != "ProviderChanged" || len(other.Forms()) != 0 {
		t.Errorf("the error is %+v, and the other server was sent %v", a.Error, other.Forms())
	}
	w.put(provider, providerBody(s, credentialtest.ClientSecret))
	w.put(main, `{"properties":{"oauth2grantType":"ClientCredentials","parameters":{"clientId":"client-1","clientSecret":"canary-client-secret"}}}`)
	w.put(provider, providerBody(other, "another-secret"))
	a = w.until("an error", func(a *apim.Authorization) bool { return a.Status == "Error" })
	if a.Error.Code != "ProviderChanged" || len(other.Forms()) != 0 {
		t.Errorf("the error is %+v, and the other server was sent %v", a.Error, other.Forms())
	}
	if err := w.refused(main, `{"properties":{"oauth2grantType":"ClientCredentials","parameters":{"clientId":"client-1"}}}`); !strings.Contains(err.Error(), "given again") {
		t.Errorf("the connection's secret: %v", err)
	}
}

func TestCallersCannotWriteWhatIsKept(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	shown := w.put(main, `{"properties":{"status":"Connected","kept":"{\"access\":\"mine\",\"endpoints\":\"x\"}"}}`)
	if a := w.connection(); a.Connected() || a.State().Access != "" || strings.Contains(shown, "mine") {
		t.Errorf("a caller wrote a token: %+v, shown as %s", a, shown)
	}
}

func TestAConnectionThatIsGoneIsNotAskedFor(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "ClientCredentials")
	beside := w.beside()
	if _, err := w.Delete(w.t.Context(), system(), arm.MustID(provider)); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(2 * time.Hour)
	beside.Asked(t, 2)
	if n := len(s.Forms()); n != 1 {
		t.Errorf("the provider was asked %d times, want 1", n)
	}
}

func TestConnectionsThatCannotWorkAreRefusedInWords(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	for body, says := range map[string]string{
		`{"properties":{"identityProvider":"magic","oauth2":{"grantTypes":{"authorizationCode":{}}}}}`:                               "is not one of aad",
		`{"properties":{"identityProvider":"github"}}`:                                                                               "needs authorizationCode or clientCredentials",
		`{"properties":{"identityProvider":"github","oauth2":{"grantTypes":{"authorizationCode":{}}}}}`:                              "clientId is required",
		`{"properties":{"identityProvider":"github","oauth2":{"grantTypes":{"clientCredentials":{"clientId":"c"}}}}}`:                "not a grant of the identity provider",
		`{"properties":{"identityProvider":"oauth2","oauth2":{"grantTypes":{"clientCredentials":{"tokenUrl":"http://a.example"}}}}}`: "must be https",
	} {
		if err := w.refused(provider, body); !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", body, err, says)
		}
	}
	settings := strings.Replace(providerBody(s, credentialtest.ClientSecret), `"authorizationCode"`, `"AuthorizationCode"`, 1)
	w.put(provider, settings)
	for body, says := range map[string]string{
		`{"properties":{"oauth2grantType":"ClientCredentials","parameters":{"tokenUrl":"https://evil.example"}}}`: "set 'tokenUrl' at the provider",
		`{"properties":{"oauth2grantType":"ClientCredentials","parameters":{"clientId":"other"}}}`:                "clientSecret is required",
	} {
		if err := w.refused(main, body); !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", body, err, says)
		}
	}
}
