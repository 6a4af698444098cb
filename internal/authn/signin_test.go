package authn_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/directory"
)

const (
	authorizePath = "/" + tenant + "/oauth2/v2.0/authorize"
	console       = base + "/console/"
	verifier      = "a-verifier-that-is-long-enough-for-the-standard"
)

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is the console's request for a code, with some parameters changed; a value of "-" leaves the parameter out.
func request(changes ...string) url.Values {
	v := url.Values{
		"client_id": {"atelier-console"}, "redirect_uri": {console}, "response_type": {"code"}, "scope": {base + "/.default openid profile"},
		"state": {"s1"}, "nonce": {"n1"}, "code_challenge": {challenge()}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			v.Del(changes[i])
		}
	}
	return v
}

// signIn sends the form of the sign-in page.
func (h *house) signIn(name, pass string, changes ...string) *httptest.ResponseRecorder {
	v := request(changes...)
	v.Set("username", name)
	v.Set("password", pass)
	return h.ask("POST", authorizePath, v.Encode())
}

func (h *house) code() string {
	h.t.Helper()
	w := h.signIn(username, password)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != 303 || to.Query().Get("code") == "" {
		h.t.Fatalf("%d %q %v: %s", w.Code, w.Header().Get("Location"), err, w.Body)
	}
	return to.Query().Get("code")
}

func (h *house) redeem(code string, changes ...string) *httptest.ResponseRecorder {
	v := url.Values{"grant_type": {"authorization_code"}, "client_id": {"atelier-console"}, "code": {code}, "redirect_uri": {console}, "code_verifier": {verifier}}
	for i := 0; i < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return h.ask("POST", tokenPath, v.Encode())
}

func (h *house) session() *http.Cookie {
	h.t.Helper()
	w := h.redeem(h.code())
	cookies := w.Result().Cookies()
	if w.Code != 200 || len(cookies) != 1 {
		h.t.Fatalf("%d %s, cookies %v", w.Code, w.Body, cookies)
	}
	return cookies[0]
}

func (h *house) renew(c *http.Cookie, edit ...func(*http.Request)) *httptest.ResponseRecorder {
	edit = append(edit, func(r *http.Request) {
		if c != nil {
			r.AddCookie(c)
		}
	})
	return h.ask("POST", tokenPath, form("grant_type", "refresh_token", "client_id", "atelier-console"), edit...)
}

func TestPeopleSignInAtOurPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	page := h.ask("GET", authorizePath+"?"+request("login_hint", `a"><script>`).Encode(), "")
	for _, want := range []string{`name="username"`, `type="password"`, `name="state" value="s1"`, `autocomplete="current-password"`, `<label for="password">`} {
		if page.Code != 200 || !strings.Contains(page.Body.String(), want) {
			t.Errorf("%d, the page lacks %s:\n%s", page.Code, want, page.Body)
		}
	}
	if strings.Contains(page.Body.String(), "<script") {
		t.Error("the hint is not escaped")
	}
	w := h.redeem(h.code())
	got := decode(t, w)
	caller, err := h.Verify(t.Context(), got["access_token"].(string))
	if err != nil || caller.ObjectID != h.admin.User || caller.Username != username {
		t.Errorf("%+v, %v", caller, err)
	}
	c := claimsOf(t, got["access_token"].(string))
	if c["idtyp"] != "user" || c["upn"] != username || c["preferred_username"] != username || c["name"] != "Administrator" || !strings.Contains(c["scp"].(string), "openid") {
		t.Errorf("claims %v", c)
	}
	id := claimsOf(t, got["id_token"].(string))
	if id["aud"] != "atelier-console" || id["nonce"] != "n1" || id["oid"] != h.admin.User {
		t.Errorf("identity token %v", id)
	}
	if _, err := h.Verify(t.Context(), got["id_token"].(string)); code(err) != "InvalidAuthenticationTokenAudience" {
		t.Errorf("the identity token opens the API: %v", err)
	}
	if _, there := got["refresh_token"]; there {
		t.Error("a refresh token stands in the body")
	}
}

func TestTheSessionCookieIsForTheTokenEndpointAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.session()
	if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != tokenPath || c.Domain != "" {
		t.Errorf("%v", c)
	}
	w := h.renew(c)
	if got := decode(t, w); w.Code != 200 || got["refresh_token"] != nil || claimsOf(t, got["access_token"].(string))["oid"] != h.admin.User {
		t.Errorf("%d %v", w.Code, got)
	}
	cross := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	forged := *c
	forged.Value = "sealed%3Av1%3A00%3AAAAA"
	for name, w := range map[string]*httptest.ResponseRecorder{
		"without a cookie":       h.renew(nil),
		"forged":                 h.renew(&forged),
		"from another site":      h.renew(c, cross("Sec-Fetch-Site", "cross-site")),
		"from another origin":    h.renew(c, cross("Origin", "https://evil.test")),
		"for a foreign resource": h.ask("POST", tokenPath, form("grant_type", "refresh_token", "client_id", "atelier-console", "scope", "https://x/.default"), func(r *http.Request) { r.AddCookie(c) }),
	} {
		if w.Code != 400 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	ended := func(h *house, c *http.Cookie, name string) {
		t.Helper()
		if w := h.renew(c); w.Code != 400 || decode(t, w)["error"] != "invalid_grant" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	h := newHouse(t)
	c := h.session()
	h.advance(12*time.Hour - time.Second)
	if w := h.renew(c); w.Code != 200 {
		t.Errorf("before its end: %d %s", w.Code, w.Body)
	}
	h.advance(time.Second)
	ended(h, c, "after twelve hours")

	c = h.session()
	w := h.ask("POST", tokenPath+"/revoke", "", func(r *http.Request) { r.AddCookie(c) })
	if cleared := w.Result().Cookies(); w.Code != 200 || len(cleared) != 1 || cleared[0].MaxAge >= 0 || cleared[0].Path != tokenPath {
		t.Errorf("revoke: %d %v", w.Code, cleared)
	}
	ended(h, c, "revoked")

	c = h.session()
	h.advance(time.Minute)
	next := "another long password"
	h.must(h.dir.Patch(t.Context(), by, h.admin.User, patch{Password: &next}))
	ended(h, c, "after a new password")

	ann, err := h.dir.CreateUser(t.Context(), by, directory.NewUser{DisplayName: "Ann", UserPrincipalName: "ann", Password: password})
	h.must(err)
	login := h.signIn("ann", password)
	to, err := url.Parse(login.Header().Get("Location"))
	h.must(err)
	c = h.redeem(to.Query().Get("code")).Result().Cookies()[0]
	no := false
	h.must(h.dir.Patch(t.Context(), by, ann.ObjectID, patch{AccountEnabled: &no}))
	ended(h, c, "disabled")
	h.must(h.dir.Delete(t.Context(), by, ann.ResourceID()))
	ended(h, c, "deleted")
}

func TestCodesWorkOnceForWhoAskedForThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	code := h.code()
	for name, changes := range map[string][]string{
		"another verifier":     {"code_verifier", verifier + "x"},
		"no verifier":          {"code_verifier", ""},
		"the challenge itself": {"code_verifier", challenge()},
		"another page":         {"redirect_uri", console + "x"},
		"another client":       {"client_id", client},
		"with a secret":        {"client_secret", secret},
		"altered":              {"code", code[:len(code)-2]},
	} {
		if w := h.redeem(code, changes...); w.Code == 200 {
			t.Errorf("%s: %s", name, w.Body)
		}
	}
	first := h.redeem(code)
	if first.Code != 200 {
		t.Fatalf("%d %s", first.Code, first.Body)
	}
	if w := h.redeem(code); w.Code != 400 || decode(t, w)["error"] != "invalid_grant" {
		t.Errorf("a second time: %d %s", w.Code, w.Body)
	}
	if w := h.renew(first.Result().Cookies()[0]); w.Code != 400 {
		t.Errorf("the session of a code that was shown twice goes on: %d", w.Code)
	}
	if w := h.redeem(code); w.Code != 400 {
		t.Errorf("a code that was shown twice works the third time: %d", w.Code)
	}
	late := h.code()
	h.advance(time.Minute)
	if w := h.redeem(late); w.Code != 400 {
		t.Errorf("after a minute: %d", w.Code)
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, to := range []string{
		"", "https://evil.test/", "https://evil.test/console/", base, base + "/", base + "/console", base + "/consolex/", base + ".evil.test/console/",
		"http://atelier.test:8443/console/", "https://atelier.test:8443@evil.test/console/", base + "/console/../x", base + "/console/%2e%2e/x", base + "/console/..", base + "/console/a/../../x",
		base + "/console/\\evil.test", base + "/console/?x=y", base + "/console/#x", base + "//console/", "//atelier.test:8443/console/", "javascript:alert(1)", base + "/console//evil.test",
	} {
		page := h.ask("GET", authorizePath+"?"+request("redirect_uri", to).Encode(), "")
		post := h.signIn(username, password, "redirect_uri", to)
		out := h.ask("GET", "/"+tenant+"/oauth2/v2.0/logout?post_logout_redirect_uri="+url.QueryEscape(to), "")
		if page.Code != 400 || page.Header().Get("Location") != "" || post.Code != 400 || post.Header().Get("Location") != "" || out.Header().Get("Location") != "" {
			t.Errorf("%q: %d %q, %d %q, %q", to, page.Code, page.Header().Get("Location"), post.Code, post.Header().Get("Location"), out.Header().Get("Location"))
		}
	}
	for _, to := range []string{console, console + "callback", console + "a/b/"} {
		if w := h.ask("GET", authorizePath+"?"+request("redirect_uri", to).Encode(), ""); w.Code != 200 {
			t.Errorf("%q: %d", to, w.Code)
		}
	}
	if w := h.ask("GET", "/"+tenant+"/oauth2/v2.0/logout?post_logout_redirect_uri="+url.QueryEscape(console)+"&state=x", ""); w.Code != 303 || w.Header().Get("Location") != console+"?state=x" {
		t.Errorf("logout: %d %q", w.Code, w.Header().Get("Location"))
	}
}

func TestOtherFaultsAreToldToTheConsole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		change []string
		want   string
	}{
		{[]string{"response_type", "token"}, "unsupported_response_type"},
		{[]string{"code_challenge", "-"}, "invalid_request"},
		{[]string{"code_challenge_method", "plain"}, "invalid_request"},
		{[]string{"response_mode", "form_post"}, "invalid_request"},
		{[]string{"scope", "https://vault.azure.net/.default"}, "invalid_scope"},
		{[]string{"prompt", "none"}, "login_required"},
	} {
		w := h.ask("GET", authorizePath+"?"+request(c.change...).Encode(), "")
		to, err := url.Parse(w.Header().Get("Location"))
		if err != nil || w.Code != 303 || to.Query().Get("error") != c.want || to.Query().Get("state") != "s1" || !strings.HasPrefix(to.String(), console) {
			t.Errorf("%v: %d %v", c.change, w.Code, to)
		}
	}
	if w := h.ask("GET", authorizePath+"?"+request("client_id", "other").Encode(), ""); w.Code != 400 || w.Header().Get("Location") != "" {
		t.Errorf("unknown client: %d", w.Code)
	}
	if w := h.ask("GET", authorizePath+"?"+request().Encode()+"&state=again", ""); w.Code != 400 {
		t.Errorf("a parameter twice: %d", w.Code)
	}
	if w := h.signIn(username, password, "response_mode", "fragment"); !strings.HasPrefix(w.Header().Get("Location"), console+"#code=") {
		t.Errorf("fragment: %q", w.Header().Get("Location"))
	}
}

func TestThePageRunsNothingAndCannotBeFramed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.ask("GET", authorizePath+"?"+request().Encode(), "")
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindStringSubmatch(w.Body.String())
	if style == nil {
		t.Fatal("no style")
	}
	sum := sha256.Sum256([]byte(style[1]))
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self' " + base, "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q lacks %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || w.Header().Get("X-Frame-Options") != "DENY" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", w.Header())
	}
	v := request()
	v.Set("username", username)
	v.Set("password", password)
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.test"} {
		w := h.ask("POST", authorizePath, v.Encode(), func(r *http.Request) { r.Header.Set(name, value) })
		if w.Code != 403 || w.Header().Get("Location") != "" {
			t.Errorf("a form of another site (%s): %d", name, w.Code)
		}
	}
}

func TestWrongNameAndWrongPasswordLookAlike(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	wrong, unknown := h.signIn(username, "wrong"), h.signIn("nob@contoso", "wrong")
	a := strings.ReplaceAll(wrong.Body.String(), username, "NAME")
	b := strings.ReplaceAll(unknown.Body.String(), "nob@contoso", "NAME")
	if wrong.Code != 401 || unknown.Code != 401 || a != b || !strings.Contains(a, "wrong.") {
		t.Errorf("%d:\n%s\n%d:\n%s", wrong.Code, a, unknown.Code, b)
	}
}

func TestGuessingIsSlowedDownByName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{username, "nobody"} {
		h := newHouse(t)
		for range 5 {
			if w := h.signIn(name, "wrong"); w.Code != 401 {
				t.Errorf("%s: %d", name, w.Code)
			}
		}
		w := h.signIn(strings.ToUpper(name), password)
		if w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "Try again in 1 s") {
			t.Errorf("%s, the sixth: %d %v", name, w.Code, w.Header())
		}
		if other := h.signIn("someone else", "wrong"); other.Code != 401 {
			t.Errorf("another name is slowed down too: %d", other.Code)
		}
		h.advance(time.Second)
		if w := h.signIn(username, password); w.Code != 303 {
			t.Errorf("%s, a second later the owner signs in: %d", name, w.Code)
		}
	}
}

func TestDisabledPeopleAreToldSoOnlyWithTheRightPassword(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.dir.CreateUser(t.Context(), by, directory.NewUser{DisplayName: "Ann", UserPrincipalName: "ann", Password: password, Disabled: true})
	h.must(err)
	if w := h.signIn("ann", "wrong"); strings.Contains(w.Body.String(), "disabled") {
		t.Error("told to anyone")
	}
	if w := h.signIn("ann", password); w.Code != 401 || !strings.Contains(w.Body.String(), "disabled") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
