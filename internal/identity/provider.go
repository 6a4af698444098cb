package identity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Provider is an OAuth 2 token endpoint with the clients that services are there, as the operator's file says it.
type Provider struct {
	TokenEndpoint string `json:"tokenEndpoint"`
	// Parameters are sent beside those of the grant; {resource} stands for whom a token is for. Without any it is scope={resource}/.default.
	Parameters map[string]string `json:"parameters"`
	Clients    []Client          `json:"clients"`

	http   *http.Client
	assert Assert
	now    func() time.Time
}

// Client is a client at the endpoint. It proves itself by a secret, or by an assertion that the installation's own issuer signs.
type Client struct {
	ClientID      string `json:"clientId"`
	ClientSecret  string `json:"clientSecret"`
	FederatedWith string `json:"federatedAudience"` // audience of the assertion; "" for a secret
	Service       string `json:"service"`           // name of the service that may use it; "" for all
	UserAssigned  bool   `json:"userAssigned"`      // used only by policies that name its client id
}

// Assert signs an assertion for an audience, whose subject is the principal of a service.
type Assert func(principal, audience string) (string, error)

const maxFile = 1 << 20

// Read reads a provider's file; nil when there is none.
func Read(path string, assert Assert) (*Provider, error) {
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case len(b) > maxFile:
		return nil, fmt.Errorf("%s is larger than %d KiB", path, maxFile>>10)
	}
	p := &Provider{assert: assert, now: time.Now}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p.http = &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return p, nil
}

func (p *Provider) check() error {
	u, err := url.Parse(p.TokenEndpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return errors.New("tokenEndpoint is not an http or https address")
	}
	if len(p.Clients) == 0 {
		return errors.New("clients: at least one is needed")
	}
	for _, c := range p.Clients {
		if c.ClientID == "" || (c.ClientSecret == "") == (c.FederatedWith == "") {
			return errors.New("clients: each needs a clientId, and one of clientSecret and federatedAudience")
		}
	}
	if p.Parameters == nil {
		p.Parameters = map[string]string{"scope": "{resource}/.default"}
	}
	return nil
}

// client finds the client of a request.
func (p *Provider) client(r Request) (Client, error) {
	name := r.Service[strings.LastIndexByte(r.Service, '/')+1:]
	for _, c := range p.Clients {
		if c.Service != "" && !strings.EqualFold(c.Service, name) {
			continue
		}
		if r.ClientID == "" && !c.UserAssigned || c.UserAssigned && strings.EqualFold(c.ClientID, r.ClientID) {
			return c, nil
		}
	}
	if r.ClientID != "" {
		return Client{}, fmt.Errorf("there is no user-assigned identity with the client id '%s' for this service", r.ClientID)
	}
	return Client{}, errors.New("the operator's file names no client for this service")
}

// Issue asks the endpoint with the grant client_credentials (RFC 6749, section 4.4; RFC 7523 for assertions).
func (p *Provider) Issue(ctx context.Context, r Request) (Token, error) {
	c, err := p.client(r)
	if err != nil {
		return Token{}, err
	}
	form := url.Values{}
	for name, value := range p.Parameters {
		form.Set(name, strings.ReplaceAll(value, "{resource}", strings.TrimSuffix(r.Resource, "/.default")))
	}
	form.Set("grant_type", "client_credentials")
	form.Set("client_id", c.ClientID)
	if c.FederatedWith == "" {
		form.Set("client_secret", c.ClientSecret)
	} else {
		assertion, err := p.assert(r.Principal, c.FederatedWith)
		if err != nil {
			return Token{}, err
		}
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
	}
	return p.ask(ctx, form)
}

func (p *Provider) ask(ctx context.Context, form url.Values) (Token, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.TokenEndpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return Token{}, errors.New("the token endpoint is not an address")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := p.http.Do(req)
	if err != nil {
		return Token{}, errors.New("the token endpoint does not answer")
	}
	defer res.Body.Close()
	var answer struct {
		Token   string      `json:"access_token"`
		Type    string      `json:"token_type"`
		Expires json.Number `json:"expires_in"`
		Error   string      `json:"error"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxFile)).Decode(&answer); err != nil {
		return Token{}, fmt.Errorf("the token endpoint answers %d without JSON", res.StatusCode)
	}
	life, err := answer.Expires.Int64()
	switch {
	case res.StatusCode != http.StatusOK:
		return Token{}, fmt.Errorf("the token endpoint answers %d %.100q", res.StatusCode, answer.Error)
	case answer.Token == "" || !strings.EqualFold(answer.Type, "Bearer") || strings.ContainsAny(answer.Token, " \r\n"):
		return Token{}, errors.New("the token endpoint gives no bearer token")
	case err != nil || life <= 0 || life > 30*24*3600:
		life = 60 // it says nothing of use about the token's life
	}
	return Token{Text: answer.Token, Expires: p.now().Add(time.Duration(life) * time.Second)}, nil
}
