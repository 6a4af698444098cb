package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// The calls of send-request and send-one-way-request. They go out as calls to backends do: through the same guard and pools, with the same note
// against loops. Redirects are answers.

// Send implements policy.Sender.
func (x *exchange) Send(ctx context.Context, _ *policy.Exchange, o *policy.Outgoing) (*policy.Response, error) {
	target, err := x.gateway.aim(o.Target)
	if err != nil {
		return nil, fromSend(err)
	}
	req, err := x.outgoing(o, &target)
	if err != nil {
		return nil, sendError(ctx, err, 0)
	}
	timeout := x.gateway.callTime(o)
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errTimeout)
	defer cancel()
	res, err := x.gateway.transport.to(&target, mannerOf(&target, "1")).RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, sendError(ctx, err, timeout)
	}
	defer res.Body.Close() //nolint:errcheck // read or given up
	answer := &policy.Response{Status: res.StatusCode, Header: answerHeader(res)}
	if _, reason, _ := strings.Cut(res.Status, " "); reason != http.StatusText(res.StatusCode) {
		answer.Reason = reason
	}
	if answer.Body, err = o.ReadAnswer(res.Body, x.gateway.limits.BufferedBody); err != nil {
		return nil, sendError(ctx, err, timeout)
	}
	return answer, nil
}

// Post implements policy.Sender.
func (x *exchange) Post(_ *policy.Exchange, o *policy.Outgoing) {
	target, err := x.gateway.aim(o.Target)
	job := &posted{id: x.ID, target: target, timeout: x.gateway.callTime(o)}
	if x.api != nil {
		job.workspace, job.api = x.api.home.shard.Workspace, x.api.source.Name
	}
	if err == nil {
		job.request, err = x.outgoing(o, &target)
	}
	if err != nil {
		x.gateway.outbox.tell(job, "error", "it was not sent: "+err.Error())
		return
	}
	x.gateway.outbox.put(job)
}

func (g *Gateway) callTime(o *policy.Outgoing) time.Duration {
	return min(o.Timeout, g.limits.BackendTime)
}

// outgoing is the request as it goes out, without the exchange's context.
func (x *exchange) outgoing(o *policy.Outgoing, target *policy.Target) (*http.Request, error) {
	u, err := x.outgoingURL(o, target)
	if err != nil {
		return nil, err
	}
	req := &http.Request{Method: o.Request.Method, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	out := newLines(make(http.Header, len(o.Request.Header)+1), len(o.Request.Header)+1)
	for _, f := range o.Request.Header {
		switch {
		case o.Copied:
			x.addLine(req, out, f)
		case strings.EqualFold(f.Name, "Host"):
			req.Host = f.Value
		default:
			if name := http.CanonicalHeaderKey(f.Name); name != "Content-Length" && name != loopHeader && !isHop(name) {
				out.add(name, f.Value)
			}
		}
	}
	out.add(loopHeader, x.loop)
	req.Header = out.header
	signIn(req.Header, target.Backend)
	if _, named := req.Header["User-Agent"]; !named {
		req.Header["User-Agent"] = nil // ours is nobody's business
	}
	if body, length := o.Request.Body.Open(); body != nil && length != 0 {
		req.Body, req.ContentLength = body, length
		req.GetBody = func() (io.ReadCloser, error) { r, _ := o.Request.Body.Open(); return r, nil }
	}
	return req, nil
}

// outgoingURL is where it goes: the address that a policy has computed, or the exchange's own target.
func (x *exchange) outgoingURL(o *policy.Outgoing, target *policy.Target) (*url.URL, error) {
	if o.URL == "" {
		return x.addressOf(target)
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address is not an absolute http or https address")
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Opaque: path, RawQuery: plainQuery(u.RawQuery)}, nil
}

// plainQuery escapes what can't stand in a request line.
func plainQuery(q string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(q) {
		if c := q[i]; c <= ' ' || c > '~' {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			continue
		}
		b.WriteByte(q[i])
	}
	return b.String()
}

// fromSend is an error that the policy which calls is the source of.
func fromSend(err error) error {
	var e *policy.Error
	if errors.As(err, &e) {
		e.Source = ""
	}
	return err
}

// sendError is the error of a call without an answer (policies.md 5.4). Its message is for on-error and logs.
func sendError(ctx context.Context, err error, timeout time.Duration) error {
	e := &policy.Error{Reason: "BackendConnectionFailure", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTimeout), cause == nil && errors.Is(err, context.DeadlineExceeded):
		e.Reason, e.Message = "Timeout", fmt.Sprintf("The answer was not there within %s.", timeout)
	case cause != nil:
		e.Reason, e.Message, e.Status = "ClientConnectionFailure", "The caller closed the connection.", statusCallerGone
	}
	return e
}
