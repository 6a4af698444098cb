package policies

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// ValidateAzureADToken lets requests through that carry a token of a Microsoft Entra tenant, or of any OpenID provider that publishes its
// configuration as Entra does (policies.md 7.3).
func ValidateAzureADToken(shared *tokens) policy.Spec {
	ids := func(name, doc string) *policy.ElementShape {
		return policy.Child(name, policy.Children("application-id", policy.Text).Required().Doc("An application id.")).Doc(doc)
	}
	return policy.Spec{
		Name:     "validate-azure-ad-token",
		Doc:      "Refuses requests without a valid token of a Microsoft Entra tenant.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("tenant-id", policy.Text).Required().Expr().Doc("Tenant: its id, a domain of it, its address, or 'organizations' or 'common' for all."),
			policy.Attr("authentication-endpoint", policy.Text).Default("https://login.microsoftonline.com").Expr().Doc("Address of another cloud or provider."),
			policy.Attr("header-name", policy.Text).Default("Authorization").Expr().Doc("Header that carries the token; at most one of this, query-parameter-name and token-value."),
			policy.Attr("query-parameter-name", policy.Text).Expr().Doc("Query parameter that carries the token."),
			policy.Attr("token-value", policy.Text).Expr().Doc("The token itself, without a scheme."),
			policy.Attr("failed-validation-httpcode", policy.IntRange(100, 999)).Default("401").Expr().Doc("Status of a refusal."),
			policy.Attr("failed-validation-error-message", policy.Text).Expr().Doc("Message of a refusal; without it the message says the cause."),
			policy.Attr("output-token-variable-name", policy.Text).Doc("Variable that gets the valid token, of type Jwt."),
			ids("backend-application-ids", "Applications that tokens may be for."),
			ids("client-application-ids", "Applications that may have asked for tokens."),
			policy.Child("audiences", policy.Children("audience", policy.Text).Expr().Required().Doc("An audience.")).Doc("Audiences of which a token must have one."),
			requiredClaimsShape(),
			decryptionKeys(),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileValidateAzureADToken(a, shared) },
	}
}

func compileValidateAzureADToken(a *policy.Args, shared *tokens) (policy.Step, error) {
	source, places := tokenSources(a)
	switch {
	case places > 1:
		return nil, errors.New("at most one of the attributes 'header-name', 'query-parameter-name' and 'token-value' may be set")
	case places == 0:
		header := a.Text("header-name")
		source.header = &header
	}
	t := &tenant{id: a.Text("tenant-id"), endpoint: a.Text("authentication-endpoint"), shared: shared}
	r := &tokenRules{
		shared: shared, source: source, code: a.Int("failed-validation-httpcode"), message: a.Text("failed-validation-error-message"),
		output: a.Literal("output-token-variable-name"), providers: t.providers, twin: stsIssuer,
		audiences: textList(a, "audiences", "audience"), claims: requiredClaims(a),
	}
	backends, clients := literalList(a, "backend-application-ids"), literalList(a, "client-application-ids")
	r.further = func(x *policy.Exchange, found *token.Token) error {
		if err := t.check(x, found); err != nil {
			return err
		}
		return checkClient(found, clients)
	}
	r.backends = backends
	var err error
	if r.decryption, err = readKeys(a, "decryption-keys", true); err != nil {
		return nil, err
	}
	return r.step, t.compile()
}

func literalList(a *policy.Args, list string) (out []string) {
	for _, v := range textList(a, list, "application-id") {
		text, _ := v.Literal()
		out = append(out, text)
	}
	return out
}

// tenant is where a use of the policy looks for keys and issuer.
type tenant struct {
	id, endpoint policy.TextValue
	shared       *tokens
	known        []*token.Provider // when both are literal
}

// compile finds the provider of a tenant that is known when the policy is saved.
func (t *tenant) compile() error {
	id, literal1 := t.id.Literal()
	endpoint, literal2 := t.endpoint.Literal()
	if !literal1 || !literal2 || strings.Contains(id+endpoint, "{{") { // of a home of which nothing is known
		return nil
	}
	address, err := tenantAddress(id, endpoint)
	if err == nil {
		t.known = []*token.Provider{t.shared.providers.At(address)}
	}
	return err
}

func (t *tenant) providers(x *policy.Exchange) ([]*token.Provider, error) {
	if t.known != nil {
		return t.known, nil
	}
	id, err := t.id.Get(x)
	if err != nil {
		return nil, err
	}
	endpoint, err := t.endpoint.Get(x)
	if err != nil {
		return nil, err
	}
	address, err := tenantAddress(id, endpoint)
	if err != nil {
		return nil, err
	}
	return []*token.Provider{t.shared.computedAt(address)}, nil
}

// tenantAddress is where a tenant publishes its configuration. A tenant that is an address stands for itself.
func tenantAddress(id, endpoint string) (string, error) {
	base := strings.TrimSuffix(endpoint, "/") + "/" + id
	if strings.Contains(id, "://") {
		base = strings.TrimSuffix(strings.TrimSuffix(id, "/"), "/v2.0")
		id = "address"
	}
	if !identifier(id) {
		return "", fmt.Errorf("the tenant '%s' is neither an id nor a domain nor an address", id)
	}
	address := base + "/v2.0/.well-known/openid-configuration"
	return address, checkWeb(address)
}

// consumers is the tenant of personal accounts, which 'organizations' leaves out.
const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"

func (t *tenant) check(x *policy.Exchange, found *token.Token) error {
	id, err := t.id.Get(x)
	if err != nil || id != "organizations" {
		return err
	}
	if tid, _ := found.Claims.Text("tid"); strings.EqualFold(tid, consumers) {
		return refuse("TokenIssuerNotAllowed", "Issuer validation failed. The token's issuer is not one of those that are allowed. Access denied.")
	}
	return nil
}

// stsIssuer is the issuer of a tenant's tokens of version 1.0, which the same keys sign, by the one of its tokens of version 2.0.
func stsIssuer(issuer string) string {
	for _, cloud := range [][2]string{
		{"https://login.microsoftonline.com/", "https://sts.windows.net/"},
		{"https://login.microsoftonline.us/", "https://sts.windows.net/"},
		{"https://login.partner.microsoftonline.cn/", "https://sts.chinacloudapi.cn/"},
	} {
		id, ok1 := strings.CutPrefix(issuer, cloud[0])
		if id, ok2 := strings.CutSuffix(id, "/v2.0"); ok1 && ok2 {
			return cloud[1] + id + "/"
		}
	}
	return ""
}

// checkClient wants the application that asked for the token to be listed: azp in tokens of version 2.0, appid in those of 1.0. One that has both
// needs both.
func checkClient(t *token.Token, allowed []string) error {
	if len(allowed) == 0 {
		return nil
	}
	found := false
	for _, name := range []string{"azp", "appid"} {
		values, ok := t.Claims.Values(name)
		if !ok {
			continue
		}
		found = true
		if len(values) != 1 || !slices.ContainsFunc(allowed, func(id string) bool { return strings.EqualFold(id, values[0]) }) {
			return claimNotAllowed(name, values)
		}
	}
	if !found {
		return missingClaims("azp")
	}
	return nil
}
