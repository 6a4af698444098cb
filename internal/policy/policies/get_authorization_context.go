package policies

import (
	"errors"
	"fmt"
	"slices"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/token"
)

// managerAudience is whom a token is for by which a caller uses a connection in its own name (policies.md 7.4).
const managerAudience = "https://azure-api.net/authorization-manager"

// GetAuthorizationContext takes a token of the credential manager. The token came with the gateway's snapshot: nobody is asked for it while a request waits.
func GetAuthorizationContext(shared *tokens) policy.Spec {
	return policy.Spec{
		Name:     "get-authorization-context",
		Doc:      "Gets the access token of a connection of the credential manager into a variable of type Authorization.",
		Sections: policy.In(policy.Inbound, policy.BackendSection, policy.Outbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("provider-id", policy.Text).Required().Expr().Doc("Name of the credential provider, which lives where the document does: in its workspace, or in the service."),
			policy.Attr("authorization-id", policy.Text).Required().Expr().Doc("Name of the connection."),
			policy.Attr("context-variable-name", policy.Text).Required().Expr().Doc("Variable that gets the token with its claims, of type Authorization."),
			policy.Attr("identity-type", policy.OneOf("managed", "jwt")).Default("managed").Expr().Doc("Whom the connection's access policies must name: the service's managed identity, or the one whose token is in identity."),
			policy.Attr("identity", policy.Text).Expr().Doc("With jwt: an access token of this installation for "+managerAudience+"."),
			policy.Attr("ignore-error", policy.Bool).Default("false").Expr().Doc("Whether the variable becomes null when there is no token; otherwise the request fails with 500."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileAuthorizationContext(a, shared) },
	}
}

// authorizationContext is one use.
type authorizationContext struct {
	home                                 string // id of the document's home
	provider, connection, variable, kind policy.TextValue
	ignore                               policy.BoolValue
	identity                             *tokenRules // nil without the attribute
}

func compileAuthorizationContext(a *policy.Args, shared *tokens) (policy.Step, error) {
	g := &authorizationContext{
		home:     a.Home().ID,
		provider: a.Text("provider-id"), connection: a.Text("authorization-id"), variable: a.Text("context-variable-name"),
		kind: a.Text("identity-type"), ignore: a.Bool("ignore-error"),
	}
	if err := g.named(a.Home()); err != nil {
		return nil, err
	}
	if kind, literal := g.kind.Literal(); literal && kind == "jwt" && !a.Set("identity") {
		return nil, errors.New("the attribute 'identity' is required when 'identity-type' is jwt")
	}
	if a.Set("identity") {
		text := a.Text("identity")
		g.identity = &tokenRules{shared: shared, source: tokenSource{value: &text}, providers: ownIssuer(shared), further: forManager}
	}
	return g.step, nil
}

// named refuses a connection that the document's home doesn't have, where it is known what it has.
func (g *authorizationContext) named(home *policy.Home) error {
	provider, literal := g.provider.Literal()
	connection, both := g.connection.Literal()
	if home.Connections == nil || home.Unknown || !literal || !both || home.Connections[policy.ConnectionKey(provider, connection)] {
		return nil
	}
	return fmt.Errorf("connection '%s' of the credential provider '%s' could not be found; create it where this policy lives", connection, provider)
}

// ownIssuer is the installation's issuer alone: access policies name its principals.
func ownIssuer(shared *tokens) func(*policy.Exchange) ([]*token.Provider, error) {
	return func(x *policy.Exchange) ([]*token.Provider, error) {
		if x.Deployment == nil || x.Deployment.Issuer == "" {
			return nil, errors.New("this gateway knows no issuer of tokens")
		}
		return []*token.Provider{shared.providers.At(x.Deployment.Issuer + "/.well-known/openid-configuration")}, nil
	}
}

func forManager(_ *policy.Exchange, t *token.Token) error {
	if have, _ := t.Claims.Values("aud"); !slices.Contains(have, managerAudience) {
		return fmt.Errorf("the token in 'identity' is not for %s", managerAudience)
	}
	return nil
}

func (g *authorizationContext) step(x *policy.Exchange) error {
	var texts [4]string
	for i, v := range []policy.TextValue{g.provider, g.connection, g.variable, g.kind} {
		var err error
		if texts[i], err = v.Get(x); err != nil {
			return err
		}
	}
	ignore, err := g.ignore.Get(x)
	if err != nil {
		return err
	}
	if texts[2] == "" {
		return errors.New("the 'context-variable-name' attribute is empty")
	}
	found, err := g.find(x, texts[0], texts[1], texts[3])
	switch {
	case err == nil:
		x.SetVariable(texts[2], found)
	case ignore:
		x.SetVariable(texts[2], nil)
	default:
		return &policy.Error{
			Reason: "AuthorizationContextNotObtained", Message: fmt.Sprintf("no token of the connection '%s' of the credential provider '%s' could be obtained: %s", texts[1], texts[0], err),
			Status: 500, Cause: err,
		}
	}
	return nil
}

// find is the token of a connection that may be used. Whether it has one is told to nobody who may not.
func (g *authorizationContext) find(x *policy.Exchange, provider, connection, kind string) (*policy.Authorization, error) {
	if x.Deployment == nil {
		return nil, errors.New("this gateway has no connections")
	}
	c := x.Deployment.Connection(g.home, provider, connection)
	if c == nil {
		return nil, errors.New("there is no such connection")
	}
	object, tenant, app, err := g.who(x, kind)
	if err != nil {
		return nil, err
	}
	switch {
	case !c.Admits(object, tenant, app):
		return nil, fmt.Errorf("none of its access policies names the identity '%s'", object)
	case c.Authorization == nil && c.Fault != "":
		return nil, errors.New(c.Fault)
	case c.Authorization == nil:
		return nil, errors.New("the connection is not authenticated")
	case !c.Expires.IsZero() && !x.Host.Now().Before(c.Expires):
		return nil, errors.New("its token has ended and could not be renewed in time")
	}
	return c.Authorization, nil
}

// who is the identity that asks: its object id, tenant and application.
func (g *authorizationContext) who(x *policy.Exchange, kind string) (object, tenant, app string, err error) {
	if kind != "jwt" {
		if x.Deployment.Principal == "" {
			return "", "", "", errors.New("the service has no system-assigned identity: set its identity.type to SystemAssigned")
		}
		return x.Deployment.Principal, x.Deployment.Tenant, x.Deployment.Principal, nil
	}
	if g.identity == nil {
		return "", "", "", errors.New("the attribute 'identity' is missing, which identity-type jwt needs")
	}
	t, err := g.identity.check(x)
	if err != nil {
		return "", "", "", err
	}
	object, _ = t.Claims.Text("oid")
	tenant, _ = t.Claims.Text("tid")
	if app, _ = t.Claims.Text("azp"); app == "" {
		app, _ = t.Claims.Text("appid")
	}
	if object == "" {
		return "", "", "", errors.New("the token in 'identity' has no claim 'oid'")
	}
	return object, tenant, app, nil
}
