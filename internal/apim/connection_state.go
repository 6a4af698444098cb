package apim

import (
	"encoding/json"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/kind"
)

// ConnectionState is what the credential manager keeps of a connection. Endpoints and Client say whom tokens and secrets were given for: they go nowhere else.
type ConnectionState struct {
	Endpoints string    `json:"endpoints,omitempty"`
	Client    string    `json:"client,omitempty"`
	Access    string    `json:"access,omitempty"`
	Refresh   string    `json:"refresh,omitempty"`
	Expires   time.Time `json:"expires,omitzero"` // zero for never
	Renew     time.Time `json:"renew,omitzero"`   // when to get the next one
	Claims    string    `json:"claims,omitempty"` // JSON
}

// Connection is a connection with the client that it is.
func Connection(l kind.Lookup, id arm.ID) (*Authorization, *credential.Client, error) {
	a, ok := kind.Of[Authorization](l, id)
	if !ok {
		return nil, nil, arm.NotFound("Authorization")
	}
	client, err := clientOf(l, id, a)
	return a, client, err
}

// State reads what is kept. What can't be read is nothing.
func (a *Authorization) State() (s ConnectionState) {
	if json.Unmarshal([]byte(a.Kept), &s) != nil {
		return ConnectionState{}
	}
	return s
}

func (a *Authorization) keep(s ConnectionState) error {
	b, err := json.Marshal(s)
	a.Kept = string(b)
	return err
}

// Connected says whether policies may get the token.
func (a *Authorization) Connected() bool { return a.Status == connected }

// Connect stores a token. It is to be renewed five minutes before its end, or after four fifths of its life.
func (a *Authorization) Connect(client *credential.Client, t credential.Token, now time.Time) {
	s := ConnectionState{Endpoints: client.Endpoints(), Client: client.ID, Access: t.Access, Refresh: t.Refresh, Expires: t.Expires, Claims: t.Claims}
	if !t.Expires.IsZero() {
		s.Renew = t.Expires.Add(-min(5*time.Minute, t.Expires.Sub(now)/5))
	}
	a.Status, a.Error = connected, nil
	_ = a.keep(s) // texts and times always marshal
}

// Fail says why there is no token. What is kept to get one with stays.
func (a *Authorization) Fail(f *credential.Fault) {
	a.Status, a.Error = failing, &AuthorizationFault{Code: f.Code, Message: f.Message}
}
