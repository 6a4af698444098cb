package authn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/atelier-apim/atelier/internal/directory"
)

// Tokens of other OpenID Connect issuers are taken for the ARM API when a directory administrator has made the issuer known. Their claims only say which
// principal and which groups of ours they stand for; what these may do is decided as for everybody.

// Bounds on keys of other issuers.
const (
	keysLive  = time.Hour        // then they are fetched again
	keysPause = 30 * time.Second // between two fetches because of an unknown key id
	maxGroups = 500              // groups that one token may name
)

var externalAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512}

// Fetch downloads a document, guarded against addresses that are nobody's business.
type Fetch func(ctx context.Context, address string) ([]byte, error)

// issuerOf is the known issuer that a token says it is from; false for tokens of ours and for what is no token.
func (s *Service) issuerOf(bearer string) (directory.Issuer, *jwt.JSONWebToken, bool) {
	none := directory.Issuer{}
	if len(bearer) > maxToken {
		return none, nil, false
	}
	if _, ours := s.verified.get(bearer); ours {
		return none, nil, false
	}
	token, err := jwt.ParseSigned(bearer, externalAlgorithms)
	if err != nil || len(token.Headers) != 1 {
		return none, nil, false
	}
	var c struct {
		Issuer string `json:"iss"`
	}
	if token.UnsafeClaimsWithoutVerification(&c) != nil || c.Issuer == s.Issuer() {
		return none, nil, false
	}
	i, known := s.directory.IssuerOf(c.Issuer)
	return i, token, known
}

// verifyExternal returns whom a token of another issuer stands for.
func (s *Service) verifyExternal(ctx context.Context, i directory.Issuer, token *jwt.JSONWebToken) (Caller, error) {
	all, err := s.externalClaims(ctx, i, token)
	if err != nil {
		return Caller{}, err
	}
	var c jwt.Claims
	if err := reread(all, &c); err != nil {
		return Caller{}, refuse("InvalidAuthenticationToken", "The access token is invalid: its registered claims are malformed.")
	}
	now := s.now()
	switch {
	case c.Expiry == nil || !now.Before(c.Expiry.Time()):
		return Caller{}, refuse("ExpiredAuthenticationToken", "The access token has expired, or has no expiry.")
	case c.NotBefore != nil && now.Add(clockSkew).Before(c.NotBefore.Time()):
		return Caller{}, refuse("InvalidAuthenticationToken", "The access token is not valid yet.")
	case !slices.ContainsFunc(i.Audiences, c.Audience.Contains):
		return Caller{}, refuse("InvalidAuthenticationTokenAudience", "The access token has been obtained for another audience. Ask the issuer '%s' for one of: %s.", i.Issuer, strings.Join(i.Audiences, ", "))
	}
	value, _ := all[i.UserClaim].(string)
	p, ok := s.directory.Subject(i, value)
	if value == "" || !ok || !p.Enabled || p.Kind == directory.Group {
		return Caller{}, refuse("InvalidAuthenticationToken", "The access token's claim '%s' stands for nobody in this directory who may sign in.", i.UserClaim)
	}
	return Caller{
		ObjectID: p.ObjectID, TenantID: s.tenant, Kind: p.Kind, AppID: p.AppID, Name: p.DisplayName, Username: p.UserPrincipalName,
		Audience: strings.Join(c.Audience, " "), Expires: c.Expiry.Time(), Groups: s.externalGroups(i, all),
	}, nil
}

// externalGroups are the groups of ours that a token's groups stand for, with those that they lie in.
func (s *Service) externalGroups(i directory.Issuer, all map[string]any) []string {
	return s.within(mappedGroups(i, all))
}

// mappedGroups are the ids that a token's groups are mapped to, each once.
func mappedGroups(i directory.Issuer, all map[string]any) (out []string) {
	named, _ := all[i.GroupsClaim].([]any)
	for _, g := range named[:min(len(named), maxGroups)] {
		text, _ := g.(string)
		if ours, ok := i.Groups[text]; ok && !slices.Contains(out, ours) {
			out = append(out, ours)
		}
	}
	return out
}

// within are those of the ids that are groups, with the groups that they lie in.
func (s *Service) within(groups []string) (out []string) {
	for _, id := range groups {
		if p, known := s.directory.Principal(id); known && p.Kind == directory.Group {
			out = append(append(out, p.ObjectID), s.directory.Groups(p.ObjectID)...)
		}
	}
	return out
}

// externalClaims are the claims of a token that the issuer signed.
func (s *Service) externalClaims(ctx context.Context, i directory.Issuer, token *jwt.JSONWebToken) (map[string]any, error) {
	keys, err := s.foreign.keysOf(ctx, s.fetch, i.Issuer, token.Headers[0].KeyID, s.now())
	if err != nil {
		return nil, refuse("InvalidAuthenticationToken", "The access token can't be checked: %s.", err)
	}
	for _, k := range keys {
		var all map[string]any
		if token.Claims(k.Key, &all) == nil {
			return all, nil
		}
	}
	return nil, refuse("InvalidAuthenticationToken", "The access token is invalid: no key of the issuer '%s' signed it.", i.Issuer)
}

func reread(from map[string]any, into any) error {
	b, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// foreignKeys are the keys of other issuers, fetched when they are needed.
type foreignKeys struct {
	mu   sync.Mutex
	sets map[string]*foreignSet // by issuer; as many as directory administrators made known
}

// foreignSet are the keys of one issuer, with what its metadata says. Who needs them while they are fetched waits; tokens of other issuers don't.
type foreignSet struct {
	mu      sync.Mutex
	keys    []jose.JSONWebKey
	said    metadata
	fetched time.Time
	err     error
}

func (f *foreignKeys) of(issuer string) *foreignSet {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sets == nil {
		f.sets = map[string]*foreignSet{}
	}
	if f.sets[issuer] == nil {
		f.sets[issuer] = &foreignSet{}
	}
	return f.sets[issuer]
}

// keysOf are the public keys by which the issuer may have signed under the key id.
func (f *foreignKeys) keysOf(ctx context.Context, fetch Fetch, issuer, kid string, now time.Time) ([]jose.JSONWebKey, error) {
	s := f.of(issuer)
	s.mu.Lock()
	defer s.mu.Unlock()
	age := now.Sub(s.fetched)
	if age >= keysLive || len(s.named(kid)) == 0 && age >= keysPause {
		s.fetched = now
		// The keys are everybody's: whoever hangs up meanwhile must not leave the others without.
		s.said, s.keys, s.err = fetchKeys(context.WithoutCancel(ctx), fetch, issuer)
	}
	return s.named(kid), s.err
}

// metadataOf is what the issuer says of itself.
func (f *foreignKeys) metadataOf(ctx context.Context, fetch Fetch, issuer string, now time.Time) (metadata, error) {
	s := f.of(issuer)
	s.mu.Lock()
	defer s.mu.Unlock()
	age := now.Sub(s.fetched)
	if age >= keysLive || s.err != nil && age >= keysPause {
		s.fetched = now
		s.said, s.keys, s.err = fetchKeys(context.WithoutCancel(ctx), fetch, issuer)
	}
	return s.said, s.err
}

// named are the signing keys with the id; all of them for a token that names none.
func (s *foreignSet) named(kid string) (keys []jose.JSONWebKey) {
	for _, k := range s.keys {
		if kid == "" || k.KeyID == kid {
			keys = append(keys, k)
		}
	}
	return keys
}

// metadata is what an issuer's discovery document says, as far as it is used.
type metadata struct {
	Issuer    string `json:"issuer"`
	Keys      string `json:"jwks_uri"`
	Authorize string `json:"authorization_endpoint"`
	Token     string `json:"token_endpoint"`
	// NamesItself says that answers to an authorization request name the issuer (RFC 9207).
	NamesItself bool `json:"authorization_response_iss_parameter_supported"`
	// Methods are how clients may show their secret; client_secret_basic when there are none.
	Methods []string `json:"token_endpoint_auth_methods_supported"`
}

// fetchKeys reads the issuer's metadata and the keys that it names.
func fetchKeys(ctx context.Context, fetch Fetch, issuer string) (metadata, []jose.JSONWebKey, error) {
	none := metadata{}
	if fetch == nil {
		return none, nil, errors.New("the keys of other issuers can't be fetched here")
	}
	var said metadata
	if err := fetchJSON(ctx, fetch, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", &said); err != nil {
		return none, nil, fmt.Errorf("the metadata of the issuer '%s': %w", issuer, err)
	}
	if said.Issuer != issuer {
		return none, nil, fmt.Errorf("the metadata of the issuer '%s' is that of '%s'", issuer, clip(said.Issuer))
	}
	if !strings.HasPrefix(said.Keys, "https://") {
		return none, nil, fmt.Errorf("the issuer '%s' names no jwks_uri with https", issuer)
	}
	var set jose.JSONWebKeySet
	if err := fetchJSON(ctx, fetch, said.Keys, &set); err != nil {
		return none, nil, fmt.Errorf("the keys of the issuer '%s': %w", issuer, err)
	}
	var keys []jose.JSONWebKey
	for _, k := range set.Keys {
		if k.IsPublic() && k.Valid() && k.Use != "enc" {
			keys = append(keys, k)
		}
	}
	return said, keys, nil
}

func fetchJSON(ctx context.Context, fetch Fetch, address string, into any) error {
	b, err := fetch(ctx, address)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
