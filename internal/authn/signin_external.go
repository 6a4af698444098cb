package authn

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

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
