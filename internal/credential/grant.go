package credential

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Exchange turns the code of a consent into tokens (RFC 6749, section 4.1.3).
func (c *Client) Exchange(ctx context.Context, post Post, now time.Time, code, redirect, verifier string) (Token, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}}
	if c.Provider.PKCE {
		form.Set("code_verifier", verifier)
	}
	return c.ask(ctx, post, now, c.token, form, code, verifier)
}

// Renew turns a refresh token into tokens (section 6). A provider that sends no new refresh token means the old one to go on.
func (c *Client) Renew(ctx context.Context, post Post, now time.Time, refresh string) (Token, error) {
	t, err := c.ask(ctx, post, now, c.refresh, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}, refresh)
	if err == nil && t.Refresh == "" {
		t.Refresh = refresh
		if t.Expires.IsZero() {
			t.Expires = now.Add(unsaid)
		}
	}
	return t, err
}

// First gets the token of a client that acts for itself (section 4.4). Refresh tokens have no use there and are not kept.
func (c *Client) First(ctx context.Context, post Post, now time.Time) (Token, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	set(form, "scope", c.Scope)
	t, err := c.ask(ctx, post, now, c.token, form)
	t.Refresh = ""
	if err == nil && t.Expires.IsZero() {
		t.Expires = now.Add(unsaid)
	}
	return t, err
}

// unsaid is the life of a token that can be renewed and whose answer doesn't say how long it lives.
const unsaid = time.Hour

// ask sends a form with what proves the client. secrets are what the error must not repeat.
func (c *Client) ask(ctx context.Context, post Post, now time.Time, address string, form url.Values, secrets ...string) (Token, error) {
	for _, k := range sorted(c.tokenWith) {
		set(form, k, c.tokenWith[k])
	}
	secrets = append(secrets, c.Secret)
	basic := c.Provider.Basic && c.Secret != ""
	status, body, err := c.send(ctx, post, address, form, basic)
	if err != nil {
		return Token{}, &Fault{Code: "TokenEndpointUnreachable", Message: "The token endpoint of the provider was not reached: " + err.Error() + "."}
	}
	if c.Provider.Either && c.Secret != "" && refusesClient(status, body) {
		if again, other, err := c.send(ctx, post, address, form, true); err == nil {
			status, body = again, other
		}
	}
	if status != http.StatusOK {
		return Token{}, refusal(status, body, secrets)
	}
	return readToken(now, body, secrets)
}

func (c *Client) send(ctx context.Context, post Post, address string, form url.Values, basic bool) (int, []byte, error) {
	if basic {
		form.Del("client_id")
		form.Del("client_secret")
		return post(ctx, address, form, c.ID, c.Secret)
	}
	form.Set("client_id", c.ID)
	set(form, "client_secret", c.Secret)
	return post(ctx, address, form, "", "")
}
