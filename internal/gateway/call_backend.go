package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// callFor makes a call of a policy to a backend: over the connections, to the addresses and with the credentials of any other call to it. Redirects are
// answers, and the loop's mark goes along, so that no gateway calls itself for ever.
func (g *Gateway) callFor(p *policy.Exchange, b *policy.Backend, c policies.BackendCall) (a policies.BackendAnswer, err error) {
	if b, err = g.choose(b, nil); err != nil {
		return a, fromSend(err)
	}
	base, err := g.transport.address(b.URL)
	if err != nil {
		return a, err
	}
	query := join(base.RawQuery, "&", c.Query)
	for _, q := range b.Query {
		query = join(query, "&", url.QueryEscape(q.Name)+"="+url.QueryEscape(q.Value))
	}
	ctx, cancel := context.WithTimeout(p.Context, c.Timeout)
	defer cancel()
	req := (&http.Request{
		Method: http.MethodPost, Host: base.Host, URL: &url.URL{Scheme: base.Scheme, Host: base.Host, Opaque: base.Path + c.Path, RawQuery: query},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"User-Agent": nil},
		Body: io.NopCloser(bytes.NewReader(c.Body)), ContentLength: int64(len(c.Body)),
	}).WithContext(ctx)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	if x, ok := p.Host.(*exchange); ok && x.loop != "" {
		req.Header.Set(loopHeader, x.loop)
	}
	for _, f := range c.Header {
		req.Header.Set(f.Name, f.Value)
	}
	signIn(req.Header, b)
	target := policy.Target{Backend: b}
	res, err := g.transport.to(&target, mannerOf(&target, "1")).RoundTrip(req)
	if err != nil {
		return a, callFailed(ctx, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end, or given up
	a.Status = res.StatusCode
	a.Body, err = io.ReadAll(io.LimitReader(res.Body, c.MaxAnswer+1))
	switch {
	case err != nil:
		return a, callFailed(ctx, err)
	case int64(len(a.Body)) > c.MaxAnswer:
		return a, fmt.Errorf("the backend's answer is longer than %d bytes", c.MaxAnswer)
	}
	return a, nil
}

func callFailed(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errors.New("the backend did not answer in time")
	}
	return fmt.Errorf("the backend can't be reached: %w", err)
}
