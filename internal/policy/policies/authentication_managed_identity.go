package policies

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// IdentityRequest asks for an access token of a service's managed identity.
type IdentityRequest struct {
	ServiceID string // resource id of the service
	Principal string // its system-assigned principal, "" without one
	ClientID  string // of a user-assigned identity, "" for the system-assigned one
	Resource  string // whom the token is for
}

// Identity gets tokens, from a cache where it can. It is safe for concurrent use; its error is for on-error and logs.
type Identity func(ctx context.Context, now time.Time, r IdentityRequest) (string, error)

// AuthenticationManagedIdentity signs in at the backend as the service (policies.md 7.4).
func AuthenticationManagedIdentity(env Env) policy.Spec {
	return policy.Spec{
		Name:     "authentication-managed-identity",
		Doc:      "Gets an access token of the service's managed identity and sends it to the backend, or keeps it in a variable.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("resource", policy.Text).Required().Expr().Doc("Whom the token is for: the application id or address of the backend."),
			policy.Attr("client-id", policy.Text).Expr().Doc("Client id of a user-assigned identity; without it the system-assigned one signs in."),
			policy.Attr("output-token-variable-name", policy.Text).Doc("Variable that gets the token; the request's Authorization header stays as it is then."),
			policy.Attr("ignore-error", policy.Bool).Default("false").Doc("Whether the request goes on without a token when none can be had."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileManagedIdentity(a, env.Identity) },
	}
}

func compileManagedIdentity(a *policy.Args, identity Identity) (policy.Step, error) {
	resource, client := a.Text("resource"), a.Text("client-id")
	output, ignore, workspace := a.Literal("output-token-variable-name"), a.Literal("ignore-error") == "true", a.Home().Workspace
	return func(x *policy.Exchange) error {
		token, err := identityToken(x, identity, workspace, resource, client)
		switch {
		case err != nil && ignore:
			if output != "" {
				x.SetVariable(output, nil)
			}
			return nil
		case err != nil:
			return err
		case output != "":
			x.SetVariable(output, token)
			return nil
		}
		x.Call().Header.Set("Authorization", "Bearer "+token)
		return nil
	}, nil
}

// identityToken gets a token for a document of the workspace, "" for one of the service.
func identityToken(x *policy.Exchange, identity Identity, workspace string, resource, client policy.TextValue) (string, error) {
	r := IdentityRequest{}
	var err error
	if r.Resource, err = resource.Get(x); err != nil {
		return "", err
	}
	if r.ClientID, err = client.Get(x); err != nil {
		return "", err
	}
	if r.Resource == "" {
		return "", errors.New("the 'resource' attribute is empty")
	}
	return tokenFor(x, identity, workspace, r)
}

// tokenFor gets the token that r asks for, as the service.
func tokenFor(x *policy.Exchange, identity Identity, workspace string, r IdentityRequest) (string, error) {
	if x.Deployment == nil || identity == nil {
		return "", noIdentity(errors.New("this gateway has no identity"))
	}
	r.ServiceID, r.Principal = x.Deployment.ServiceID, x.Deployment.Principal
	if !identityAllowed(x.Deployment.IdentityFor, workspace) {
		return "", noIdentity(fmt.Errorf("the service lets the workspace '%s' not use its identity", workspace))
	}
	token, err := identity(x.Context, x.Host.Now(), r)
	if err != nil {
		return "", noIdentity(err)
	}
	return token, nil
}

// identityAllowed reads the service's switch: empty for every workspace, "never" for none, else names.
func identityAllowed(list, workspace string) bool {
	if workspace == "" || strings.TrimSpace(list) == "" {
		return true
	}
	return slices.ContainsFunc(strings.Split(list, ","), func(name string) bool { return strings.EqualFold(strings.TrimSpace(name), workspace) })
}

func noIdentity(err error) *policy.Error {
	return &policy.Error{Reason: "ManagedIdentityTokenNotObtained", Message: "no token of the service's identity could be obtained: " + err.Error(), Status: 500, Cause: err}
}
