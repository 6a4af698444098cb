package authn

import (
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/directory"
)

// token is POST /{tenant}/oauth2/v2.0/token.
func (s *Service) token(w http.ResponseWriter, r *http.Request) {
	f, bad := form(w, r)
	if bad != nil {
		s.fail(w, r, bad)
		return
	}
	var out map[string]any
	var err error
	switch grant := f.Get("grant_type"); grant {
	case "client_credentials":
		out, err = s.clientCredentials(r, f)
	case "authorization_code":
		out, err = s.authorizationCode(w, r, f)
	case "refresh_token":
		out, err = s.refresh(r, f)
	case "":
		err = invalidRequest("The request body must contain the following parameter: 'grant_type'.")
	default:
		err = oauthErrorf(http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '%s'.", clip(grant))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if f.Get("client_info") == "1" {
		out["client_info"] = s.clientInfo(out)
	}
	writeJSON(w, http.StatusOK, out)
}

// clientInfo is what MSAL keys its cache by.
func (s *Service) clientInfo(out map[string]any) string {
	token, _ := out["access_token"].(string)
	c, _ := s.verified.get(token)
	b, err := json.Marshal(map[string]string{"uid": c.ObjectID, "utid": s.tenant})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// grant is the answer to every grant: an access token of p for the resource.
func (s *Service) grant(r *http.Request, p directory.Principal, resource string, v via) (map[string]any, error) {
	token, _, err := s.issue(p, resource, v)
	if err != nil {
		return nil, err
	}
	// Verified at once, so that the first request with it is as quick as the second.
	if _, err := s.claimsOf(r.Context(), token); err != nil {
		return nil, err
	}
	life := int(AccessLife.Seconds())
	return map[string]any{"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token}, nil
}

func (s *Service) clientCredentials(r *http.Request, f url.Values) (map[string]any, error) {
	clientID, secret, err := clientOf(r, f)
	if err != nil {
		return nil, err
	}
	resource, err := s.resourceOf(f.Get("scope"), true)
	if err != nil {
		return nil, err
	}
	p, err := s.program(r, f, clientID, secret)
	if err != nil {
		return nil, err
	}
	return s.grant(r, p, resource, via{})
}

// program authenticates a client by its secret or, when it shows one, by its assertion.
func (s *Service) program(r *http.Request, f url.Values, clientID, secret string) (p directory.Principal, err error) {
	method := bySecret
	if f.Has("client_assertion") {
		method = byAssertion
		p, err = s.authenticateAssertion(r.Context(), clientID, f)
	} else {
		p, err = s.directory.AuthenticateApp(clientID, secret)
		err = s.refusalOfApp(clientID, err)
	}
	s.told(r, method, clientID, s.attempted(method, clientID), err)
	return p, err
}

// refusalOfApp is what a program is told whose proof was refused.
func (s *Service) refusalOfApp(clientID string, failed error) error {
	switch {
	case failed == nil:
		return nil
	case errors.Is(failed, directory.ErrUnknown):
		return oauthErrorf(http.StatusBadRequest, "unauthorized_client", 700016,
			"Application with identifier '%s' was not found in the directory '%s'.", clip(clientID), s.tenant)
	case errors.Is(failed, directory.ErrSecret):
		return oauthErrorf(http.StatusUnauthorized, "invalid_client", 7000215,
			"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", clip(clientID))
	case errors.Is(failed, directory.ErrExpired):
		return oauthErrorf(http.StatusUnauthorized, "invalid_client", 7000222, "The provided client secret keys for app '%s' are expired. Add a new secret.", clip(clientID))
	case errors.Is(failed, directory.ErrDisabled):
		return oauthErrorf(http.StatusBadRequest, "unauthorized_client", 7000112, "Application '%s' is disabled.", clip(clientID))
	}
	return failed
}

// clientOf takes the client's id and secret from the form or from a Basic header, never from both.
func clientOf(r *http.Request, f url.Values) (id, secret string, bad error) {
	id, secret = f.Get("client_id"), f.Get("client_secret")
	if r.Header.Get("Authorization") != "" {
		user, password, ok := r.BasicAuth()
		basicID, err1 := url.QueryUnescape(user) // RFC 6749 2.3.1 encodes both as form values
		basicSecret, err2 := url.QueryUnescape(password)
		if !ok || err1 != nil || err2 != nil {
			return "", "", invalidRequest("The Authorization header is not a valid 'Basic' header.")
		}
		if secret != "" || id != "" && id != basicID {
			return "", "", invalidRequest("The client is given twice: in the Authorization header and in the body.")
		}
		id, secret = basicID, basicSecret
	}
	switch {
	case id == "":
		return "", "", invalidRequest("The request body must contain the following parameter: 'client_id'.")
	case f.Has("client_assertion") && secret != "":
		return "", "", invalidRequest("The client shows a secret and an assertion: send one of the two.")
	case f.Has("client_assertion"):
	case secret == "":
		return "", "", oauthErrorf(http.StatusUnauthorized, "invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	}
	return id, secret, nil
}

// resourceOf reads the resource out of a scope. A program asks for "{resource}/.default" alone; a person's client may name a permission
// instead, and OpenID's scopes beside it, or nothing at all, which is the ARM API.
func (s *Service) resourceOf(scope string, program bool) (string, error) {
	resource := ""
	for word := range strings.FieldsSeq(scope) {
		if slices.Contains([]string{"openid", "profile", "email", "offline_access"}, word) {
			continue
		}
		at := strings.LastIndexByte(word, '/')
		if at < 0 || program && word[at:] != "/.default" || !program && !slices.Contains([]string{"/.default", "/user_impersonation"}, word[at:]) {
			return "", oauthErrorf(http.StatusBadRequest, "invalid_scope", 1002012, "The provided value for scope %s is not valid. Ask for a resource with /.default suffixed: %s/.default.", clip(scope), s.base)
		}
		if resource != "" {
			return "", oauthErrorf(http.StatusBadRequest, "invalid_scope", 28000, "The scope names more than one resource.")
		}
		resource = word[:at]
	}
	switch {
	case resource == "" && scope == "" && program:
		return "", invalidRequest("The request body must contain the following parameter: 'scope'.")
	case resource == "" && !program:
		return s.base, nil
	case s.audienceOf(resource) == forNobody:
		return "", oauthErrorf(http.StatusBadRequest, "invalid_scope", 500011, "The resource '%s' was not found in the tenant '%s'. Ask for %s/.default.", clip(resource), s.tenant, s.base)
	}
	return resource, nil
}

// authorizationCode exchanges a code for tokens and begins the session that renews them.
func (s *Service) authorizationCode(w http.ResponseWriter, r *http.Request, f url.Values) (map[string]any, error) {
	if err := consoleOnly(f); err != nil {
		return nil, err
	}
	code, err := s.openCode(f.Get("code"))
	if err != nil {
		return nil, err
	}
	switch {
	case f.Get("redirect_uri") != code.Redirect:
		return nil, oauthErrorf(http.StatusBadRequest, "invalid_grant", 500112, "The reply address does not match the one that the code was issued for.")
	case len(f.Get("code_verifier")) < 43 || len(f.Get("code_verifier")) > 128 ||
		subtle.ConstantTimeCompare([]byte(s256(f.Get("code_verifier"))), []byte(code.Challenge)) != 1:
		return nil, oauthErrorf(http.StatusBadRequest, "invalid_grant", 501481, "The code_verifier does not match the code_challenge supplied in the authorization request.")
	}
	p, ok := s.person(code.User)
	if !ok {
		return nil, invalidGrant("The user account was deleted or disabled.")
	}
	if code.Via, ok = s.stillVia(code.Via); !ok {
		return nil, invalidGrant("The identity provider was removed or switched off.")
	}
	cookie, err := s.beginSession(r, code, p)
	if err != nil {
		return nil, err
	}
	out, err := s.grant(r, p, code.Resource, code.Via)
	if err != nil {
		return nil, err
	}
	out["scope"] = code.Scope
	if slices.Contains(strings.Fields(code.Scope), "openid") {
		if out["id_token"], err = s.identityToken(p, code.Nonce); err != nil {
			return nil, err
		}
	}
	http.SetCookie(w, s.sessionCookie(r, cookie))
	return out, nil
}

// consoleOnly lets the one public client through.
func consoleOnly(f url.Values) error {
	switch {
	case f.Get("client_id") != ConsoleClient:
		return oauthErrorf(http.StatusBadRequest, "unauthorized_client", 700016, "Application with identifier '%s' was not found, or may not use this grant.", clip(f.Get("client_id")))
	case f.Has("client_secret"):
		return oauthErrorf(http.StatusUnauthorized, "invalid_client", 700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	}
	return nil
}

// person finds someone who may be signed in.
func (s *Service) person(objectID string) (directory.Principal, bool) {
	p, ok := s.directory.Principal(objectID)
	return p, ok && p.Enabled && p.Kind == directory.User
}
