package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/atelier-apim/atelier/internal/token"
)

// Bounds of a document that a policy names, an OpenID configuration or a key set.
const (
	fetchTime     = 10 * time.Second
	fetchBytes    = 1 << 20
	fetchHops     = 3
	fetchDialTime = 5 * time.Second
)

// newFetch makes the client for documents that policies name. It dials what backends may be, and nothing else: private addresses, because issuers
// live there, and neither metadata nor our own management addresses, whose public documents own gives instead. Its errors are for on-error and logs.
func newFetch(g *guard, own func(string) ([]byte, bool)) token.Fetch {
	client := &http.Client{
		Timeout: fetchTime,
		Transport: &http.Transport{
			DialContext: g.dialer(fetchDialTime), TLSHandshakeTimeout: fetchDialTime, ResponseHeaderTimeout: fetchTime,
			MaxResponseHeaderBytes: 32 << 10, DisableKeepAlives: true, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > fetchHops || r.URL.Scheme != "https" && r.URL.Scheme != via[0].URL.Scheme {
				return errRedirect
			}
			return nil
		},
	}
	return func(ctx context.Context, address string) ([]byte, error) {
		if own != nil {
			if b, ok := own(address); ok {
				return b, nil
			}
		}
		return fetch(ctx, client, address)
	}
}

var errRedirect = errors.New("it redirects too often, or away from https")

func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, errors.New("it is no http or https address")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("it is no http or https address")
	}
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return nil, unreachable(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %d", res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, fetchBytes+1))
	switch {
	case err != nil:
		return nil, errors.New("it could not be read to its end in time")
	case len(body) > fetchBytes:
		return nil, fmt.Errorf("it is larger than %d KiB", fetchBytes>>10)
	}
	return body, nil
}

// unreachable says why a call didn't come about, as far as its cause is ours.
func unreachable(err error) error {
	var refused *refusedAddress
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.Is(err, errRedirect):
		return errRedirect
	}
	return errors.New("it does not answer")
}
