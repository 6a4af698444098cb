package authn

import (
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/directory"
)

// claims of access tokens, as Entra's version 2 tokens carry them.
type claims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	IssuedAt int64  `json:"iat"`
	Before   int64  `json:"nbf"`
	Expires  int64  `json:"exp"`
	TokenID  string `json:"uti"`

	ObjectID string `json:"oid"`
	TenantID string `json:"tid"`
	AppID    string `json:"appid,omitempty"` // of the client that asked; Terraform and SDKs read this name
	Client   string `json:"azp,omitempty"`   // the same under its OpenID name
	IDType   string `json:"idtyp,omitempty"` // "app" or "user"
	Version  string `json:"ver"`

	Name     string `json:"name,omitempty"` // people only, like the following
	Username string `json:"preferred_username,omitempty"`
	UPN      string `json:"upn,omitempty"`
	Scope    string `json:"scp,omitempty"`
	Nonce    string `json:"nonce,omitempty"` // identity tokens only

	Via *via `json:"via,omitempty"` // people who signed in through another issuer
}

func (s *Service) claims(p directory.Principal, aud string) claims {
	now := s.now()
	c := claims{
		Issuer: s.Issuer(), Audience: aud, Subject: p.ObjectID, TokenID: uuid.NewString(), Version: "2.0",
		IssuedAt: now.Unix(), Before: now.Unix(), Expires: now.Add(AccessLife).Unix(),
		ObjectID: p.ObjectID, TenantID: s.tenant,
	}
	if p.Kind == directory.User {
		c.Name, c.Username, c.UPN = p.DisplayName, p.UserPrincipalName, p.UserPrincipalName
	}
	return c
}

// Issue makes an access token of a principal for a resource, given as its URL. It lives for AccessLife.
func (s *Service) Issue(p directory.Principal, resource string) (string, time.Time, error) {
	return s.issue(p, resource, via{})
}

func (s *Service) issue(p directory.Principal, resource string, v via) (string, time.Time, error) {
	if s.audienceOf(resource) == forNobody {
		return "", time.Time{}, fmt.Errorf("authn: no tokens are issued for %q", resource)
	}
	c := s.claims(p, resource)
	if v.Issuer != "" {
		c.Via = &v
	}
	switch p.Kind {
	case directory.User:
		c.AppID, c.Client, c.IDType, c.Scope = ConsoleClient, ConsoleClient, "user", "openid profile user_impersonation"
	case directory.ServicePrincipal:
		c.AppID, c.Client, c.IDType = p.AppID, p.AppID, "app"
	default:
		return "", time.Time{}, fmt.Errorf("authn: a %s can't sign in", p.Kind)
	}
	token, err := s.sign(c)
	return token, time.Unix(c.Expires, 0), err
}

// identityToken tells the console who signed in. It opens no API: its audience is the client.
func (s *Service) identityToken(p directory.Principal, nonce string) (string, error) {
	c := s.claims(p, ConsoleClient)
	c.Nonce = nonce
	return s.sign(c)
}

func (s *Service) sign(c claims) (string, error) {
	token, err := jwt.Signed(s.signer()).Claims(c).Serialize()
	if err != nil {
		return "", fmt.Errorf("authn: sign a token: %w", err)
	}
	return token, nil
}
