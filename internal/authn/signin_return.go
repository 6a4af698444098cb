package authn

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/directory"
)

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
