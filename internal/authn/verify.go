package authn

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/directory"
)

// Bounds of what is verified and remembered.
const (
	maxToken    = 8 << 10
	maxVerified = 4096
	clockSkew   = time.Minute // between control planes
)

// Caller is who sent a request.
type Caller struct {
	ObjectID string
	TenantID string
	Kind     directory.Kind
	AppID    string // the client: of a service principal its own client id, of a person the application that they use
	Name     string // display name
	Username string // people only
	Audience string
	Expires  time.Time
	Groups   []string // of ours, beside those of the directory: what an external issuer's groups stand for
}

// TokenError is why a token is refused, in words for its sender. It never holds the token.
type TokenError struct {
	Code   string // ARM's error code: InvalidAuthenticationToken or ExpiredAuthenticationToken and its kin
	Reason string
}

func (e *TokenError) Error() string { return e.Code + ": " + e.Reason }

func refuse(code, format string, args ...any) *TokenError {
	return &TokenError{Code: code, Reason: fmt.Sprintf(format, args...)}
}

// FromRequest verifies the bearer token of a request to the ARM API. Cookies and query parameters are never looked at.
func (s *Service) FromRequest(r *http.Request) (Caller, error) {
	token, err := Bearer(r)
	if err != nil {
		return Caller{}, err
	}
	return s.Verify(r.Context(), token)
}

// Bearer takes the token out of the Authorization header.
func Bearer(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return "", refuse("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if len(values) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", refuse("AuthenticationFailedInvalidHeader", "Authentication failed. The 'Authorization' header is provided in an invalid format: want one 'Bearer' token.")
	}
	return strings.TrimSpace(token), nil
}

// Verify returns who a token for the ARM API stands for. The principal must still exist and be enabled: that is looked up on every call,
// whatever is remembered of the token. Every error is a *TokenError.
func (s *Service) Verify(ctx context.Context, bearer string) (Caller, error) {
	return s.verify(ctx, bearer, forResourceManager)
}

// VerifyGraph is Verify for the Graph face. A Graph face at the management URL takes the tokens of the ARM API.
func (s *Service) VerifyGraph(ctx context.Context, bearer string) (Caller, error) {
	if s.graph == s.base {
		return s.verify(ctx, bearer, forResourceManager)
	}
	return s.verify(ctx, bearer, forGraph)
}

func (s *Service) verify(ctx context.Context, bearer string, want audience) (Caller, error) {
	if i, token, external := s.issuerOf(bearer); external {
		return s.verifyExternal(ctx, i, token)
	}
	c, err := s.claimsOf(ctx, bearer)
	if err != nil {
		return Caller{}, err
	}
	now := s.now()
	expires := time.Unix(c.Expires, 0)
	switch {
	case !now.Before(expires):
		return Caller{}, refuse("ExpiredAuthenticationToken", "The access token expiry UTC time '%s' is earlier than current UTC time '%s'.",
			expires.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	case now.Add(clockSkew).Before(time.Unix(c.Before, 0)):
		return Caller{}, refuse("InvalidAuthenticationToken", "The access token is not valid yet.")
	case s.audienceOf(c.Audience) != want:
		return Caller{}, refuse("InvalidAuthenticationTokenAudience", "The access token has been obtained for wrong audience or resource '%s'. Ask for the scope '%s/.default'.", c.Audience, s.base)
	}
	p, ok := s.directory.Principal(c.ObjectID)
	if !ok || !p.Enabled || p.Kind == directory.Group {
		return Caller{}, refuse("InvalidAuthenticationToken", "The access token belongs to a principal that was deleted or disabled.")
	}
	var v via
	if c.Via != nil {
		v, ok = s.stillVia(*c.Via)
	}
	if !ok {
		return Caller{}, refuse("InvalidAuthenticationToken", "The access token comes from a sign-in through an identity provider that was removed or switched off.")
	}
	return Caller{
		ObjectID: p.ObjectID, TenantID: s.tenant, Kind: p.Kind, AppID: c.AppID, Name: p.DisplayName,
		Username: p.UserPrincipalName, Audience: c.Audience, Expires: expires, Groups: s.within(v.Groups),
	}, nil
}

// claimsOf returns the claims of a token that this installation signed, remembered or verified now.
func (s *Service) claimsOf(ctx context.Context, bearer string) (claims, error) {
	if len(bearer) > maxToken {
		return claims{}, refuse("InvalidAuthenticationToken", "The access token is invalid: it is longer than %d bytes.", maxToken)
	}
	if c, ok := s.verified.get(bearer); ok {
		return c, nil
	}
	c, err := s.checkSignature(ctx, bearer)
	if err != nil {
		return claims{}, err
	}
	s.verified.put(bearer, c, s.now())
	return c, nil
}

func (s *Service) checkSignature(ctx context.Context, bearer string) (claims, error) {
	var c claims
	token, err := jwt.ParseSigned(bearer, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(token.Headers) != 1 {
		return c, refuse("InvalidAuthenticationToken", "The access token is invalid.")
	}
	key, ok := s.publicKey(ctx, token.Headers[0].KeyID)
	if !ok {
		return c, refuse("InvalidAuthenticationToken", "The access token is invalid: it was signed by another issuer.")
	}
	if err := token.Claims(key, &c); err != nil {
		return c, refuse("InvalidAuthenticationToken", "The access token is invalid: its signature is wrong.")
	}
	if c.Issuer != s.Issuer() || c.TenantID != s.tenant {
		return c, refuse("InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer '%s'. It must match '%s'.", c.Issuer, s.Issuer())
	}
	return c, nil
}

// AsTokenError returns the refusal in err, or one without detail for a fault of ours.
func AsTokenError(err error) *TokenError {
	var e *TokenError
	if errors.As(err, &e) {
		return e
	}
	return refuse("AuthenticationFailed", "Authentication failed.")
}

// verifiedCache remembers tokens whose signature was right, by their exact bytes, until they expire.
type verifiedCache struct {
	mu     sync.RWMutex
	tokens map[string]claims
}

func (v *verifiedCache) get(token string) (claims, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	c, ok := v.tokens[token]
	return c, ok
}

// put makes room first when the cache is full: expired tokens go, and when that is not enough, any eighth.
func (v *verifiedCache) put(token string, c claims, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.tokens) >= maxVerified {
		for t, old := range v.tokens {
			if old.Expires <= now.Unix() {
				delete(v.tokens, t)
			}
		}
	}
	if len(v.tokens) >= maxVerified {
		n := maxVerified / 8
		for t := range v.tokens {
			delete(v.tokens, t)
			if n--; n == 0 {
				break
			}
		}
	}
	v.tokens[token] = c
}
