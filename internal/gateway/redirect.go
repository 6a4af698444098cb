package gateway

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/atelier-apim/atelier/internal/policy"
)

// maxRedirects is how many redirects of a backend are followed.
const maxRedirects = 10

// followRedirects goes where the backend points, as browsers do: 303 always and 301 and 302 after POST become GET without a body; 307 and 308
// repeat the request, if its body is still there. Credentials stay with the host that they were meant for, and so does the client certificate.
func (x *exchange) followRedirects(ctx context.Context, target policy.Target, o policy.ForwardOptions, req *http.Request, res *http.Response) (*http.Response, error) {
	for range maxRedirects {
		next := redirected(req, res)
		if next == nil {
			return res, nil
		}
		res.Body.Close() //nolint:errcheck // given up
		if next.URL.Host != req.URL.Host {
			leave(&target, next.Header)
		}
		req = next
		var err error
		if res, err = x.gateway.transport.to(&target, mannerOfCall(&target, o, req)).RoundTrip(req.WithContext(ctx)); err != nil {
			return nil, err
		}
	}
	res.Body.Close() //nolint:errcheck // given up
	return nil, errors.New("the backend redirected more than 10 times")
}

// leave takes from a target and a request what is meant for the backend that they leave.
func leave(target *policy.Target, h http.Header) {
	target.Certificate = nil
	b := target.Backend
	if b == nil {
		return
	}
	for _, f := range b.Header {
		h.Del(f.Name)
	}
	target.Backend = &policy.Backend{ID: b.ID, SkipVerify: b.SkipVerify, SkipVerifyName: b.SkipVerifyName, Proxy: b.Proxy}
}

// redirected is the request that a redirect asks for, nil when the answer is to be taken as it is.
func redirected(req *http.Request, res *http.Response) *http.Request {
	location := res.Header.Get("Location")
	if location == "" {
		return nil
	}
	from := *req.URL
	from.Path, from.Opaque = from.Opaque, ""
	to, err := from.Parse(location)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return nil
	}
	next := req.Clone(context.Background())
	next.URL = &url.URL{Scheme: to.Scheme, Host: to.Host, Opaque: to.EscapedPath(), RawQuery: to.RawQuery}
	if next.URL.Opaque == "" {
		next.URL.Opaque = "/"
	}
	switch res.StatusCode {
	case http.StatusSeeOther:
		toGet(next)
	case http.StatusMovedPermanently, http.StatusFound:
		if req.Method == http.MethodPost {
			toGet(next)
		}
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil
	}
	if next.Body != nil {
		if req.GetBody == nil {
			return nil
		}
		if next.Body, err = req.GetBody(); err != nil {
			return nil
		}
	}
	if to.Host != req.URL.Host {
		next.Host = to.Host
		for _, name := range [...]string{"Authorization", "Cookie", "Proxy-Authorization"} {
			next.Header.Del(name)
		}
	}
	return next
}

func toGet(r *http.Request) {
	if r.Method != http.MethodHead {
		r.Method = http.MethodGet
	}
	r.Body, r.GetBody, r.ContentLength = nil, nil, 0
	r.Header.Del("Content-Type")
	r.Header.Del("Expect")
	r.Close = false
}
