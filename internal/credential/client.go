package credential

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/url"
	"strings"
	"time"
)

// Client is a client of a provider, ready to ask for tokens.
type Client struct {
	Provider                  Provider
	Grant                     Grant
	ID, Secret, Scope         string
	authorize, token, refresh string
	authorizeWith, tokenWith  map[string]string
}

// NewClient makes a client of settings that Check has found nothing wrong with. own are the id and secret of a connection, which take the place of those
// of the provider together: a secret is never sent with another's id.
func NewClient(p Provider, grant Grant, settings, own map[string]string, secret, ownSecret string) (*Client, *Problem) {
	if bad := p.Check(grant, settings); bad != nil {
		return nil, bad
	}
	c := &Client{Provider: p, Grant: grant, ID: get(settings, ClientID), Secret: secret, Scope: either(get(own, Scopes), get(settings, Scopes))}
	if id := get(own, ClientID); id != "" {
		c.ID, c.Secret = id, ownSecret
	} else if ownSecret != "" {
		c.Secret = ownSecret
	}
	if grant == ClientCredentials {
		switch {
		case c.ID == "":
			return nil, problem(ClientID, "is required: the id of the client that is registered with the provider.")
		case c.Secret == "":
			return nil, problem(ClientSecret, "is required: connections with client credentials have nothing else to prove themselves with.")
		}
	}
	c.authorize, c.token, c.refresh = p.addresses(settings)
	c.authorizeWith, c.tokenWith = map[string]string{}, map[string]string{}
	for k, v := range p.AuthorizeWith {
		c.authorizeWith[k] = p.fill(v, settings)
	}
	for k, v := range p.TokenWith {
		c.tokenWith[k] = p.fill(v, settings)
	}
	return c, nil
}

// Same says whether two clients would ask for the same token.
func (c *Client) Same(o *Client) bool {
	return c.Grant == o.Grant && c.ID == o.ID && c.Secret == o.Secret && c.Scope == o.Scope && c.Endpoints() == o.Endpoints() && maps.Equal(c.tokenWith, o.tokenWith)
}

// fill puts settings into a text.
func (p Provider) fill(text string, settings map[string]string) string {
	for _, s := range p.Settings {
		value := either(get(settings, s.Name), s.Default)
		if s.Form == URL && text != "{"+s.Name+"}" { // what follows begins with a slash
			value = strings.TrimSuffix(value, "/")
		}
		text = strings.ReplaceAll(text, "{"+s.Name+"}", value)
	}
	return text
}

func (p Provider) addresses(settings map[string]string) (authorize, token, refresh string) {
	token = p.fill(p.Token, settings)
	return p.fill(p.Authorize, settings), token, either(p.fill(p.Refresh, settings), token)
}

// Endpoints are the addresses that learn secrets and tokens of a client with these settings, as one text to compare.
func (p Provider) Endpoints(grant Grant, settings map[string]string) string {
	_, token, refresh := p.addresses(settings)
	return endpointsOf(grant, token, refresh)
}

// Endpoints are the addresses that learn secrets and tokens of the client, as one text to compare.
func (c *Client) Endpoints() string { return endpointsOf(c.Grant, c.token, c.refresh) }

func endpointsOf(grant Grant, token, refresh string) string {
	if grant == ClientCredentials || refresh == token {
		return token
	}
	return token + " " + refresh
}

// AuthorizationOrigin is scheme and host of where a browser is sent for a consent.
func (c *Client) AuthorizationOrigin() string {
	u, err := url.Parse(c.authorize)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// ConsentURL is where a browser goes for a consent (RFC 6749, section 4.1.1).
func (c *Client) ConsentURL(redirect, state, verifier string) string {
	u, err := url.Parse(c.authorize)
	if err != nil {
		return ""
	}
	q := u.Query()
	for _, k := range sorted(c.authorizeWith) {
		set(q, k, c.authorizeWith[k])
	}
	set(q, "scope", c.Scope)
	q.Set("response_type", "code")
	q.Set("client_id", c.ID)
	q.Set("redirect_uri", redirect)
	q.Set("state", state)
	if c.Provider.PKCE {
		sum := sha256.Sum256([]byte(verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Random is a text of 32 random bytes: a state, a verifier, a code.
func Random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Post sends a form and answers with status and body; a user goes into a Basic header. Its error says nothing but that there was no answer, and why.
type Post func(ctx context.Context, address string, form url.Values, user, password string) (int, []byte, error)

// Token is what a provider answered.
type Token struct {
	Access, Refresh string
	Expires         time.Time // zero for never
	Claims          string    // JSON of the claims of the access token, or of the identity token beside it; "" for none
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
