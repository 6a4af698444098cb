package authn

import (
	"context"
	"crypto"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/directory"
)

// A program may prove itself by a JWT that the key of one of its certificates signed (RFC 7523), as the SDKs do that are given a certificate.

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	maxAssertions = 10_000 // remembered until they expire
	longAssertion = 24 * time.Hour
)

var assertionAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.ES384}

// assertionClaims are what an assertion says.
type assertionClaims struct {
	Issuer   string       `json:"iss"`
	Subject  string       `json:"sub"`
	Audience jwt.Audience `json:"aud"`
	ID       string       `json:"jti"`
	Expires  int64        `json:"exp"`
	Before   int64        `json:"nbf"`
}

// authenticateAssertion finds the program whose certificate signed the assertion of a token request.
func (s *Service) authenticateAssertion(ctx context.Context, clientID string, f url.Values) (directory.Principal, error) {
	none := directory.Principal{}
	text := f.Get("client_assertion")
	switch {
	case f.Get("client_assertion_type") != assertionType:
		return none, invalidRequest("The client_assertion_type must be '%s'.", assertionType)
	case len(text) > maxToken:
		return none, badAssertion("it is longer than %d bytes", maxToken)
	}
	p, certificates, err := s.directory.Certificates(clientID)
	if err != nil {
		return none, s.refusalOfApp(clientID, err)
	}
	token, err := jwt.ParseSigned(text, assertionAlgorithms)
	if err != nil || len(token.Headers) != 1 {
		return none, badAssertion("it is not a JWT signed with RS256, PS256, ES256 or ES384")
	}
	c, ok := signedBy(token, certificates)
	if !ok {
		return none, oauthErrorf(http.StatusUnauthorized, "invalid_client", 700027,
			"The certificate used to sign the client assertion is not registered on application '%s', or has expired.", clip(clientID))
	}
	if err := s.checkAssertion(clientID, c); err != nil {
		return none, err
	}
	if !p.Enabled {
		return none, s.refusalOfApp(clientID, directory.ErrDisabled)
	}
	return p, ctx.Err()
}

// signedBy returns the claims of a token that one of the certificates signed: the one that the header names, or any when it names none.
func signedBy(token *jwt.JSONWebToken, certificates []directory.Certificate) (assertionClaims, bool) {
	h := token.Headers[0]
	x5t, _ := h.ExtraHeaders["x5t"].(string)
	x5t256, _ := h.ExtraHeaders["x5t#S256"].(string)
	for _, c := range certificates {
		one, two := c.Thumbprints()
		if x5t != "" && x5t != one || x5t256 != "" && x5t256 != two {
			continue
		}
		var claims assertionClaims
		if err := token.Claims(crypto.PublicKey(c.X509.PublicKey), &claims); err == nil {
			return claims, true
		}
	}
	return assertionClaims{}, false
}

// checkAssertion holds that the assertion is about this client, for us, alive, and not shown before.
func (s *Service) checkAssertion(clientID string, c assertionClaims) error {
	now := s.now()
	expires := time.Unix(c.Expires, 0)
	switch {
	case c.Issuer != clientID || c.Subject != clientID:
		return badAssertion("iss and sub must be the client id '%s'", clip(clientID))
	case !s.meantForUs(c.Audience):
		return badAssertion("aud must be the token endpoint %s/%s/oauth2/v2.0/token", s.base, s.tenant)
	case c.Expires == 0 || !now.Before(expires.Add(clockSkew)):
		return oauthErrorf(http.StatusUnauthorized, "invalid_client", 700024, "Client assertion is not within its valid time range.")
	case expires.After(now.Add(longAssertion)):
		return badAssertion("it is valid for more than %s", longAssertion)
	case now.Add(clockSkew).Before(time.Unix(c.Before, 0)):
		return oauthErrorf(http.StatusUnauthorized, "invalid_client", 700024, "Client assertion is not within its valid time range.")
	case c.ID != "" && !s.shown.first(clientID+"|"+c.ID, expires, now):
		return badAssertion("it was used before: its jti is known")
	}
	return nil
}

func (s *Service) meantForUs(aud jwt.Audience) bool {
	for _, tenant := range []string{s.tenant, "common", "organizations"} {
		if aud.Contains(s.base + "/" + tenant + "/oauth2/v2.0/token") {
			return true
		}
	}
	return aud.Contains(s.Issuer())
}

func badAssertion(format string, args ...any) error {
	e := oauthErrorf(http.StatusUnauthorized, "invalid_client", 50027, format, args...)
	e.text = "The client assertion is not accepted: " + e.text + "."
	return e
}

// shownOnce remembers what was shown until it expires anyway.
type shownOnce struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// seen says whether the text was shown before.
func (o *shownOnce) seen(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, again := o.until[text]
	return again
}

// first says whether the text is shown for the first time. When nothing more can be remembered, nothing is first.
func (o *shownOnce) first(text string, until, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if _, again := o.until[text]; again {
		return false
	}
	if len(o.until) >= maxAssertions {
		for t, at := range o.until {
			if now.After(at.Add(clockSkew)) {
				delete(o.until, t)
			}
		}
	}
	if len(o.until) >= maxAssertions {
		return false
	}
	if o.until == nil {
		o.until = map[string]time.Time{}
	}
	o.until[text] = until
	return true
}
