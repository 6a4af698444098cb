package authn_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/authn"
	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/store"
)

// provider is an OpenID provider of its own: it listens with TLS, checks PKCE, client and redirect URI, gives each code once and signs identity tokens.
// Whoever comes is "ada-there" unless it is told otherwise.
type provider struct {
	*httptest.Server
	t      testing.TB
	now    func() time.Time
	key    *rsa.PrivateKey
	client string
	secret string

	mu     sync.Mutex
	codes  map[string]url.Values // the requests they were given for
	n      int
	claims map[string]any // what identity tokens say besides, or instead
	forger *rsa.PrivateKey
	answer func(w http.ResponseWriter) bool // instead of the token endpoint
	meta   map[string]any
}

func newProvider(t testing.TB, now func() time.Time) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, now: now, key: key, client: "atelier-here", codes: map[string]url.Values{}, claims: map[string]any{}, meta: map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.metadata)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "one", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewTLSServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) metadata(w http.ResponseWriter, _ *http.Request) {
	m := map[string]any{"issuer": p.URL, "jwks_uri": p.URL + "/keys", "authorization_endpoint": p.URL + "/authorize?theme=dark", "token_endpoint": p.URL + "/token"}
	for name, v := range p.meta {
		m[name] = v
	}
	_ = json.NewEncoder(w).Encode(m)
}

// authorize signs everybody in.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != p.client || q.Get("redirect_uri") != base+"/"+tenant+"/oauth2/v2.0/callback" || q.Get("response_type") != "code" ||
		q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || !strings.Contains(q.Get("scope"), "openid") || q.Get("theme") != "dark" {
		http.Error(w, "no such request: "+r.URL.String(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.n++
	code := "code-" + string(rune('a'+p.n))
	p.codes[code] = q
	p.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	if p.answer != nil && p.answer(w) {
		return
	}
	_ = r.ParseForm()
	p.mu.Lock()
	asked, known := p.codes[r.PostForm.Get("code")]
	delete(p.codes, r.PostForm.Get("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	user, shown, basic := r.BasicAuth()
	if !basic {
		user, shown = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if !known || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) || user != p.client || shown != p.secret || r.PostForm.Get("redirect_uri") != asked.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":"invalid_grant"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "none of our business", "token_type": "Bearer", "id_token": p.sign(asked.Get("nonce"))})
}

func (p *provider) sign(nonce string) string {
	c := map[string]any{"iss": p.URL, "sub": "ada-there", "aud": p.client, "nonce": nonce, "iat": p.now().Unix(), "exp": p.now().Add(time.Hour).Unix(), "groups": []string{"staff", "others"}}
	for name, v := range p.claims {
		c[name] = v
		if v == nil {
			delete(c, name)
		}
	}
	key := p.key
	if p.forger != nil {
		key = p.forger
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "one"))
	if err != nil {
		p.t.Error(err)
		return ""
	}
	text, err := jwt.Signed(signer).Claims(c).Serialize()
	if err != nil {
		p.t.Error(err)
	}
	return text
}

// abroad is an installation that knows a provider.
type abroad struct {
	*house
	*provider
	issuer directory.Issuer
	group  string
	told   []authn.SignIn
}

func newAbroad(t *testing.T, change ...func(*directory.Issuer)) *abroad {
	t.Helper()
	x := &abroad{house: newHouse(t)}
	x.provider = newProvider(t, x.house.Now)
	browser := x.provider.Client()
	s, err := authn.New(t.Context(), authn.Config{
		Store: x.store, Directory: x.dir, Secrets: x.ring, ManagementURL: base, Now: x.house.Now, Audit: func(_ context.Context, e authn.SignIn) { x.told = append(x.told, e) },
		Fetch: func(ctx context.Context, address string) ([]byte, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			if err != nil {
				return nil, err
			}
			res, err := browser.Do(req)
			if err != nil {
				return nil, err
			}
			defer res.Body.Close()
			return io.ReadAll(res.Body)
		},
		Post: func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
			if err != nil {
				return 0, nil, err
			}
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if user != "" {
				req.SetBasicAuth(user, password)
			}
			res, err := browser.Do(req)
			if err != nil {
				return 0, nil, err
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			return res.StatusCode, body, err
		},
	})
	x.house.must(err)
	x.Service = s
	g, err := x.dir.CreateGroup(t.Context(), store.Actor{}, directory.NewGroup{DisplayName: "Staff", MailNickname: "staff"})
	x.house.must(err)
	x.group = g.ObjectID
	i := directory.Issuer{
		DisplayName: "Else & where", Issuer: x.URL, Audiences: []string{"api://atelier"}, Enabled: true, ClientID: x.client,
		Subjects: map[string]string{"ada-there": x.admin.User, "program": x.admin.ServicePrincipal}, Groups: map[string]string{"staff": g.ObjectID},
	}
	for _, c := range change {
		c(&i)
	}
	x.issuer = x.put(i)
	return x
}

func (x *abroad) put(i directory.Issuer) directory.Issuer {
	x.house.t.Helper()
	i, err := x.dir.PutIssuer(x.house.t.Context(), store.Actor{}, i)
	x.house.must(err)
	return i
}

// goOut follows the link of the sign-in page: the provider's address, and the cookie of the journey.
func (x *abroad) goOut(changes ...string) (string, *http.Cookie) {
	x.house.t.Helper()
	v := request(changes...)
	v.Set("issuer", x.issuer.ID)
	w := x.ask("GET", "/"+tenant+"/oauth2/v2.0/external?"+v.Encode(), "")
	cookies := w.Result().Cookies()
	if w.Code != 303 || len(cookies) != 1 || !strings.HasPrefix(w.Header().Get("Location"), x.URL+"/authorize?") {
		x.house.t.Fatalf("%d %s %v %s", w.Code, w.Header().Get("Location"), cookies, w.Body)
	}
	return w.Header().Get("Location"), cookies[0]
}

// signedThere is the query with which the provider sends the browser back.
func (x *abroad) signedThere(address string) url.Values {
	x.house.t.Helper()
	browser := x.provider.Client()
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := browser.Get(address)
	x.house.must(err)
	res.Body.Close()
	to, err := res.Location()
	x.house.must(err)
	return to.Query()
}

func (x *abroad) comeBack(q url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	return x.ask("GET", "/"+tenant+"/oauth2/v2.0/callback?"+q.Encode(), "", func(r *http.Request) {
		for _, c := range cookies {
			r.AddCookie(c)
		}
	})
}

// journey is all of it.
func (x *abroad) journey() *httptest.ResponseRecorder {
	x.house.t.Helper()
	address, cookie := x.goOut()
	return x.comeBack(x.signedThere(address), cookie)
}

func (x *abroad) codeOf(w *httptest.ResponseRecorder) string {
	x.house.t.Helper()
	to, err := url.Parse(w.Header().Get("Location"))
	if w.Code != 303 || err != nil || !strings.HasPrefix(to.String(), console+"?") || to.Query().Get("state") != "s1" {
		x.house.t.Fatalf("%d %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	return to.Query().Get("code")
}

func TestPeopleSignInThroughAnotherIssuer(t *testing.T) {
	t.Parallel()
	x := newAbroad(t)
	page := x.ask("GET", authorizePath+"?"+request().Encode(), "").Body.String()
	if !strings.Contains(page, "Continue with Else &amp; where</a>") || !strings.Contains(page, `href="external?`) {
		t.Errorf("the page does not offer the issuer:\n%s", page)
	}
	w := x.redeem(x.codeOf(x.journey()))
	got := decode(t, w)
	caller, err := x.Verify(t.Context(), got["access_token"].(string))
	if err != nil || caller.ObjectID != x.admin.User || len(caller.Groups) != 1 || caller.Groups[0] != x.group {
		t.Errorf("%+v, %v", caller, err)
	}
	if id := claimsOf(t, got["id_token"].(string)); id["nonce"] != "n1" || id["oid"] != x.admin.User {
		t.Errorf("our identity token says %v", id)
	}
	session := w.Result().Cookies()[0]
	renewed := decode(t, x.renew(session))
	if caller, err := x.Verify(t.Context(), renewed["access_token"].(string)); err != nil || len(caller.Groups) != 1 {
		t.Errorf("renewed: %+v, %v", caller, err)
	}
	if n := len(x.told); n != 1 || x.told[0].Method != "identity provider" || x.told[0].Failure != "" || x.told[0].Actor.ObjectID != x.admin.User || x.told[0].Actor.Name != "ada-there" {
		t.Errorf("the audit holds %+v", x.told)
	}
}

func TestTheClientSecretOfAnIssuerIsUsedAndKept(t *testing.T) {
	t.Parallel()
	for name, methods := range map[string]any{"basic": nil, "post": []string{"client_secret_post"}} {
		x := newAbroad(t, func(i *directory.Issuer) { i.ClientSecret = "s3cret of ours" })
		x.secret = "s3cret of ours"
		if methods != nil {
			x.meta["token_endpoint_auth_methods_supported"] = methods
		}
		x.codeOf(x.journey())
		x.issuer.DisplayName = "Renamed" // without its secret, which stays
		x.put(x.issuer)
		x.codeOf(x.journey())
		x.secret = "another"
		if w := x.journey(); w.Code != 401 {
			t.Errorf("%s: %d with a secret that is wrong there", name, w.Code)
		}
	}
}

// A removed or switched off issuer ends what was begun through it, at once.
func TestAnIssuerThatIsSwitchedOffEndsItsSessions(t *testing.T) {
	t.Parallel()
	x := newAbroad(t)
	w := x.redeem(x.codeOf(x.journey()))
	token, session := decode(t, w)["access_token"].(string), w.Result().Cookies()[0]
	late := x.codeOf(x.journey())
	address, cookie := x.goOut()
	q := x.signedThere(address)

	unmapped := x.issuer
	unmapped.Groups = map[string]string{}
	x.put(unmapped)
	if caller, err := x.Verify(t.Context(), token); err != nil || len(caller.Groups) != 0 {
		t.Errorf("a group that is no longer mapped: %+v %v", caller, err)
	}
	off := x.issuer
	off.Enabled = false
	x.put(off)
	if _, err := x.Verify(t.Context(), token); code(err) != "InvalidAuthenticationToken" {
		t.Errorf("the token still opens: %v", err)
	}
	if w := x.renew(session); w.Code != 400 || decode(t, w)["error"] != "invalid_grant" {
		t.Errorf("the session goes on: %d %s", w.Code, w.Body)
	}
	if w := x.redeem(late); w.Code != 400 {
		t.Errorf("a code still works: %d", w.Code)
	}
	if w := x.comeBack(q, cookie); w.Code != 404 || !strings.Contains(w.Body.String(), "not offered here any more") {
		t.Errorf("a journey still ends well: %d %s", w.Code, w.Body)
	}
	if w := x.ask("GET", authorizePath+"?"+request().Encode(), ""); strings.Contains(w.Body.String(), "Continue with") {
		t.Error("the page still offers it")
	}
}

func TestAJourneyEndsOnceInTheBrowserThatBeganIt(t *testing.T) {
	t.Parallel()
	x := newAbroad(t)
	refused := func(what string, w *httptest.ResponseRecorder) {
		t.Helper()
		if w.Code != 400 || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), "Sign in from the console") {
			t.Errorf("%s: %d %q\n%s", what, w.Code, w.Header().Get("Location"), w.Body)
		}
	}
	address, cookie := x.goOut()
	if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/"+tenant+"/oauth2/v2.0/callback" {
		t.Errorf("the cookie is %v", cookie)
	}
	q := x.signedThere(address)
	refused("without the cookie", x.comeBack(q))
	_, foreign := x.goOut()
	refused("with the cookie of another journey", x.comeBack(q, foreign))
	forged := *cookie
	forged.Value = "sealed%3Av1%3A00%3AAAAA"
	refused("with a forged cookie", x.comeBack(q, &forged))
	twice := url.Values{"code": {q.Get("code"), "x"}, "state": q["state"]}
	refused("with a parameter twice", x.comeBack(twice, cookie))
	refused("without state", x.comeBack(url.Values{"code": q["code"]}, cookie))
	w := x.comeBack(q, cookie)
	x.codeOf(w)
	if gone := w.Result().Cookies(); len(gone) != 1 || gone[0].MaxAge != -1 {
		t.Errorf("the cookie stays: %v", gone)
	}
	refused("a second time", x.comeBack(q, cookie))
	address, cookie = x.goOut()
	q = x.signedThere(address)
	x.advance(11 * time.Minute)
	refused("too late", x.comeBack(q, cookie))
	if n := len(x.told); n != 1 {
		t.Errorf("%d sign-ins are told of, want the one", n)
	}
}

func TestIdentityTokensThatAreNotForUsAreRefused(t *testing.T) {
	t.Parallel()
	x := newAbroad(t)
	for name, claims := range map[string]map[string]any{
		"another issuer":             {"iss": "https://evil.example"},
		"another client":             {"aud": "somebody-else"},
		"several without a party":    {"aud": []string{"atelier-here", "somebody-else"}},
		"another party":              {"aud": []string{"atelier-here", "somebody-else"}, "azp": "somebody-else"},
		"the token's own audience":   {"aud": "api://atelier"},
		"another nonce":              {"nonce": "n1"},
		"no nonce":                   {"nonce": nil},
		"expired":                    {"exp": x.house.Now().Add(-2 * time.Minute).Unix()},
		"without expiry":             {"exp": nil},
		"from the future":            {"iat": x.house.Now().Add(time.Hour).Unix()},
		"without a time of issue":    {"iat": nil},
		"not valid yet":              {"nbf": x.house.Now().Add(time.Hour).Unix()},
		"somebody whom nobody knows": {"sub": "eve"},
		"nobody":                     {"sub": nil},
		"a subject that is no text":  {"sub": 7},
		"a program":                  {"sub": "program"},
	} {
		x.claims = claims
		w := x.journey()
		if w.Code != 401 || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), `role="alert"`) || !strings.Contains(w.Body.String(), `name="state" value="s1"`) {
			t.Errorf("%s: %d %q\n%s", name, w.Code, w.Header().Get("Location"), w.Body)
		}
		if last := x.told[len(x.told)-1]; last.Failure == "" {
			t.Errorf("%s is told of as %+v", name, last)
		}
	}
	x.claims = map[string]any{}
	forger, err := rsa.GenerateKey(rand.Reader, 2048)
	x.house.must(err)
	x.forger = forger
	if w := x.journey(); w.Code != 401 {
		t.Errorf("a foreign signature: %d", w.Code)
	}
	x.forger = nil
	x.codeOf(x.journey())
}

func TestAnswersOfAnIssuerAreBounded(t *testing.T) {
	t.Parallel()
	x := newAbroad(t)
	for name, answer := range map[string]func(w http.ResponseWriter){
		"an error":          func(w http.ResponseWriter) { w.WriteHeader(500) },
		"no JSON":           func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>") },
		"no identity token": func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"access_token":"a"}`) },
		"no token":          func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"id_token":"a.b.c"}`) },
		"no signature": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"id_token":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEtdGhlcmUifQ."}`)
		},
		"a very long token": func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"id_token":"`+strings.Repeat("a", 33<<10)+`"}`)
		},
		"a redirect": func(w http.ResponseWriter) { w.Header().Set("Location", "https://evil.example/"); w.WriteHeader(307) },
	} {
		x.answer = func(w http.ResponseWriter) bool { answer(w); return true }
		if w := x.journey(); w.Code != 401 || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	x.answer = nil
	address, cookie := x.goOut()
	state, _ := url.Parse(address)
	for _, q := range []url.Values{{"error": {"access_denied"}}, {"error": {"server_error"}, "error_description": {"<script>"}}, {}, {"code": {"made-up"}}, {"code": {"x"}, "iss": {"https://evil.example"}}} {
		q.Set("state", state.Query().Get("state"))
		w := x.comeBack(q, cookie)
		if w.Code != 401 || strings.Contains(w.Body.String(), "<script>") {
			t.Errorf("%v: %d %s", q, w.Code, w.Body)
		}
		address, cookie = x.goOut()
		state, _ = url.Parse(address)
	}
}

// Nobody is ever sent to an address that a request chose.
func TestSignInThroughAnIssuerIsNoOpenRedirect(t *testing.T) {
	t.Parallel()
	x := newAbroad(t)
	for _, changes := range [][]string{
		{"redirect_uri", "https://evil.example/"}, {"redirect_uri", base + "/console/../../x"}, {"client_id", "another"}, {"code_challenge", "-"}, {"scope", "https://evil.example/.default"},
	} {
		v := request(changes...)
		v.Set("issuer", x.issuer.ID)
		w := x.ask("GET", "/"+tenant+"/oauth2/v2.0/external?"+v.Encode(), "")
		if w.Code != 400 || w.Header().Get("Location") != "" {
			t.Errorf("%v: %d %s", changes, w.Code, w.Header().Get("Location"))
		}
	}
	v := request()
	v.Set("issuer", "https://evil.example")
	if w := x.ask("GET", "/"+tenant+"/oauth2/v2.0/external?"+v.Encode(), ""); w.Code != 404 || w.Header().Get("Location") != "" {
		t.Errorf("an issuer of the request's own: %d %s", w.Code, w.Header().Get("Location"))
	}
	v = request("state", strings.Repeat("s", 2000), "nonce", strings.Repeat("n", 256), "scope", base+"/.default "+strings.Repeat("openid ", 200))
	v.Set("issuer", x.issuer.ID)
	if w := x.ask("GET", "/"+tenant+"/oauth2/v2.0/external?"+v.Encode(), ""); w.Code != 400 || len(w.Result().Cookies()) != 0 {
		t.Errorf("a request that no cookie can hold: %d", w.Code)
	}
}

func TestMetadataOfAnIssuerMustBeItsOwn(t *testing.T) {
	t.Parallel()
	for name, meta := range map[string]map[string]any{
		"another issuer":        {"issuer": "https://evil.example"},
		"no authorization":      {"authorization_endpoint": nil},
		"plain http":            {"authorization_endpoint": "http://id.example/authorize"},
		"a script":              {"authorization_endpoint": "javascript:alert(1)"},
		"a plain token address": {"token_endpoint": "http://id.example/token"},
	} {
		x := newAbroad(t)
		x.meta = meta
		v := request()
		v.Set("issuer", x.issuer.ID)
		w := x.ask("GET", "/"+tenant+"/oauth2/v2.0/external?"+v.Encode(), "")
		if w.Code != 502 || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), "can&#39;t be reached") {
			t.Errorf("%s: %d %s\n%s", name, w.Code, w.Header().Get("Location"), w.Body)
		}
	}
	x := newAbroad(t)
	x.meta["authorization_response_iss_parameter_supported"] = true
	if w := x.journey(); w.Code != 401 {
		t.Errorf("an answer without iss of an issuer that sends it: %d", w.Code)
	}
}

// A name alone makes nobody an administrator, and an address counts only when the issuer vouches for it.
func TestNamesOfAnIssuerGoAsFarAsTheyAreTrusted(t *testing.T) {
	t.Parallel()
	x := newAbroad(t, func(i *directory.Issuer) {
		i.Match, i.UserClaim, i.Subjects = directory.MatchUserPrincipalName, "email", nil
	})
	_, err := x.dir.CreateUser(t.Context(), store.Actor{}, directory.NewUser{DisplayName: "Bob", UserPrincipalName: "bob@contoso", MailNickname: "bob", Password: "a long password of bob"})
	x.house.must(err)
	for _, c := range []struct {
		email    string
		verified any
		want     int
	}{{"bob@contoso", true, 303}, {"bob@contoso", false, 401}, {"bob@contoso", nil, 401}, {"bob@contoso", "true", 401}, {username, true, 401}, {"nobody@contoso", true, 401}} {
		x.claims = map[string]any{"email": c.email, "email_verified": c.verified}
		if w := x.journey(); w.Code != c.want {
			t.Errorf("%s, verified %v: %d, want %d", c.email, c.verified, w.Code, c.want)
		}
	}
}
