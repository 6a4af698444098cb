package gateway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Now implements policy.Host.
func (x *exchange) Now() time.Time { return x.gateway.now() }

// BackendByID implements policy.Host: backends of the document's own home, and of no other.
func (x *exchange) BackendByID(_ *policy.Exchange, homeID, id string) (*policy.Backend, bool) {
	for h := range x.table.parts {
		if !strings.EqualFold(h.shard.ID, homeID) {
			continue
		}
		h.parse()
		for name, b := range h.backends {
			if strings.EqualFold(name, id) {
				return b, true
			}
		}
	}
	return nil, false
}

// callBackend calls the backend and takes its answer. Its errors are those of forward-request (policies.md 5.4); the
// time limit covers the wait for the answer's head.
func (x *exchange) callBackend(o policy.ForwardOptions) error {
	if x.graph != nil {
		return x.forwardResolver(o)
	}
	switch {
	case x.executes() && x.connects():
		return x.agree()
	case x.executes():
		return x.execute(o.Timeout)
	case x.api == nil:
	case x.connects():
		return x.handshake(o)
	case x.api.grpc:
		return x.forwardCall(o)
	}
	return x.call(o)
}

// call sends the request to the backend.
func (x *exchange) call(o policy.ForwardOptions) error {
	target, err := x.aim()
	if err != nil {
		return err
	}
	req, err := x.backendRequest(target, o)
	if err != nil {
		return err
	}
	transport := x.gateway.transport.to(target, mannerOfCall(target, o, req))
	if o.Timeout <= 0 && req.Body == nil && !o.FollowRedirects {
		// The pool's own limit is enough for the plainest of calls.
		res, err := transport.RoundTrip(req)
		if err != nil {
			return x.backendError(err, nil, x.gateway.limits.BackendTime)
		}
		return x.takeAnswer(res, o, nil)
	}
	return x.forwardWithin(req, target, transport, o)
}

// forwardWithin calls a backend with a time limit that covers sending the request, too.
func (x *exchange) forwardWithin(req *http.Request, target *policy.Target, transport http.RoundTripper, o policy.ForwardOptions) error {
	timeout := x.gateway.limits.BackendTime
	if o.Timeout > 0 {
		timeout = min(timeout, o.Timeout)
	}
	ctx, cancel := context.WithCancelCause(x.Context)
	timer := time.AfterFunc(timeout, func() { cancel(errTimeout) })
	res, err := transport.RoundTrip(req.WithContext(ctx))
	if err == nil && o.FollowRedirects {
		res, err = x.followRedirects(ctx, *target, o, req, res)
	}
	if !timer.Stop() && err == nil {
		res.Body.Close() //nolint:errcheck // given up
		err = errTimeout
	}
	if err != nil {
		cause := context.Cause(ctx)
		cancel(nil)
		return x.backendError(err, cause, timeout)
	}
	return x.takeAnswer(res, o, cancel)
}

var errTimeout = errors.New("the backend's answer did not begin in time")

// to is the way to a target.
func (t *transports) to(target *policy.Target, m manner) http.RoundTripper {
	certificate, proxy := means(target)
	pool := t.of(m, certificate)
	var way http.RoundTripper = pool
	if proxy != nil {
		way = &throughProxy{pool, proxy, t.guard}
	}
	if e := entityOf(target.Backend); e != nil && e.circuit != nil {
		way = &watched{way, e.circuit, m.calls}
	}
	return way
}

// means are the certificate that is shown and the proxy that is gone through: those that policies name before those of the backend. Nil for none.
func means(target *policy.Target) (certificate *policy.ClientCertificate, proxy *policy.Proxy) {
	certificate, proxy = target.Certificate, target.Proxy
	if b := target.Backend; b != nil {
		if certificate == nil {
			certificate = b.Certificate
		}
		if proxy == nil {
			proxy = b.Proxy
		}
	}
	return certificate, proxy
}

func mannerOf(target *policy.Target, version string) manner {
	certificate, proxy := means(target)
	m := manner{version: version, proxied: proxy != nil}
	if b := target.Backend; b != nil {
		m.skipVerify, m.skipVerifyName = b.SkipVerify, b.SkipVerifyName
	}
	if certificate != nil {
		m.certificate = certificate.Identity
	}
	return m
}

// backendError is the error of a call without an answer.
func (x *exchange) backendError(err, cause error, timeout time.Duration) error {
	e := &policy.Error{Source: "forward-request", Reason: "BackendConnectionFailure", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	var timed net.Error
	var dialled *net.OpError
	switch {
	case errors.Is(cause, errTimeout) || errors.Is(err, errTimeout),
		x.r.Context().Err() == nil && errors.As(err, &timed) && timed.Timeout() && !(errors.As(err, &dialled) && dialled.Op == "dial"):
		e.Reason, e.Message = "Timeout", fmt.Sprintf("The backend's answer did not begin within %s.", timeout)
	case x.r.Context().Err() != nil:
		e.Reason, e.Message, e.Status = "ClientConnectionFailure", "The caller closed the connection.", statusCallerGone
	}
	return e
}
