package apim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/credential"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Authorization is a connection to a provider.
type Authorization struct {
	AuthorizationType string              `json:"authorizationType,omitempty" rule:"enum=OAuth2"`
	GrantType         string              `json:"oauth2grantType,omitempty" rule:"enum=AuthorizationCode|ClientCredentials"`
	Parameters        *grantSettings      `json:"parameters,omitempty"`
	Status            string              `json:"status,omitempty"`
	Error             *AuthorizationFault `json:"error,omitempty"`
	// Kept is a ConnectionState in JSON. It is sealed as a whole, no answer shows it, and what callers write there is ignored.
	Kept string `json:"kept,omitempty"`
}

// AuthorizationFault is why a connection has no token.
type AuthorizationFault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// States of a connection.
const (
	connected = "Connected"
	failing   = "Error"
)

// Connections gets tokens for connections; nil where nothing is reached.
type Connections interface {
	// First asks for the token of a connection with client credentials that is about to be stored.
	First(ctx context.Context, client *credential.Client) (credential.Token, error)
	// Link begins the consent to a connection and says where a browser goes; after is where it ends up.
	Link(id arm.ID, after string) (string, error)
	// Confirm lets a link go on without a question; false when it isn't one of the connection.
	Confirm(id arm.ID, code string) bool
	// View runs f on the state of now.
	View(ctx context.Context, f func(kind.Lookup) error) error
}

// firstToken is what Prepare brings for a connection with client credentials.
type firstToken struct {
	client credential.Client
	token  credential.Token
	err    error
}

func (c *Catalogue) authorization() *kind.Kind {
	return kind.Entity[Authorization]{
		Type: "authorizations", Noun: "Authorization", Under: []string{"authorizationProviders"}, Names: named(256), PutOnly: true, Filters: "name", Publish: true,
		Secrets: func(v *Authorization) []*string {
			if v.Parameters == nil {
				return []*string{&v.Kept}
			}
			return []*string{&v.Parameters.secret, &v.Kept}
		},
		Actions: []kind.Action{{Name: "getLoginLinks", Do: c.loginLink}, {Name: "confirmConsentCode", Do: c.confirmConsent}},
		Prepare: c.firstToken,
		Default: func(w *kind.Typed[Authorization]) error {
			client, err := completeConnection(w.Lookup, w.ID, w.New, w.Old)
			if err != nil {
				return err
			}
			if first, ok := w.Scratch.(*firstToken); ok && first.client.Same(client) {
				w.New.take(client, first, c.now())
			}
			return nil
		},
	}.Kind()
}

func (c *Catalogue) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// firstToken asks for a token before the connection is stored, so that the answer tells whether it works. What can't be made a client of is refused later.
func (c *Catalogue) firstToken(ctx context.Context, w *kind.Typed[Authorization]) error {
	if c.Connections == nil || !strings.EqualFold(w.New.GrantType, string(credential.ClientCredentials)) {
		return nil
	}
	var client *credential.Client
	err := c.Connections.View(ctx, func(l kind.Lookup) error {
		if noProviders(l, homeOf(w.ID)) {
			return nil // nobody is asked for what will be refused
		}
		draft := *w.New
		if draft.Parameters != nil {
			p := *draft.Parameters
			draft.Parameters = &p
		}
		old, _ := kind.Of[Authorization](l, w.ID)
		client, _ = completeConnection(l, w.ID, &draft, old)
		return nil
	})
	if err != nil || client == nil {
		return err
	}
	first := &firstToken{client: *client}
	first.token, first.err = c.Connections.First(ctx, client)
	w.Scratch = first
	return nil
}

// completeConnection makes of what a caller wrote what is stored, and the client that the connection is then. It stays connected when it is the same client
// as before.
func completeConnection(l kind.Lookup, id arm.ID, a, old *Authorization) (*credential.Client, error) {
	a.AuthorizationType, a.GrantType = spelt(cmp.Or(a.AuthorizationType, "OAuth2"), "OAuth2"), spelt(cmp.Or(a.GrantType, "AuthorizationCode"), "AuthorizationCode", "ClientCredentials")
	a.Fail(&credential.Fault{Code: "Unauthenticated", Message: "This connection is not authenticated."})
	var before ConnectionState
	kept := false // the secret is the one from before
	if old != nil {
		before = old.State()
		if a.Parameters != nil && a.Parameters.secret == "" && old.Parameters.secretText() != "" {
			a.Parameters.secret, kept = old.Parameters.secret, true
		}
	}
	client, err := clientOf(l, id, a)
	if err != nil {
		return nil, err
	}
	state := ConnectionState{Endpoints: client.Endpoints(), Client: client.ID}
	same := before.Endpoints == state.Endpoints && before.Client == state.Client && old != nil && old.GrantType == a.GrantType
	if kept && before.Endpoints != state.Endpoints {
		return nil, arm.InvalidField("parameters.clientSecret", "parameters.clientSecret must be given again: it was meant for the addresses that the provider had before.")
	}
	if same {
		state = before
		if old.Status == connected {
			a.Status, a.Error = connected, nil
		}
	}
	return client, a.keep(state)
}

// spelt is a word in the spelling of one of those that it may be.
func spelt(word string, among ...string) string {
	for _, w := range among {
		if strings.EqualFold(w, word) {
			return w
		}
	}
	return word
}

// clientOf is the client that a connection is at its provider.
func clientOf(l kind.Lookup, id arm.ID, a *Authorization) (*credential.Client, error) {
	provider, ok := kind.Of[AuthorizationProvider](l, id.Parent())
	if !ok {
		return nil, arm.NotFound("Authorization provider")
	}
	p, _ := credential.Find(provider.IdentityProvider)
	grant := credential.Grant(a.GrantType)
	settings := provider.grant(grant)
	if settings == nil {
		return nil, arm.InvalidField("oauth2grantType", "The provider '%s' has no settings for %s. Give it some in oauth2.grantTypes, or use another grant type.", id.Parent().Name(), cmp.Or(a.GrantType, "this grant"))
	}
	for name, value := range a.Parameters.settings() {
		if !strings.EqualFold(name, credential.ClientID) && !strings.EqualFold(name, credential.Scopes) {
			return nil, arm.InvalidField("parameters."+name, "parameters may hold clientId, clientSecret and scopes; set '%s' at the provider.", name)
		}
		if len(value) > 4000 {
			return nil, arm.InvalidField("parameters."+name, "parameters.%s has more than 4000 characters.", name)
		}
	}
	client, bad := credential.NewClient(p, grant, settings.plain, a.Parameters.settings(), settings.secret, a.Parameters.secretText())
	if bad != nil {
		return nil, arm.InvalidField("parameters."+bad.Setting, "%s", bad)
	}
	return client, nil
}

// take stores what the first request for a token brought. A provider that doesn't answer leaves a token that still lives in force.
func (a *Authorization) take(client *credential.Client, first *firstToken, now time.Time) {
	var fault *credential.Fault
	switch {
	case first.err == nil:
		a.Connect(client, first.token, now)
	case !errors.As(first.err, &fault):
	case !fault.Final && a.Status == connected && now.Before(a.State().Expires):
	default:
		a.Fail(fault)
	}
}

func (c *Catalogue) loginLink(call *kind.ActionCall) (any, error) {
	var in struct {
		PostLoginRedirectURL string `json:"postLoginRedirectUrl"`
	}
	if len(call.Body) > 0 {
		if err := json.Unmarshal(call.Body, &in); err != nil {
			return nil, arm.InvalidField("postLoginRedirectUrl", "The body is not an object with postLoginRedirectUrl.")
		}
	}
	if in.PostLoginRedirectURL == "" {
		return nil, arm.InvalidField("postLoginRedirectUrl", "postLoginRedirectUrl is required: where the browser goes when the connection is made.")
	}
	if err := credential.CheckReturn(in.PostLoginRedirectURL); err != nil {
		return nil, arm.InvalidField("postLoginRedirectUrl", "postLoginRedirectUrl is not an address that a browser is sent to: %s. Use https, or http on this machine.", err)
	}
	a := call.Value.(*Authorization)
	if a.GrantType != string(credential.AuthorizationCode) {
		return nil, arm.Errorf(http.StatusBadRequest, "ConsentNotNeeded", "The connection has the grant type %s: nobody signs in to it. Its token is got when it is written, and renewed by itself.", a.GrantType)
	}
	if _, err := clientOf(call.Lookup, call.ID, a); err != nil {
		return nil, err
	}
	if c.Connections == nil {
		return nil, arm.Errorf(http.StatusBadRequest, "NotSupported", "Nobody can sign in here.")
	}
	link, err := c.Connections.Link(call.ID, in.PostLoginRedirectURL)
	if err != nil {
		return nil, err
	}
	return map[string]string{"loginLink": link}, nil
}

func (c *Catalogue) confirmConsent(call *kind.ActionCall) (any, error) {
	var in struct {
		ConsentCode string `json:"consentCode"`
	}
	if err := json.Unmarshal(call.Body, &in); err != nil || in.ConsentCode == "" {
		return nil, arm.InvalidField("consentCode", "consentCode is required: the value of code in a login link of this connection.")
	}
	if c.Connections == nil || !c.Connections.Confirm(call.ID, in.ConsentCode) {
		return nil, arm.InvalidField("consentCode", "consentCode is not the code of a login link of this connection that is still open: links last ten minutes and are used once.")
	}
	return nil, nil
}
