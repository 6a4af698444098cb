package policies

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// ValidateJWT lets requests through that carry a token which is signed, in time and states what is demanded (policies.md 7.3).
func ValidateJWT(shared *tokens) policy.Spec {
	return policy.Spec{
		Name:     "validate-jwt",
		Doc:      "Refuses requests without a valid JSON web token.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("header-name", policy.Text).Expr().Doc("Header that carries the token; exactly one of this, query-parameter-name and token-value."),
			policy.Attr("query-parameter-name", policy.Text).Expr().Doc("Query parameter that carries the token."),
			policy.Attr("token-value", policy.Text).Expr().Doc("The token itself, without a scheme."),
			policy.Attr("failed-validation-httpcode", policy.IntRange(100, 999)).Default("401").Expr().Doc("Status of a refusal."),
			policy.Attr("failed-validation-error-message", policy.Text).Expr().Doc("Message of a refusal; without it the message says the cause."),
			policy.Attr("require-expiration-time", policy.Bool).Default("true").Expr().Doc("Whether tokens must expire."),
			policy.Attr("require-scheme", policy.Text).Expr().Doc("Scheme of the Authorization header, such as Bearer; of no matter for other headers."),
			policy.Attr("require-signed-tokens", policy.Bool).Default("true").Expr().Doc("Whether tokens must be signed."),
			policy.Attr("clock-skew", policy.Count).Default("0").Expr().Doc("Seconds by which the clocks of issuer and gateway may differ."),
			policy.Attr("output-token-variable-name", policy.Text).Doc("Variable that gets the valid token, of type Jwt."),
			policy.Child("openid-config", policy.Attr("url", policy.Text).Required().Expr().Doc("Address of an OpenID configuration.")).Many().
				Doc("A provider whose keys and issuer are accepted."),
			issuerSigningKeys(),
			decryptionKeys(),
			policy.Child("audiences", policy.Children("audience", policy.Text).Expr().Required().Doc("An audience.")).Doc("Audiences of which a token must have one."),
			policy.Child("issuers", policy.Children("issuer", policy.Text).Expr().Required().Doc("An issuer.")).Doc("Issuers of which one must have made the token."),
			requiredClaimsShape(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileValidateJWT(a, shared) },
	}
}

func compileValidateJWT(a *policy.Args, shared *tokens) (policy.Step, error) {
	source, places := tokenSources(a)
	if places != 1 {
		return nil, errors.New("exactly one of the attributes 'header-name', 'query-parameter-name' and 'token-value' is required")
	}
	source.scheme = a.Text("require-scheme")
	signed, expires := a.Bool("require-signed-tokens"), a.Bool("require-expiration-time")
	r := &tokenRules{
		shared: shared, source: source, code: a.Int("failed-validation-httpcode"), message: a.Text("failed-validation-error-message"),
		output: a.Literal("output-token-variable-name"), signed: &signed, expires: &expires, skew: a.Int("clock-skew"),
		issuers: textList(a, "issuers", "issuer"), audiences: textList(a, "audiences", "audience"), claims: requiredClaims(a),
	}
	var err error
	if r.keys, err = readKeys(a, "issuer-signing-keys", false); err != nil {
		return nil, err
	}
	if r.computed, err = computedKeys(a); err != nil {
		return nil, err
	}
	if r.decryption, err = readKeys(a, "decryption-keys", true); err != nil {
		return nil, err
	}
	if r.providers, err = openIDProviders(a, shared); err != nil {
		return nil, err
	}
	if must, literal := signed.Literal(); r.providers == nil && a.One("issuer-signing-keys") == nil && literal && must {
		a.Warn("without openid-config and issuer-signing-keys there is no key that a token could be signed with: every request is refused")
	}
	return r.step, nil
}

// openIDProviders are the providers of each request: the same ones where all addresses are literal.
func openIDProviders(a *policy.Args, shared *tokens) (func(*policy.Exchange) ([]*token.Provider, error), error) {
	var addresses []policy.TextValue
	var known []*token.Provider
	for _, c := range a.All("openid-config") {
		address := c.Text("url")
		addresses = append(addresses, address)
		if text, literal := address.Literal(); literal {
			if err := checkWeb(text); err != nil {
				return nil, c.Errorf("%s", err)
			}
			known = append(known, shared.providers.At(text))
		}
	}
	switch len(addresses) {
	case 0:
		return nil, nil
	case len(known):
		return func(*policy.Exchange) ([]*token.Provider, error) { return known, nil }, nil
	}
	return func(x *policy.Exchange) ([]*token.Provider, error) {
		list, err := texts(x, addresses)
		if err != nil {
			return nil, err
		}
		out := make([]*token.Provider, len(list))
		for i, address := range list {
			if err := checkWeb(address); err != nil {
				return nil, err
			}
			out[i] = shared.computedAt(address)
		}
		return out, nil
	}, nil
}

// checkWeb wants an address that can be fetched.
func checkWeb(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("'%s' is not an absolute http or https address", address)
	}
	return nil
}
