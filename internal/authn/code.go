package authn

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/atelier-apim/atelier/internal/directory"
	"github.com/atelier-apim/atelier/internal/seal"
)

// codeLife is how long an authorization code works: a browser needs a moment only.
const codeLife = time.Minute

// codeDoc is an authorization code before it is sealed. Nothing is stored for it, so that any control plane can redeem it; that it works
// once is the session's care.
type codeDoc struct {
	ID        string    `json:"id"`
	User      string    `json:"user"`
	Redirect  string    `json:"redirect"`
	Challenge string    `json:"challenge"`
	Resource  string    `json:"resource"`
	Scope     string    `json:"scope"`
	Nonce     string    `json:"nonce,omitempty"`
	Expires   time.Time `json:"expires"`
	Via       via       `json:"via,omitzero"`
}

var codeAAD = seal.AAD("/"+namespace, "authorization code")

func (s *Service) makeCode(a authorization, p directory.Principal, v via) (string, error) {
	text, err := json.Marshal(codeDoc{
		ID: uuid.NewString(), User: p.ObjectID, Redirect: a.Redirect, Challenge: a.Challenge, Resource: a.resource,
		Scope: a.Scope, Nonce: a.Nonce, Expires: s.now().Add(codeLife), Via: v,
	})
	if err != nil {
		return "", err
	}
	return s.secrets.Seal(string(text), codeAAD), nil
}

func (s *Service) openCode(code string) (codeDoc, error) {
	var c codeDoc
	text, err := s.secrets.Open(code, codeAAD)
	if err != nil || json.Unmarshal([]byte(text), &c) != nil {
		return c, oauthErrorf(400, "invalid_grant", 9002313, "The authorization code is malformed or was not issued here.")
	}
	if !s.now().Before(c.Expires) {
		return c, invalidGrant("The provided authorization code has expired: sign in again.")
	}
	return c, nil
}
