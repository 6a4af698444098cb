package authn

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/seal"
)

// People sign in through other OpenID Connect issuers with an authorization code, PKCE, state and nonce. The way there and back is one journey: the
// browser carries it in a sealed cookie, so that any control plane can take it up again and nobody else's browser can end it.

// Post sends a form and returns what is answered, guarded as Fetch is. It follows no redirects.
type Post func(ctx context.Context, address string, form url.Values, user, password string) (status int, body []byte, err error)

// Bounds of a journey.
const (
	journeyLife   = 10 * time.Minute
	journeyCookie = "__Secure-atelier-journey"
	maxJourney    = 3800 // bytes of the cookie: browsers drop larger ones
	maxIDToken    = 32 << 10
	maxViaGroups  = 64 // groups of ours that one sign-in may bring along: they travel in tokens
)

// journey is one sign-in through an issuer, from our page and back to it.
type journey struct {
	Issuer   string    `json:"i"` // id of the issuer
	Client   string    `json:"c"`
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Request  string    `json:"r"` // the console's request for a code, as a query
	Expires  time.Time `json:"e"`
}

var journeyAAD = seal.AAD("/"+namespace, "sign-in journey")

// via says through which issuer somebody signed in, and which groups of ours its groups stood for. It is empty for our own passwords.
type via struct {
	Issuer string   `json:"i,omitempty"`
	Groups []string `json:"g,omitempty"`
}

// stillVia is via as it counts now: false when the issuer is gone or switched off, without groups that are no longer mapped.
func (s *Service) stillVia(v via) (via, bool) {
	if v.Issuer == "" {
		return via{}, true
	}
	i, ok := s.directory.IssuerByID(v.Issuer)
	if !ok || i.ClientID == "" {
		return via{}, false
	}
	now := via{Issuer: v.Issuer}
	for _, ours := range i.Groups {
		if slices.Contains(v.Groups, ours) && !slices.Contains(now.Groups, ours) {
			now.Groups = append(now.Groups, ours)
		}
	}
	return now, true
}

// other is an issuer on the sign-in page.
type other struct{ Name, Address string }

// others are the issuers through which people can sign in, with the addresses at which such a sign-in begins.
func (s *Service) others(a authorization) (list []other) {
	if s.post == nil || s.fetch == nil {
		return nil
	}
	for _, i := range s.directory.Issuers() {
		if i.Enabled && i.ClientID != "" {
			q := a.query()
			q.Set("issuer", i.ID)
			list = append(list, other{i.DisplayName, "external?" + q.Encode()})
		}
	}
	return list
}

// query is the request as it came.
func (a authorization) query() url.Values {
	return url.Values{
		"client_id": {a.ClientID}, "redirect_uri": {a.Redirect}, "response_type": {"code"}, "response_mode": {a.Mode}, "scope": {a.Scope}, "state": {a.State},
		"nonce": {a.Nonce}, "code_challenge": {a.Challenge}, "code_challenge_method": {"S256"},
	}
}

// callback is where issuers send people back to. It depends on no header of the request.
func (s *Service) callback() string { return s.base + "/" + s.tenant + "/oauth2/v2.0/callback" }

// goOut sends somebody to an issuer.
func (s *Service) goOut(w http.ResponseWriter, r *http.Request) {
	a, bad, redirect := s.authorizationOf(r.URL.Query())
	if bad == nil {
		bad = redirect // the page links here with a good request; this one was tampered with
	}
	if bad != nil {
		s.showRefusal(w, bad)
		return
	}
	i, ok := s.directory.IssuerByID(r.URL.Query().Get("issuer"))
	if !ok || i.ClientID == "" || s.post == nil {
		s.again(w, http.StatusNotFound, a, "This identity provider is not offered here any more. Choose another way to sign in.")
		return
	}
	j := journey{Issuer: i.ID, Client: i.ClientID, State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text(), Request: a.query().Encode(), Expires: s.now().Add(journeyLife)}
	to, err := s.wayOut(r.Context(), i, j)
	if err != nil {
		slog.Warn("authn: a sign-in through an identity provider can't begin", "issuer", i.Issuer, "error", err)
		s.again(w, http.StatusBadGateway, a, fmt.Sprintf("%s can't be reached right now. Try again later, or tell your directory administrator.", i.DisplayName))
		return
	}
	text, err := json.Marshal(j)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	cookie := s.journeyCookie(s.secrets.Seal(string(text), journeyAAD))
	if len(cookie.Value) > maxJourney {
		s.showRefusal(w, invalidRequest("The request of the console is too long for a sign-in through %s.", i.DisplayName))
		return
	}
	http.SetCookie(w, cookie)
	leave(w, r, to)
}

// leave sends the browser to another site, which learns nothing of where it came from.
func leave(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// wayOut is the issuer's address for a request of ours.
func (s *Service) wayOut(ctx context.Context, i directory.Issuer, j journey) (string, error) {
	said, err := s.foreign.metadataOf(ctx, s.fetch, i.Issuer, s.now())
	if err != nil {
		return "", err
	}
	u, err := url.Parse(said.Authorize)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" || !strings.HasPrefix(said.Token, "https://") {
		return "", errors.New("its metadata names no authorization_endpoint and token_endpoint with https")
	}
	q := u.Query()
	for name, value := range map[string]string{
		"response_type": "code", "client_id": i.ClientID, "redirect_uri": s.callback(), "scope": i.Scope, "state": j.State, "nonce": j.Nonce,
		"code_challenge": s256(j.Verifier), "code_challenge_method": "S256",
	} {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// journeyCookie is sent to the callback alone, also when another site sends the browser there, and read by no script.
func (s *Service) journeyCookie(value string) *http.Cookie {
	c := &http.Cookie{
		Name: journeyCookie, Value: url.QueryEscape(value), Path: "/" + s.tenant + "/oauth2/v2.0/callback",
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(journeyLife.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// again shows the sign-in page with what went wrong.
func (s *Service) again(w http.ResponseWriter, status int, a authorization, problem string) {
	s.showSignIn(w, status, signInPage{Request: a, Problem: problem, Others: s.others(a)})
}

// comeBack takes somebody whom an issuer sends back. A journey ends well once. Only those that do are remembered, so that nobody can fill the memory
// without an account at the issuer; the others gave nothing.
func (s *Service) comeBack(w http.ResponseWriter, r *http.Request) {
	j, a, bad := s.arrived(r)
	http.SetCookie(w, s.journeyCookie(""))
	if bad != nil {
		s.showRefusal(w, bad)
		return
	}
	i, ok := s.directory.IssuerByID(j.Issuer)
	if !ok || i.ClientID != j.Client || s.post == nil {
		s.again(w, http.StatusNotFound, a, "This identity provider is not offered here any more. Choose another way to sign in.")
		return
	}
	p, v, claimed, err := s.admit(r, i, j)
	if claimed == "" {
		claimed = i.DisplayName
	}
	if err == nil && !s.returned.first(j.State, j.Expires, s.now()) {
		p, err = directory.Principal{}, errEnded
	}
	s.told(r, byIssuer, claimed, p, err)
	var said *oauthError
	switch {
	case err == nil:
		s.signedIn(w, r, a, p, v)
	case errors.As(err, &said):
		s.again(w, said.status, a, said.text)
	default:
		s.fail(w, r, err)
	}
}

// errEnded is one text for every journey that isn't this browser's, or not any more.
var errEnded = oauthErrorf(http.StatusBadRequest, "invalid_request", 50196, "This sign-in was begun in another browser, took longer than %d minutes, or has ended already. Sign in from the console.", int(journeyLife.Minutes()))

// arrived finds the journey that a request ends, and the console's request that began it. The error says that there is none of this browser's.
func (s *Service) arrived(r *http.Request) (j journey, a authorization, bad *oauthError) {
	q := r.URL.Query()
	if once(q) != nil {
		return j, a, errEnded
	}
	c, err := r.Cookie(journeyCookie)
	if err != nil {
		return j, a, errEnded
	}
	sealed, err := url.QueryUnescape(c.Value)
	if err != nil {
		return j, a, errEnded
	}
	text, err := s.secrets.Open(sealed, journeyAAD)
	if err != nil || json.Unmarshal([]byte(text), &j) != nil {
		return j, a, errEnded
	}
	now := s.now()
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(j.State)) != 1 || !now.Before(j.Expires) || s.returned.seen(j.State) {
		return j, a, errEnded
	}
	request, err := url.ParseQuery(j.Request)
	if err != nil {
		return j, a, errEnded
	}
	a, bad, redirect := s.authorizationOf(request)
	if bad == nil {
		bad = redirect
	}
	return j, a, bad
}

// admit finds whom the issuer says has signed in. claimed is what it calls them, as soon as that is known.
func (s *Service) admit(r *http.Request, i directory.Issuer, j journey) (p directory.Principal, v via, claimed string, err error) {
	q := r.URL.Query()
	said, err := s.foreign.metadataOf(r.Context(), s.fetch, i.Issuer, s.now())
	if err != nil {
		return p, v, "", outside("%s can't be reached right now. Try again later.", i.DisplayName)
	}
	switch iss := q.Get("iss"); {
	case iss != "" && iss != i.Issuer, iss == "" && said.NamesItself:
		return p, v, "", outside("The answer is not one of %s.", i.DisplayName)
	case q.Get("error") == "access_denied":
		return p, v, "", outside("%s did not sign you in: access was denied there.", i.DisplayName)
	case q.Get("error") != "" || q.Get("code") == "" || len(q.Get("code")) > maxState:
		return p, v, "", outside("%s did not sign you in.", i.DisplayName)
	}
	token, err := s.redeem(r.Context(), i, said, j, q.Get("code"))
	if err != nil {
		return p, v, "", err
	}
	all, err := s.identityOf(r.Context(), i, j, token)
	if err != nil {
		return p, v, "", err
	}
	claimed, _ = all[i.UserClaim].(string)
	if verified, _ := all["email_verified"].(bool); i.UserClaim == "email" && !verified {
		return p, v, claimed, outside("%s signed you in, but does not vouch for the address '%s'. Confirm it there first.", i.DisplayName, clip(claimed))
	}
	p, ok := s.directory.Subject(i, claimed)
	switch {
	case claimed == "" || !ok || p.Kind != directory.User:
		return directory.Principal{}, v, claimed, outside("%s signed you in, but what it calls you (its claim '%s') stands for nobody here. Ask your directory administrator.", i.DisplayName, i.UserClaim)
	case !p.Enabled:
		return p, v, claimed, outside("This account is disabled. Ask your directory administrator.")
	}
	v = via{Issuer: i.ID, Groups: mappedGroups(i, all)}
	if len(v.Groups) > maxViaGroups {
		return p, via{}, claimed, outside("%s says that you belong to more than %d groups that count here. Ask your directory administrator to map fewer.", i.DisplayName, maxViaGroups)
	}
	return p, v, claimed, nil
}

// outside is a refusal because of what an issuer said or didn't.
func outside(format string, args ...any) *oauthError {
	return oauthErrorf(http.StatusUnauthorized, "access_denied", 50020, format, args...)
}

// redeem exchanges the code for the identity token.
func (s *Service) redeem(ctx context.Context, i directory.Issuer, said metadata, j journey, code string) (string, error) {
	f := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {s.callback()}, "code_verifier": {j.Verifier}, "client_id": {i.ClientID}}
	secret, err := s.directory.IssuerSecret(i)
	if err != nil {
		return "", fmt.Errorf("the client secret for the issuer '%s': %w", i.Issuer, err)
	}
	user := ""
	switch {
	case secret == "":
	case len(said.Methods) == 0 || slices.Contains(said.Methods, "client_secret_basic"):
		user = i.ClientID
	default:
		f.Set("client_secret", secret)
	}
	status, body, err := s.post(ctx, said.Token, f, user, secret)
	var answer struct {
		IDToken string `json:"id_token"`
		Error   string `json:"error"`
	}
	if err == nil && json.Unmarshal(body, &answer) != nil {
		err = errors.New("its answer is no JSON")
	}
	if err != nil || status != http.StatusOK || answer.IDToken == "" {
		slog.Warn("authn: an identity provider gives no identity token", "issuer", i.Issuer, "status", status, "said", clip(answer.Error), "error", err)
		return "", outside("%s did not confirm the sign-in. Try again.", i.DisplayName)
	}
	return answer.IDToken, nil
}

// identityOf checks an identity token (OpenID Connect Core 3.1.3.7) and returns its claims.
func (s *Service) identityOf(ctx context.Context, i directory.Issuer, j journey, text string) (map[string]any, error) {
	wrong := func(why string) error {
		slog.Warn("authn: an identity token is refused", "issuer", i.Issuer, "why", why)
		return outside("%s confirmed the sign-in in a form that can't be trusted. Tell your directory administrator.", i.DisplayName)
	}
	if len(text) > maxIDToken {
		return nil, wrong("it is too long")
	}
	token, err := jwt.ParseSigned(text, externalAlgorithms)
	if err != nil || len(token.Headers) != 1 {
		return nil, wrong("it is no signed token of an algorithm that is taken")
	}
	all, err := s.externalClaims(ctx, i, token)
	if err != nil {
		return nil, wrong(err.Error())
	}
	var c struct {
		jwt.Claims
		Nonce string `json:"nonce"`
		Party string `json:"azp"`
	}
	if err := reread(all, &c); err != nil {
		return nil, wrong("its registered claims are malformed")
	}
	now := s.now()
	switch {
	case c.Issuer != i.Issuer:
		return nil, wrong("it is from another issuer")
	case !c.Audience.Contains(i.ClientID), len(c.Audience) > 1 && c.Party == "", c.Party != "" && c.Party != i.ClientID:
		return nil, wrong("it is for another client")
	case c.Expiry == nil || !now.Before(c.Expiry.Time().Add(clockSkew)):
		return nil, wrong("it has expired, or has no expiry")
	case c.NotBefore != nil && now.Add(clockSkew).Before(c.NotBefore.Time()), c.IssuedAt == nil || now.Add(clockSkew).Before(c.IssuedAt.Time()):
		return nil, wrong("it is from the future, or has no time of issue")
	case subtle.ConstantTimeCompare([]byte(c.Nonce), []byte(j.Nonce)) != 1:
		return nil, wrong("its nonce is not ours")
	}
	return all, nil
}
