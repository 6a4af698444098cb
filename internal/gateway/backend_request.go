package gateway

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
)

// backendRequest is the request as the backend gets it.
func (x *exchange) backendRequest(target *policy.Target, o policy.ForwardOptions) (*http.Request, error) {
	u, err := x.addressOf(target)
	if err != nil {
		return nil, &policy.Error{Source: "forward-request", Reason: "BackendConnectionFailure", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	}
	req := (&http.Request{Method: x.Request.Method, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}).WithContext(x.Context)
	out := newLines(make(http.Header, len(x.Request.Header)+1), len(x.Request.Header)+1)
	for _, f := range x.Request.Header {
		x.addLine(req, out, f)
	}
	out.add(loopHeader, x.loop)
	req.Header = out.header
	signIn(req.Header, target.Backend)
	if _, named := req.Header["User-Agent"]; !named {
		req.Header["User-Agent"] = nil // ours is nobody's business
	}
	if x.grpc {
		req.Header["Te"] = []string{"trailers"}
	}
	if x.Request.Body.Sent() {
		return nil, policy.ErrBodySent // rather than a second request without its body
	}
	if o.BufferRequest && x.Request.Body != nil {
		if _, err := x.Request.Body.Bytes(true); err != nil {
			return nil, fmt.Errorf("buffer the request's body: %w", err)
		}
	}
	if body, length := x.Request.Body.Open(); body != nil && length != 0 {
		req.Body, req.ContentLength = body, length
		askToContinue(req, o)
		if buffered, ok := x.Request.Body.Buffered(); ok {
			req.GetBody = func() (io.ReadCloser, error) { r, _ := policy.NewBody(buffered).Open(); return r, nil }
		}
	}
	return req, nil
}

// signIn adds the header lines of a backend; each replaces the caller's.
func signIn(h http.Header, b *policy.Backend) {
	if b == nil {
		return
	}
	for _, f := range b.Header {
		h.Del(f.Name)
	}
	for _, f := range b.Header {
		h.Add(f.Name, f.Value)
	}
}

// addLine copies a header line, but for the framing, which is the transport's, the caller's key, and the Host that the caller sent: a Host
// that a policy set goes on.
func (x *exchange) addLine(req *http.Request, out *lines, f policy.Field) {
	name := http.CanonicalHeaderKey(f.Name)
	switch {
	case name == "Content-Length" || name == loopHeader || isHop(name):
	case name == "Host":
		if f.Value != x.r.Host && f.Value != "" {
			req.Host = f.Value
		}
	case x.isCallersKey(f):
	default:
		out.add(name, f.Value)
	}
}

// isCallersKey says whether a line is the key that the caller sent, which stops here unless the service says otherwise. One that a policy set
// in its place goes on.
func (x *exchange) isCallersKey(f policy.Field) bool {
	return x.Subscription != nil && strings.EqualFold(f.Name, x.api.keyHeader) && f.Value == x.Subscription.Key && !x.table.snapshot.Settings.ForwardSubscriptionKey
}

// addressOf is where a request for the target goes: the base address, the path below it, the query without the caller's key. What a policy has rewritten is
// parsed as strictly as what callers send.
func (x *exchange) addressOf(t *policy.Target) (*url.URL, error) {
	if t.Base == "" {
		return nil, errors.New("there is no backend address: the API has no serviceUrl and no policy has set one")
	}
	base, err := x.gateway.transport.address(t.Base)
	if err != nil {
		return nil, err
	}
	path, query := t.Path, t.Query
	if t.Rewritten {
		var p route.Path
		if err := p.Parse(path); err != nil {
			return nil, fmt.Errorf("rewritten %w", err)
		}
		if p.Revision != "" {
			return nil, fmt.Errorf("rewritten path %q: semicolons are refused", path)
		}
		path = p.Escaped
	}
	if path == "/" && base.Path != "" && x.api != nil && x.api.websocket {
		path = "" // the connection is to the address itself
	}
	if query, err = x.backendQuery(t.Backend, query); err != nil {
		return nil, err
	}
	if base.RawQuery != "" {
		query = join(base.RawQuery, "&", query)
	}
	return &url.URL{Scheme: base.Scheme, Host: base.Host, Opaque: base.Path + path, RawQuery: query}, nil
}

func (x *exchange) backendQuery(b *policy.Backend, query string) (string, error) {
	if query != "" {
		if x.Subscription != nil && !x.table.snapshot.Settings.ForwardSubscriptionKey {
			query = route.WithoutQuery(query, x.api.keyQuery, x.Subscription.Key)
		}
		var err error
		if query, err = route.CleanQuery(query, x.gateway.limits.QueryParameters); err != nil {
			return "", fmt.Errorf("rewritten %w", err)
		}
	}
	if b != nil {
		for _, p := range b.Query {
			query = join(query, "&", url.QueryEscape(p.Name)+"="+url.QueryEscape(p.Value))
		}
	}
	return query, nil
}

func join(a, separator, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + separator + b
}
