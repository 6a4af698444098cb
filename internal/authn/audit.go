package authn

import (
	"context"
	"errors"
	"net/http"

	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/store"
)

// Methods of a sign-in.
const (
	byPassword  = "password"
	bySecret    = "client secret"
	byAssertion = "client assertion"
	byIssuer    = "identity provider"
)

// SignIn is one attempt to prove an identity, for the audit. It never holds what was shown as proof.
type SignIn struct {
	Actor   store.Actor // who it was, as far as known: the name is what the caller claimed
	Method  string
	Subject string // resource id of the principal; the directory's users or applications when it is unknown
	Failure string // why it failed, "" when it did not
}

// Audit is told of every sign-in, succeeded or failed, before it is answered.
type Audit func(ctx context.Context, s SignIn)

// told reports a sign-in. claimed is the name or client id that was shown; p the principal, empty when it is unknown.
func (s *Service) told(r *http.Request, method, claimed string, p directory.Principal, failure error) {
	if s.audit == nil {
		return
	}
	e := SignIn{Actor: actorOf(r, p), Method: method}
	if p.ObjectID != "" {
		e.Subject = p.ResourceID().String()
	} else {
		e.Subject = "/providers/Microsoft.Graph/organization/" + s.tenant
	}
	e.Actor.Name = clip(claimed)
	var said *oauthError
	switch {
	case failure == nil:
	case errors.As(failure, &said):
		e.Failure = said.Error()
	default:
		e.Failure = failure.Error()
	}
	s.audit(r.Context(), e)
}

// attempted is the principal that somebody claimed to be, whether or not they proved it.
func (s *Service) attempted(method, claimed string) directory.Principal {
	var p directory.Principal
	if method == byPassword {
		p, _ = s.directory.ByUsername(claimed)
	} else {
		p, _ = s.directory.ByAppID(claimed)
	}
	return p
}
