package gateway

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Calls of gRPC are HTTP/2 requests whose outcome is in trailers. The gateway understands nothing of their messages: both directions stream, nothing is
// held back, and only what the gateway itself has to say is put into the form that clients of gRPC read.

// checkCall refuses requests to a gRPC API that are no calls. A call may be silent for long, as a connection may.
func (x *exchange) checkCall() error {
	e := &policy.Error{Source: "request", Reason: "RequestRefused"}
	switch {
	case x.r.ProtoMajor < 2:
		e.Status, e.Public = http.StatusHTTPVersionNotSupported, "The API is called with gRPC, which needs HTTP/2."
	case !x.grpc:
		e.Status, e.Public = http.StatusUnsupportedMediaType, "The API is called with gRPC: the content type is application/grpc."
	default:
		if x.body != nil {
			x.body.idle = x.gateway.limits.TunnelIdle
		}
		return nil
	}
	e.Message = e.Public
	return e
}

// isCall says whether the request is a call to a gRPC API.
func (x *exchange) isCall() bool { return x.grpc && x.api != nil && x.api.grpc }

// forwardCall calls the backend over HTTP/2. The wait for its answer is bounded by what the policy says and by the deadline of the call, which then
// also bounds the answer; without either it may take as long as the caller waits.
func (x *exchange) forwardCall(o policy.ForwardOptions) error {
	o.HTTPVersion, o.BufferRequest, o.BufferResponse, o.FollowRedirects = "2", false, false, false
	o.ContinueTimeout = 0 // what streams begins at once
	target, err := x.aim()
	if err != nil {
		return err
	}
	req, err := x.backendRequest(target, o)
	if err != nil {
		return err
	}
	m := mannerOf(target, o.HTTPVersion)
	m.calls = true
	ctx, stop := context.WithCancelCause(x.Context)
	cancel := stop
	deadline, bounded := callTimeout(x.Request.Header.Get("Grpc-Timeout"))
	begun := time.Now()
	if bounded {
		var release context.CancelFunc
		ctx, release = context.WithTimeoutCause(ctx, deadline, errCallDeadline)
		cancel = func(cause error) { stop(cause); release() }
	}
	var head *time.Timer
	if o.Timeout > 0 {
		head = time.AfterFunc(o.Timeout, func() { stop(errTimeout) })
	}
	res, err := x.gateway.transport.to(target, m).RoundTrip(req.WithContext(ctx))
	if head != nil && !head.Stop() && err == nil {
		res.Body.Close() //nolint:errcheck // given up
		err = errTimeout
	}
	if err != nil {
		cause := context.Cause(ctx)
		if bounded && cause == nil && time.Since(begun) >= deadline {
			cause = errTimeout // the backend, which knows the deadline too, has given up a moment before us
		}
		cancel(nil)
		if o.Timeout > 0 && (!bounded || o.Timeout < deadline) {
			deadline = o.Timeout
		}
		return x.backendError(err, cause, deadline)
	}
	if err := x.takeAnswer(res, o, cancel); err != nil {
		return err
	}
	x.callStatus = x.answer.Header.Get("Grpc-Status")
	return nil
}

// callTimeout reads grpc-timeout: up to eight digits and a unit. What can't be read bounds nothing here; the backend judges it.
func callTimeout(s string) (time.Duration, bool) {
	units := map[byte]time.Duration{'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond}
	if len(s) < 2 || len(s) > 9 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	unit, known := units[s[len(s)-1]]
	if err != nil || !known {
		return 0, false
	}
	if longest := uint64(24 * 365 * time.Hour / unit); n > longest {
		n = longest
	}
	return time.Duration(n) * unit, true
}

// callAnswer is an answer that isn't the backend's in the form of gRPC: status 200, and the outcome in grpc-status and grpc-message. An answer that is
// in this form already, because a policy has made it so, stays.
func (x *exchange) callAnswer(res *policy.Response) *policy.Response {
	if res == x.answer || res.Header.Has("Grpc-Status") || res.Status == http.StatusOK {
		return res
	}
	message := res.Reason
	if x.failure != nil && x.failure.Public != "" {
		message = x.failure.Public
	}
	if message == "" {
		message = http.StatusText(res.Status)
	}
	res.Body.Close()
	x.callStatus = strconv.Itoa(callCode(res.Status, x.failure))
	out := &policy.Response{Status: http.StatusOK, Header: res.Header}
	out.Header.Set("Content-Type", "application/grpc")
	out.Header.Set("Grpc-Status", x.callStatus)
	out.Header.Set("Grpc-Message", percentEncoded(message))
	return out
}

// callCode is the code of gRPC for a status (google.rpc.Code names the HTTP status of each). An operation that there isn't is unimplemented, and an
// error of the call to the backend says what it was.
func callCode(status int, failure *policy.Error) int {
	if failure != nil && status == http.StatusInternalServerError {
		switch failure.Reason {
		case "Timeout":
			return 4
		case "BackendConnectionFailure":
			return 14
		}
	}
	switch status {
	case http.StatusBadRequest:
		return 3
	case http.StatusUnauthorized:
		return 16
	case http.StatusForbidden:
		return 7
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return 12
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return 4
	case http.StatusConflict:
		return 10
	case http.StatusRequestEntityTooLarge, http.StatusTooManyRequests:
		return 8
	case statusCallerGone:
		return 1
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return 14
	}
	if status >= 500 {
		return 13
	}
	return 2
}

// percentEncoded is a text as grpc-message carries it.
func percentEncoded(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '%' {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
