package keeper_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential/credentialtest"
)

const after = "https://portal.example/done?x=1"

// browser is a person's browser: it keeps cookies, and what it asks of the management address it asks of the keeper.
type browser struct {
	*http.Client
	w *world
	t *testing.T
}

func (w *world) browser() *browser {
	w.t.Helper()
	manage := httptest.NewTLSServer(w.keeper.Handler())
	w.t.Cleanup(manage.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	dial := manage.Client().Transport.(*http.Transport).Clone()
	dial.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // the name is not the certificate's
	b := &browser{&http.Client{Jar: jar, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host != "manage.example" {
			return http.DefaultTransport.RoundTrip(r)
		}
		r = r.Clone(r.Context())
		r.URL.Host = manage.Listener.Addr().String()
		return dial.RoundTrip(r)
	})}, w, w.t}
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// get opens an address and says what came: status, where it leads, and the page.
func (b *browser) get(address string) (int, string, string) {
	b.t.Helper()
	res, err := b.Get(address)
	return b.read(res, err)
}

func (b *browser) read(res *http.Response, err error) (int, string, string) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Location"), string(page)
}

// press sends the form of a login page.
func (b *browser) press(link string) (int, string, string) {
	b.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.PostForm(address+"/authorizations/login", url.Values{"code": {u.Query().Get("code")}})
	return b.read(res, err)
}

// link gets a login link of the connection.
func (w *world) link() string {
	w.t.Helper()
	out, err := w.act(main, "getLoginLinks", `{"postLoginRedirectUrl":"`+after+`"}`)
	if err != nil {
		w.t.Fatal(err)
	}
	return out["loginLink"]
}

// confirm takes the question away from a link.
func (w *world) confirm(link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return err
	}
	_, err = w.act(main, "confirmConsentCode", `{"consentCode":"`+u.Query().Get("code")+`"}`)
	return err
}

// consent goes the whole way: link, provider, back; asked says whether through the page that asks.
func (w *world) consent(asked bool) {
	w.t.Helper()
	b, link := w.browser(), w.link()
	if !asked {
		if err := w.confirm(link); err != nil {
			w.t.Fatal(err)
		}
	}
	status, next, page := b.get(link)
	if asked {
		if status != http.StatusOK || !strings.Contains(page, "<strong>contoso</strong>") {
			w.t.Fatalf("the link shows %d %s", status, page)
		}
		status, next, page = b.press(link)
	}
	if status != http.StatusSeeOther {
		w.t.Fatalf("the link leads nowhere: %d %s", status, page)
	}
	_, back, _ := b.get(next)
	if status, next, page = b.get(back); status != http.StatusSeeOther || next != after {
		w.t.Fatalf("the browser ends up with %d at %q: %s", status, next, page)
	}
}

func TestAPersonConsentsAndIsSentWhereTheLinkWasMadeFor(t *testing.T) {
	t.Parallel()
	for _, asked := range []bool{true, false} {
		s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
		if shown := w.with(s, "AuthorizationCode"); !strings.Contains(shown, "Unauthenticated") {
			t.Errorf("before: %s", shown)
		}
		w.consent(asked)
		if a := w.connection(); !a.Connected() || a.State().Access != "canary-access-2" {
			t.Errorf("the connection is %+v", a)
		}
		form := s.Forms()[0]
		if form.Get("redirect_uri") != address+"/authorizations/redirect/apim/contoso" || form.Get("code_verifier") == "" {
			t.Errorf("the provider was sent %v", form)
		}
	}
}

func TestALinkIsUsedOnceAndEndsAfterTenMinutes(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	b, link := w.browser(), w.link()
	for range 2 { // programs look at links before people do
		if status, _, _ := b.get(link); status != http.StatusOK {
			t.Errorf("looking at a link gave %d", status)
		}
	}
	if status, _, _ := b.press(link); status != http.StatusSeeOther {
		t.Errorf("the first use gave %d", status)
	}
	if status, _, page := b.press(link); status != http.StatusBadRequest || !strings.Contains(page, "Ask for a new one") {
		t.Errorf("the second use gave %d %s", status, page)
	}
	late := w.link()
	w.clock.Add(10 * time.Minute)
	if status, _, _ := b.get(late); status != http.StatusBadRequest {
		t.Errorf("a link of ten minutes ago gave %d", status)
	}
	if err := w.confirm(late); err == nil {
		t.Error("a link of ten minutes ago was confirmed")
	}
}

func TestAConsentIsTakenFromTheBrowserThatLeftForItAlone(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	mine, other := w.browser(), w.browser()
	_, next, _ := mine.press(w.link())
	_, back, _ := mine.get(next)
	if status, _, _ := other.get(back); status != http.StatusBadRequest || w.connection().Connected() {
		t.Errorf("another browser brought the consent: %d", status)
	}
	if status, _, _ := mine.get(strings.Replace(back, "/contoso", "/fabrikam", 1)); status != http.StatusBadRequest || w.connection().Connected() {
		t.Errorf("the consent was taken at the address of another service: %d", status)
	}
	_, next, _ = mine.press(w.link())
	_, back, _ = mine.get(next)
	if status, _, _ := mine.get(back); status != http.StatusSeeOther {
		t.Errorf("the browser itself: %d", status)
	}
	if status, _, _ := mine.get(back); status != http.StatusBadRequest {
		t.Errorf("a state was taken twice: %d", status)
	}
}

func TestAnAnswerThatComesTooLateIsWorthNothing(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	b := w.browser()
	_, next, _ := b.press(w.link())
	_, back, _ := b.get(next)
	w.clock.Add(10 * time.Minute)
	if status, _, _ := b.get(back); status != http.StatusBadRequest || len(s.Forms()) != 0 {
		t.Errorf("got %d, and the provider was asked %v", status, s.Forms())
	}
}

func TestWhatTheProviderRefusesLeavesTheConnectionAsItWas(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{Life: time.Hour}), newWorld(t)
	w.with(s, "AuthorizationCode")
	w.consent(true)
	s.Set(func(r *credentialtest.Rules) { r.Deny = true })
	b := w.browser()
	_, next, _ := b.press(w.link())
	_, back, _ := b.get(next)
	if status, _, page := b.get(back); status != http.StatusBadRequest || !strings.Contains(page, "access_denied") {
		t.Errorf("a consent that was denied shows %d %s", status, page)
	}
	s.Set(func(r *credentialtest.Rules) { r.Deny, r.Status, r.Error = false, 400, "invalid_grant" })
	_, next, _ = b.press(w.link())
	_, back, _ = b.get(next)
	if status, _, page := b.get(back); status != http.StatusBadGateway || !strings.Contains(page, "invalid_grant") || strings.Contains(page, "canary") {
		t.Errorf("a code that was refused shows %d %s", status, page)
	}
	if a := w.connection(); !a.Connected() || a.State().Access != "canary-access-2" {
		t.Errorf("the connection is %+v", a)
	}
}

func TestAProviderThatIsMovedWhileSomebodySignsInGetsNoCode(t *testing.T) {
	t.Parallel()
	s, other, w := credentialtest.New(t, credentialtest.Rules{}), credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	b := w.browser()
	_, next, _ := b.press(w.link())
	_, back, _ := b.get(next)
	w.put(provider, providerBody(other, "another-secret"))
	if status, _, _ := b.get(back); status != http.StatusBadGateway || len(other.Forms()) != 0 {
		t.Errorf("got %d, and the other server was sent %v", status, other.Forms())
	}
}

func TestLoginLinksAreMadeForAddressesOfTheWebAndConnectionsThatNeedThem(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	for _, body := range []string{``, `{}`, `[]`, `{"postLoginRedirectUrl":"/console"}`, `{"postLoginRedirectUrl":"javascript:alert(1)"}`, `{"postLoginRedirectUrl":"http://portal.example/"}`} {
		if _, err := w.act(main, "getLoginLinks", body); err == nil {
			t.Errorf("%q got a link", body)
		}
	}
	other := provider + "/authorizations/other"
	w.put(other, `{"properties":{"oauth2grantType":"ClientCredentials"}}`)
	if _, err := w.act(other, "getLoginLinks", `{"postLoginRedirectUrl":"`+after+`"}`); err == nil || !strings.Contains(err.Error(), "nobody signs in") {
		t.Errorf("a connection that needs no consent: %v", err)
	}
	w.put(other, `{"properties":{"oauth2grantType":"AuthorizationCode"}}`)
	u, _ := url.Parse(w.link())
	for _, code := range []string{"", "nonsense", u.Query().Get("code")} {
		if _, err := w.act(other, "confirmConsentCode", `{"consentCode":"`+code+`"}`); err == nil {
			t.Errorf("the code %.10q was confirmed for another connection", code)
		}
	}
	var e *arm.Error
	for range 60 {
		if _, err := w.act(main, "getLoginLinks", `{"postLoginRedirectUrl":"`+after+`"}`); err != nil {
			errors.As(err, &e)
		}
	}
	if e == nil || e.Code != "TooManyLoginLinks" {
		t.Errorf("links without end: %v", e)
	}
}

func TestAnotherSiteCannotPressTheButtonOrShowThePage(t *testing.T) {
	t.Parallel()
	s, w := credentialtest.New(t, credentialtest.Rules{}), newWorld(t)
	w.with(s, "AuthorizationCode")
	link := w.link()
	u, _ := url.Parse(link)
	r := httptest.NewRequest(http.MethodPost, address+"/authorizations/login", strings.NewReader(url.Values{"code": {u.Query().Get("code")}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	rec := httptest.NewRecorder()
	w.keeper.Handler().ServeHTTP(rec, r)
	if rec.Code != http.StatusForbidden {
		t.Errorf("another site's form gave %d", rec.Code)
	}
	rec = httptest.NewRecorder()
	w.keeper.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, link, nil))
	h := rec.Header()
	if rec.Code != http.StatusOK || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") || !strings.Contains(h.Get("Content-Security-Policy"), "form-action 'self' "+s.URL+";") ||
		h.Get("X-Frame-Options") != "DENY" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("the page is %d with %v", rec.Code, h)
	}
}

func TestAddressesBesideAreNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	for _, path := range []string{"", "login", "login?code=x", "redirect/apim/contoso", "redirect/apim/contoso?state=x&code=y", "redirect/apim/", "other"} {
		if status, to, _ := b.get(address + "/authorizations/" + path); status < 400 || to != "" {
			t.Errorf("%s gave %d %s", path, status, to)
		}
	}
}
