package policies

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// SetBackendService sends the request to another backend.
func SetBackendService(env Env) policy.Spec {
	return policy.Spec{
		Name:     "set-backend-service",
		Doc:      "Sends the request to another base address, to a backend entity, or to a service through the Dapr sidecar of the gateway.",
		Sections: policy.In(policy.Inbound, policy.BackendSection),
		Scopes:   policy.AnyScope,
		Shape: policy.Element(
			policy.Attr("base-url", policy.Text).Expr().Doc("Absolute base address; path and query of the request are appended."),
			policy.Attr("backend-id", policy.Text).Expr().Doc("Name of a backend of the service or workspace that the policy lives in; dapr with the attributes for it."),
			policy.Attr("dapr-app-id", policy.Text).Expr().Doc("Name of the service that the Dapr sidecar calls."),
			policy.Attr("dapr-method", policy.Text).Expr().Doc("Path at that service; the query of the request is appended."),
			policy.Attr("dapr-namespace", policy.Text).Expr().Doc("Namespace of that service."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileSetBackendService(a, env) },
	}
}

func compileSetBackendService(a *policy.Args, env Env) (policy.Step, error) {
	if a.Set("dapr-app-id") || a.Set("dapr-method") || a.Set("dapr-namespace") {
		return setDaprService(a, env)
	}
	switch {
	case a.Set("base-url") == a.Set("backend-id"):
		return nil, errors.New("exactly one of the attributes 'base-url' and 'backend-id' is required")
	case a.Set("base-url"):
		return setBaseURL(a)
	}
	id, home := a.Text("backend-id"), a.Home()
	if name, literal := id.Literal(); literal {
		b := backend(home, name)
		if b == nil && !home.Unknown {
			return nil, fmt.Errorf("backend '%s' could not be found; create it where this policy lives", name)
		}
		if b != nil {
			return func(x *policy.Exchange) error {
				x.Backend.Backend, x.Backend.Base = b, strings.TrimRight(b.URL, "/")
				return nil
			}, nil
		}
	}
	return func(x *policy.Exchange) error {
		name, err := id.Get(x)
		if err != nil {
			return err
		}
		b := backend(home, name)
		if b == nil && x.Host != nil {
			b, _ = x.Host.BackendByID(x, home.ID, name)
		}
		if b == nil {
			return fmt.Errorf("backend '%s' could not be found", name)
		}
		x.Backend.Backend, x.Backend.Base = b, strings.TrimRight(b.URL, "/")
		return nil
	}, nil
}

func backend(home *policy.Home, id string) *policy.Backend {
	if b := home.Backends[id]; b != nil {
		return b
	}
	for name, b := range home.Backends {
		if strings.EqualFold(name, id) {
			return b
		}
	}
	return nil
}

// setBaseURL replaces the base address. A backend entity that an earlier policy chose stays: only another backend-id replaces it.
func setBaseURL(a *policy.Args) (policy.Step, error) {
	base := a.Text("base-url")
	if u, literal := base.Literal(); literal {
		if err := checkBase(u); err != nil {
			return nil, err
		}
	}
	return func(x *policy.Exchange) error {
		u, err := base.Get(x)
		if err != nil {
			return err
		}
		if err := checkBase(u); err != nil {
			return err
		}
		if x.Backend.Backend == nil {
			x.Backend.Base = strings.TrimRight(u, "/")
		}
		return nil
	}, nil
}

func checkBase(s string) error {
	u, err := url.Parse(s)
	known := err == nil && slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) // ws and wss for WebSocket APIs
	if !known || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("'%s' is not an absolute http or https address without query", s)
	}
	return nil
}
