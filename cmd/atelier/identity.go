package main

import (
	"context"
	"errors"
	"time"

	"github.com/atelier-apim/atelier/internal/identity"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

var errNoUserAssigned = errors.New("there are no user-assigned identities; identity.json in the data folder may name some")

// openProvider reads identity.json of the data folder, by which the operator sends managed identities to another issuer than our own. It is read before any state is made: a
// first start that fails afterwards has told nobody who its administrator is.
func (s *server) openProvider(context.Context) (err error) {
	s.provider, err = identity.Read(s.config.path("identity.json"), func(principal, audience string) (string, error) {
		return s.identity.Assertion(principal, audience)
	})
	return err
}

// identitySource gets tokens of managed identities for policies.
func (s *server) identitySource() policies.Identity {
	issue := s.issueForBackend
	if s.provider != nil {
		issue = s.provider.Issue
	}
	source := identity.New(issue)
	return func(ctx context.Context, now time.Time, r policies.IdentityRequest) (string, error) {
		return source.Token(ctx, now, identity.Request{Service: r.ServiceID, Principal: r.Principal, ClientID: r.ClientID, Resource: r.Resource})
	}
}

// issueForBackend signs with our own keys. There are no user-assigned identities here.
func (s *server) issueForBackend(_ context.Context, r identity.Request) (identity.Token, error) {
	if r.ClientID != "" {
		return identity.Token{}, errNoUserAssigned
	}
	text, expires, err := s.identity.IssueForBackend(r.Principal, r.Resource)
	return identity.Token{Text: text, Expires: expires}, err
}
