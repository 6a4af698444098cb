package authn

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/directory"
)

// Bounds of what a client may hand through the sign-in page.
const (
	maxState = 2048
	maxNonce = 256
)

// authorization is a request for a code, checked.
type authorization struct {
	ClientID  string
	Redirect  string
	Scope     string
	State     string
	Nonce     string
	Mode      string // of the response: query or fragment
	Challenge string
	Prompt    string

	resource string
}

// authorizationOf reads a request. The first error is for the page alone: when client or redirect URI is wrong, nothing is ever sent
// there. The second error may be sent to the redirect URI.
func (s *Service) authorizationOf(v url.Values) (a authorization, page, redirect *oauthError) {
	if bad := once(v); bad != nil {
		return a, bad, nil
	}
	a = authorization{
		ClientID: v.Get("client_id"), Redirect: v.Get("redirect_uri"), Scope: v.Get("scope"), State: v.Get("state"), Nonce: v.Get("nonce"),
		Mode: v.Get("response_mode"), Challenge: v.Get("code_challenge"), Prompt: v.Get("prompt"),
	}
	if a.Mode == "" {
		a.Mode = "query"
	}
	switch {
	case a.ClientID != ConsoleClient:
		return a, oauthErrorf(http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier '%s' was not found.", clip(a.ClientID)), nil
	case !s.isConsole(a.Redirect):
		return a, oauthErrorf(http.StatusBadRequest, "invalid_request", 50011, "The redirect URI '%s' is not one of the application's: it must be %s/console/ or lie below it.", clip(a.Redirect), s.base), nil
	case len(a.State) > maxState || len(a.Nonce) > maxNonce || len(a.Scope) > maxState:
		return a, invalidRequest("state, nonce or scope is too long."), nil
	case a.Mode != "query" && a.Mode != "fragment":
		a.Mode = "query"
		return a, nil, invalidRequest("The response_mode must be query or fragment.")
	case v.Get("response_type") != "code":
		return a, nil, oauthErrorf(http.StatusBadRequest, "unsupported_response_type", 700054, "The response_type must be code.")
	case v.Get("code_challenge_method") != "S256" || len(a.Challenge) != len(s256("")):
		return a, nil, oauthErrorf(http.StatusBadRequest, "invalid_request", 9002325, "Proof Key for Code Exchange is required: code_challenge with code_challenge_method S256.")
	}
	resource, err := s.resourceOf(a.Scope, false)
	if err != nil {
		var bad *oauthError
		errors.As(err, &bad)
		return a, nil, bad
	}
	a.resource = resource
	return a, nil, nil
}

// isConsole says whether a redirect URI is the console or a page of it. The beginning is compared as text, so that no trick of URL
// syntax can name another host.
func (s *Service) isConsole(uri string) bool {
	rest, ok := strings.CutPrefix(uri, s.base+"/console/")
	if !ok || strings.ContainsAny(rest, "?#%\\") || strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	return rest == "" || "/"+strings.TrimSuffix(rest, "/") == path.Clean("/"+rest)
}

// back is where the browser is sent with the outcome.
func (a authorization) back(outcome url.Values) string {
	if a.State != "" {
		outcome.Set("state", a.State)
	}
	if a.Mode == "fragment" {
		return a.Redirect + "#" + outcome.Encode()
	}
	return a.Redirect + "?" + outcome.Encode()
}

func (a authorization) refused(e *oauthError) string {
	return a.back(url.Values{"error": {e.code}, "error_description": {e.Error()}})
}

// authorize shows the sign-in page. There is no session to go on with: the cookie of one is sent to the token endpoint alone.
func (s *Service) authorize(w http.ResponseWriter, r *http.Request) {
	a, page, redirect := s.authorizationOf(r.URL.Query())
	switch {
	case page != nil:
		s.showRefusal(w, page)
	case redirect != nil:
		http.Redirect(w, r, a.refused(redirect), http.StatusSeeOther)
	case a.Prompt == "none":
		http.Redirect(w, r, a.refused(oauthErrorf(http.StatusBadRequest, "login_required", 50058, "There is no session: sign in.")), http.StatusSeeOther)
	default:
		s.showSignIn(w, http.StatusOK, signInPage{Request: a, Username: clip(r.URL.Query().Get("login_hint")), Others: s.others(a)})
	}
}

// signIn takes name and password from the page.
func (s *Service) signIn(w http.ResponseWriter, r *http.Request) {
	if err := s.sameOrigin(r); err != nil {
		s.showRefusal(w, oauthErrorf(http.StatusForbidden, "invalid_request", 9002326, "Another site sent this form. Sign in from the console."))
		return
	}
	f, bad := form(w, r)
	if bad != nil {
		s.showRefusal(w, bad)
		return
	}
	a, page, redirect := s.authorizationOf(f)
	if page == nil {
		page = redirect // the page was shown for a good request; this one was tampered with
	}
	if page != nil {
		s.showRefusal(w, page)
		return
	}
	name := strings.TrimSpace(f.Get("username"))
	again := signInPage{Request: a, Username: name, Others: s.others(a)}
	if wait := s.throttle.begin(name); wait > 0 {
		s.told(r, byPassword, name, s.attempted(byPassword, name), errPaused)
		again.pause(w, wait)
		s.showSignIn(w, http.StatusTooManyRequests, again)
		return
	}
	p, err := s.directory.AuthenticateUser(r.Context(), name, f.Get("password"))
	s.told(r, byPassword, name, s.attempted(byPassword, name), err)
	switch {
	case err == nil:
		s.throttle.succeeded(name)
		s.signedIn(w, r, a, p, via{})
		return
	case errors.Is(err, directory.ErrUnknown), errors.Is(err, directory.ErrSecret):
		again.Problem = "The user name or the password is wrong."
	case errors.Is(err, directory.ErrDisabled):
		again.Problem = "This account is disabled. Ask your directory administrator."
	case errors.Is(err, directory.ErrBusy):
		again.pause(w, time.Second)
		s.showSignIn(w, http.StatusTooManyRequests, again)
		return
	default:
		s.fail(w, r, err)
		return
	}
	s.showSignIn(w, http.StatusUnauthorized, again)
}

// errPaused is why a sign-in is not looked at after too many that failed.
var errPaused = errors.New("authn: too many failed sign-ins under this name; it is paused")

func (s *Service) signedIn(w http.ResponseWriter, r *http.Request, a authorization, p directory.Principal, v via) {
	code, err := s.makeCode(a, p, v)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, a.back(url.Values{"code": {code}}), http.StatusSeeOther)
}

// seconds rounds up, so that nobody comes back too early.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// logout forgets the browser's session and shows so, or goes back to the console. POST …/token/revoke ends it on this side as well; the
// cookie is not sent here.
func (s *Service) logout(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, s.sessionCookie(r, ""))
	if to := r.URL.Query().Get("post_logout_redirect_uri"); s.isConsole(to) {
		a := authorization{Redirect: to, State: r.URL.Query().Get("state")}
		target := to
		if a.State != "" && len(a.State) <= maxState {
			target = a.back(url.Values{})
		}
		http.Redirect(w, r, target, http.StatusSeeOther)
		return
	}
	s.showSignedOut(w)
}
