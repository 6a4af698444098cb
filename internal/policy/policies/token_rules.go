package policies

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// tokens are what the token policies of one gateway share.
type tokens struct {
	providers *token.Providers // that documents name
	// computed are those whose address an expression gives, perhaps from a request: what they fetch never keeps the others waiting.
	computed *token.Providers
	verified token.Cache
}

// newTokens makes them; without a way to fetch documents no provider is ever known.
func newTokens(env Env) *tokens {
	return &tokens{providers: token.NewProviders(env.Fetch), computed: token.NewProviders(env.Fetch)}
}

// computedAt is the provider at an address that an expression gives: that of a document which names it, or else one apart.
func (t *tokens) computedAt(address string) *token.Provider {
	if known := t.providers.Find(address); known != nil {
		return known
	}
	return t.computed.At(address)
}

// tokenRules is what a use of a token policy demands.
type tokenRules struct {
	shared  *tokens
	source  tokenSource
	code    policy.IntValue
	message policy.TextValue
	output  string // variable, "" for none

	keys, decryption []*token.Key
	computed         []computedKey
	providers        func(*policy.Exchange) ([]*token.Provider, error) // nil for none
	issuers          []policy.TextValue
	// twin is another issuer whose tokens a provider's keys sign, "" for none; nil for none ever.
	twin      func(issuer string) string
	audiences []policy.TextValue
	backends  []string // application ids that count as audiences, alone and as api://id
	claims    []requiredClaim
	// signed and expires say whether tokens have to be; nil for yes.
	signed, expires *policy.BoolValue
	skew            policy.IntValue
	// further is asked last; nil for no.
	further func(*policy.Exchange, *token.Token) error
}

// refusal is why a token is refused, as policies.md 5.5 names it. message goes to the caller too, and holds nothing of the token but names and
// values of claims; detail is for on-error and logs alone.
type refusal struct{ reason, message, detail string }

func (r *refusal) Error() string { return r.message }

func refuse(reason, format string, args ...any) error {
	return &refusal{reason: reason, message: fmt.Sprintf(format, args...)}
}

// step is the policy at request time.
func (r *tokenRules) step(x *policy.Exchange) error {
	t, err := r.check(x)
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		return r.answer(x, refused)
	case err != nil:
		return err
	case r.output != "":
		x.SetVariable(r.output, policy.NewJwt(t.Header, t.Payload))
	}
	return nil
}

func (r *tokenRules) answer(x *policy.Exchange, refused *refusal) error {
	status, err := r.code.Get(x)
	if err != nil {
		return err
	}
	public, err := r.message.Get(x)
	if err != nil {
		return err
	}
	e := &policy.Error{Reason: refused.reason, Message: refused.message, Status: int(status), Public: public}
	if refused.detail != "" {
		e.Message += " (" + refused.detail + ")"
	}
	if public == "" {
		e.Public = refused.message
	}
	return e
}

func (r *tokenRules) check(x *policy.Exchange) (*token.Token, error) {
	text, err := r.source.find(x)
	if err != nil {
		return nil, err
	}
	if r, err = r.computing(x); err != nil {
		return nil, err
	}
	providers, err := r.providersOf(x)
	if err != nil {
		return nil, err
	}
	now := x.Host.Now()
	t, err := r.verify(x, text, providers, now)
	if err != nil {
		return nil, err
	}
	return t, r.state(x, t, providers, now)
}

// state checks what a token states, whose signature is good.
func (r *tokenRules) state(x *policy.Exchange, t *token.Token, providers []*token.Provider, now time.Time) error {
	if err := r.checkTimes(x, t, now); err != nil {
		return err
	}
	if err := r.checkAudience(x, t); err != nil {
		return err
	}
	if err := r.checkIssuer(x, t, providers, now); err != nil {
		return err
	}
	if err := r.checkClaims(x, t); err != nil || r.further == nil {
		return err
	}
	return r.further(x, t)
}

func (r *tokenRules) providersOf(x *policy.Exchange) ([]*token.Provider, error) {
	if r.providers == nil {
		return nil, nil
	}
	return r.providers(x)
}

// verify reads the token and finds who signed it.
func (r *tokenRules) verify(x *policy.Exchange, text string, providers []*token.Provider, now time.Time) (*token.Token, error) {
	if seen := r.shared.verified.Get(text); seen != nil {
		if slices.Contains(token.Candidates(seen.Token.KeyID, r.known(providers, now)), seen.Key) {
			return seen.Token, nil
		}
	}
	text = strings.Clone(text) // the rest of the header is not to be kept alive
	t, err := token.Read(text, r.decryption)
	if err != nil {
		return nil, refuse("JwtInvalid", "%s. Access denied.", sentence(err))
	}
	if t.Unsigned() {
		return t, r.checkUnsigned(x)
	}
	key, err := r.signer(x, t, providers, now)
	if err != nil {
		return nil, err
	}
	if !t.Encrypted { // who may decrypt is a matter of each policy
		r.shared.verified.Put(text, &token.Remembered{Token: t, Key: key})
	}
	return t, nil
}

func (r *tokenRules) checkUnsigned(x *policy.Exchange) error {
	signed := true
	if r.signed != nil {
		var err error
		if signed, err = r.signed.Get(x); err != nil {
			return err
		}
	}
	if signed {
		return refuse("TokenSignatureInvalid", "The token is not signed. Access denied.")
	}
	return nil
}

// known are the keys that are at hand without waiting.
func (r *tokenRules) known(providers []*token.Provider, now time.Time) []*token.Key {
	if len(providers) == 1 && len(r.keys) == 0 {
		if c := providers[0].Known(now); c != nil {
			return c.Keys
		}
		return nil
	}
	keys := r.keys
	for _, p := range providers {
		if c := p.Known(now); c != nil {
			keys = append(keys[:len(keys):len(keys)], c.Keys...)
		}
	}
	return keys
}

// signer finds the key that signed the token. Providers are asked anew only for a key that isn't known.
func (r *tokenRules) signer(x *policy.Exchange, t *token.Token, providers []*token.Provider, now time.Time) (*token.Key, error) {
	keys := r.known(providers, now)
	key, err := t.Verify(token.Candidates(t.KeyID, keys))
	var failed error
	if err != nil && len(providers) > 0 && !names(keys, t.KeyID) {
		failed = token.Renew(x.Context, now, providers)
		key, err = t.Verify(token.Candidates(t.KeyID, r.known(providers, now)))
	}
	switch {
	case err == nil:
		return key, nil
	case failed != nil && errors.Is(err, token.ErrNoKey):
		return nil, unavailable(failed)
	case errors.Is(err, token.ErrNoKey):
		return nil, refuse("TokenSignatureKeyNotFound", "%s. Access denied.", sentence(err))
	case errors.Is(err, token.ErrMalformed):
		return nil, refuse("JwtInvalid", "%s. Access denied.", sentence(err))
	}
	return nil, refuse("TokenSignatureInvalid", "%s. Access denied.", sentence(err))
}

// unavailable is the refusal of a token that can't be judged because its issuer doesn't answer.
func unavailable(cause error) error {
	return &refusal{reason: "JwtInvalid", message: "The keys of the token's issuer are not available. Access denied.", detail: cause.Error()}
}

// names says whether one of the keys has the id.
func names(keys []*token.Key, id string) bool {
	return id != "" && slices.ContainsFunc(keys, func(k *token.Key) bool { return k.ID == id })
}

// sentence begins an error's text with a capital.
func sentence(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:]
}
