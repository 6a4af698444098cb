package policies

import (
	"errors"
	"fmt"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// BackendCall is a request that a policy makes for itself: JSON that is sent to a backend with POST.
type BackendCall struct {
	Path, Query string // below the backend's address, escaped
	Header      policy.Header
	Body        []byte
	Timeout     time.Duration // for all of it
	MaxAnswer   int64         // bytes of the answer; a longer one is an error
}

// BackendAnswer is what a backend answers, whatever its status.
type BackendAnswer struct {
	Status int
	Body   []byte
}

// CallBackend sends a call to a backend entity with the entity's credentials, under the gateway's rules for outgoing calls. It is safe for concurrent use
// but for the exchange; its error is for on-error and logs.
type CallBackend func(x *policy.Exchange, b *policy.Backend, c BackendCall) (BackendAnswer, error)

var errNoCalls = errors.New("this gateway makes no calls")

// backendOf finds the backend that an attribute names, in the home of the document. A name that is known at once must exist.
func backendOf(a *policy.Args, attr string) (func(*policy.Exchange) (*policy.Backend, error), error) {
	id, home := a.Text(attr), a.Home()
	if name, literal := id.Literal(); literal {
		b := backend(home, name)
		if b == nil && !home.Unknown {
			return nil, fmt.Errorf("backend '%s' could not be found; create it where this policy lives", name)
		}
		return func(*policy.Exchange) (*policy.Backend, error) {
			if b == nil {
				return nil, fmt.Errorf("backend '%s' could not be found", name)
			}
			return b, nil
		}, nil
	}
	return func(x *policy.Exchange) (*policy.Backend, error) {
		name, err := id.Get(x)
		if err != nil {
			return nil, err
		}
		b := backend(home, name)
		if b == nil && x.Host != nil {
			b, _ = x.Host.BackendByID(x, home.ID, name)
		}
		if b == nil {
			return nil, fmt.Errorf("backend '%s' could not be found", name)
		}
		return b, nil
	}, nil
}

// cognitiveServices is whom tokens for Azure's AI services are for.
const cognitiveServices = "https://cognitiveservices.azure.com"

// callAI calls an AI service for a document of the workspace, "" for one of the service. Where the backend has no credentials of its own, the service's
// identity signs in, if there is one.
func callAI(env Env, x *policy.Exchange, workspace string, b *policy.Backend, c BackendCall) (BackendAnswer, error) {
	if env.Call == nil {
		return BackendAnswer{}, errNoCalls
	}
	if !b.SignsIn() && env.Identity != nil && x.Deployment != nil && identityAllowed(x.Deployment.IdentityFor, workspace) {
		r := IdentityRequest{ServiceID: x.Deployment.ServiceID, Principal: x.Deployment.Principal, Resource: cognitiveServices}
		if token, err := env.Identity(x.Context, x.Host.Now(), r); err == nil {
			c.Header.Set("Authorization", "Bearer "+token)
		}
	}
	return env.Call(x, b, c)
}
