package authn

import (
	"errors"
	"time"

	"github.com/google/uuid"
)

// assertionLife is how long an assertion lives that proves an identity to another issuer.
const assertionLife = 5 * time.Minute

// IssueForBackend makes an access token of a service's managed identity for a backend. The directory doesn't know such principals: the token opens
// nothing of the installation's own, and none is made that says it would.
func (s *Service) IssueForBackend(principal, resource string) (string, time.Time, error) {
	if s.audienceOf(resource) != forNobody || resource == ConsoleClient {
		return "", time.Time{}, errors.New("managed identities get no tokens for the management API, the directory or the console")
	}
	return s.signFor(principal, resource, AccessLife)
}

// Assertion proves the identity of a service to another issuer that trusts ours (RFC 7523).
func (s *Service) Assertion(principal, audience string) (string, error) {
	text, _, err := s.signFor(principal, audience, assertionLife)
	return text, err
}

func (s *Service) signFor(principal, audience string, life time.Duration) (string, time.Time, error) {
	if principal == "" {
		return "", time.Time{}, errors.New("the service has no identity")
	}
	now := s.now()
	c := claims{
		Issuer: s.Issuer(), Audience: audience, Subject: principal, TokenID: uuid.NewString(), Version: "2.0",
		IssuedAt: now.Unix(), Before: now.Unix(), Expires: now.Add(life).Unix(),
		ObjectID: principal, TenantID: s.tenant, AppID: principal, Client: principal, IDType: "app",
	}
	text, err := s.sign(c)
	return text, time.Unix(c.Expires, 0), err
}
