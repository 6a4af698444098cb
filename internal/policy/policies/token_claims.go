package policies

import (
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// What tokens have to state, once their signature is known to be good.

// requiredClaim is one claim of required-claims.
type requiredClaim struct {
	name, separator policy.TextValue
	match           policy.TextValue // "all" or "any"
	values          []policy.TextValue
}

// requiredClaimsShape is the child element of both token policies.
func requiredClaimsShape() *policy.ElementShape {
	return policy.Child("required-claims",
		policy.Child("claim",
			policy.Attr("name", policy.Text).Required().Expr().Doc("Name of the claim."),
			policy.Attr("match", policy.OneOf("all", "any")).Default("all").Expr().Doc("Whether the token must have all listed values, or one of them."),
			policy.Attr("separator", policy.Text).Expr().Doc("What separates values when the claim is one text, as in scopes."),
			policy.Children("value", policy.Text).Expr().Doc("A value; without any the claim only has to be there."),
		).Required().Many().Doc("A claim that tokens must have."),
	).Doc("Claims that tokens must have.")
}

func requiredClaims(a *policy.Args) (out []requiredClaim) {
	list := a.One("required-claims")
	if list == nil {
		return nil
	}
	for _, c := range list.All("claim") {
		r := requiredClaim{name: c.Text("name"), separator: c.Text("separator"), match: c.Text("match")}
		for _, v := range c.All("value") {
			r.values = append(r.values, v.Content())
		}
		out = append(out, r)
	}
	return out
}

// textList is a child element that holds others with text.
func textList(a *policy.Args, list, item string) (out []policy.TextValue) {
	if l := a.One(list); l != nil {
		for _, v := range l.All(item) {
			out = append(out, v.Content())
		}
	}
	return out
}

func texts(x *policy.Exchange, values []policy.TextValue) ([]string, error) {
	out := make([]string, len(values))
	for i := range values {
		var err error
		if out[i], err = values[i].Get(x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *tokenRules) checkTimes(x *policy.Exchange, t *token.Token, now time.Time) error {
	seconds, err := r.skew.Get(x)
	if err != nil {
		return err
	}
	demanded := true
	if r.expires != nil {
		if demanded, err = r.expires.Get(x); err != nil {
			return err
		}
	}
	expires, hasEnd, err := t.Claims.Instant("exp")
	if err != nil {
		return refuse("JwtInvalid", "%s. Access denied.", sentence(err))
	}
	begins, hasBegin, err := t.Claims.Instant("nbf")
	if err != nil {
		return refuse("JwtInvalid", "%s. Access denied.", sentence(err))
	}
	at, skew := float64(now.UnixMilli())/1000, float64(seconds)
	switch {
	case !hasEnd && demanded:
		return refuse("JwtInvalid", "Lifetime validation failed. The token has no expiration time. Access denied.")
	case hasEnd && at >= expires+skew:
		return refuse("TokenExpired", "Lifetime validation failed. The token is expired: it was valid to %s, now is %s. Access denied.", instant(expires), instant(at))
	case hasBegin && at < begins-skew:
		return refuse("JwtInvalid", "Lifetime validation failed. The token is not valid yet: it is valid from %s, now is %s. Access denied.", instant(begins), instant(at))
	}
	return nil
}

func instant(seconds float64) string { return time.Unix(int64(seconds), 0).UTC().Format(time.RFC3339) }

func (r *tokenRules) checkAudience(x *policy.Exchange, t *token.Token) error {
	if len(r.audiences)+len(r.backends) == 0 {
		return nil
	}
	have, _ := t.Claims.Values("aud")
	for _, id := range r.backends {
		if id != "" && (slices.Contains(have, id) || slices.Contains(have, "api://"+id)) {
			return nil
		}
	}
	for i := range r.audiences {
		allowed, err := r.audiences[i].Get(x)
		if err != nil {
			return err
		}
		if allowed != "" && slices.Contains(have, allowed) {
			return nil
		}
	}
	return refuse("TokenAudienceNotAllowed", "Audience validation failed. The token's audience is not one of those that are allowed. Access denied.")
}

// checkIssuer wants one of the issuers that are listed and of those that the providers name. A provider that isn't known yet is asked only when the
// others don't have it.
func (r *tokenRules) checkIssuer(x *policy.Exchange, t *token.Token, providers []*token.Provider, now time.Time) error {
	if len(r.issuers)+len(providers) == 0 {
		return nil
	}
	have, _ := t.Claims.Text("iss")
	for i := range r.issuers {
		allowed, err := r.issuers[i].Get(x)
		if err != nil {
			return err
		}
		if allowed != "" && have == allowed {
			return nil
		}
	}
	missing, ok := r.issuedBy(t, have, providers, now)
	if missing && !ok {
		if err := token.Renew(x.Context, now, providers); err != nil {
			return unavailable(err)
		}
		_, ok = r.issuedBy(t, have, providers, now)
	}
	if !ok {
		return refuse("TokenIssuerNotAllowed", "Issuer validation failed. The token's issuer is not one of those that are allowed. Access denied.")
	}
	return nil
}

// issuedBy says whether one of the providers that are known names the issuer, and whether one is not known.
func (r *tokenRules) issuedBy(t *token.Token, issuer string, providers []*token.Provider, now time.Time) (missing, ok bool) {
	for _, p := range providers {
		switch c := p.Known(now); {
		case c == nil:
			missing = true
		case issuer == "":
		case issuer == issuerFor(c.Issuer, t), r.twin != nil && issuer == r.twin(issuerFor(c.Issuer, t)):
			return missing, true
		}
	}
	return missing, false
}

// tenantHole is what an issuer of many tenants has in place of the tenant.
const tenantHole = "{tenantid}"

// issuerFor is a provider's issuer; one for many tenants is filled in with the tenant that the token states.
func issuerFor(issuer string, t *token.Token) string {
	if !strings.Contains(issuer, tenantHole) {
		return issuer
	}
	tenant, ok := t.Claims.Text("tid")
	if !ok || !identifier(tenant) {
		return ""
	}
	return strings.ReplaceAll(issuer, tenantHole, tenant)
}

// identifier says whether s can stand in an address or issuer as one word.
func identifier(s string) bool {
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return s != "" && s != "." && s != ".."
}

func (r *tokenRules) checkClaims(x *policy.Exchange, t *token.Token) error {
	var missing []string
	for i := range r.claims {
		name, err := r.claims[i].name.Get(x)
		if err != nil {
			return err
		}
		if _, ok := t.Claims.Values(name); !ok {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return missingClaims(missing...)
	}
	for i := range r.claims {
		if err := r.claims[i].check(x, t); err != nil {
			return err
		}
	}
	return nil
}

func missingClaims(names ...string) error {
	return refuse("TokenClaimNotFound", "JWT token is missing the following claims: %s. Access denied.", strings.Join(names, ", "))
}

func claimNotAllowed(name string, values []string) error {
	return refuse("TokenClaimValueNotAllowed", "Claim %s value of %s is not allowed. Access denied.", name, strings.Join(values, ","))
}

func (c *requiredClaim) check(x *policy.Exchange, t *token.Token) error {
	if len(c.values) == 0 {
		return nil
	}
	name, err := c.name.Get(x)
	if err != nil {
		return err
	}
	match, err := c.match.Get(x)
	if err != nil {
		return err
	}
	separator, err := c.separator.Get(x)
	if err != nil {
		return err
	}
	wanted, err := texts(x, c.values)
	if err != nil {
		return err
	}
	have, _ := t.Claims.Values(name)
	found := 0
	for _, v := range wanted {
		if hasValue(have, separator, v) {
			found++
		}
	}
	if match == "any" && found > 0 || match != "any" && found == len(wanted) {
		return nil
	}
	return claimNotAllowed(name, have)
}

// hasValue says whether v is among values, or among their parts when there is a separator.
func hasValue(values []string, separator, v string) bool {
	if separator == "" {
		return slices.Contains(values, v)
	}
	for _, whole := range values {
		for part := range strings.SplitSeq(whole, separator) {
			if part == v {
				return true
			}
		}
	}
	return false
}
