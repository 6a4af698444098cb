package gateway

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// watched is a way to a backend whose circuit breaker takes note of each call.
type watched struct {
	http.RoundTripper
	circuit *circuit
	calls   bool // of gRPC, whose callers set deadlines
}

// RoundTrip implements http.RoundTripper.
func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent *sending
	if r.Body != nil && r.Body != http.NoBody {
		sent = &sending{ReadCloser: r.Body}
		with := *r
		with.Body = sent
		r = &with
	}
	res, err := w.RoundTripper.RoundTrip(r)
	switch {
	case err == nil:
		w.circuit.record(outcome{status: res.StatusCode, retryAfter: res.Header.Get("Retry-After")})
	case sent.callersFault():
		w.circuit.record(outcome{status: http.StatusInternalServerError, reason: reasonGone})
	default:
		w.circuit.record(outcome{status: http.StatusInternalServerError, reason: w.whyNoAnswer(r.Context(), err)})
	}
	return res, err
}

// errCallDeadline is the deadline that the caller of a gRPC method has set: its own doing, however short it is.
var errCallDeadline = errors.Join(errTimeout, errors.New("the deadline of the call"))

// whyNoAnswer names the error of a call. A caller who goes, or sets too short a deadline, is not the backend's failure: else callers could shut a backend
// off for everybody.
func (w *watched) whyNoAnswer(ctx context.Context, err error) string {
	cause := context.Cause(ctx)
	var timed net.Error
	var dialled *net.OpError
	switch {
	case errors.Is(cause, errCallDeadline), w.calls && cause == nil && isOver(ctx): // backends know the deadline, too, and may be a moment earlier
		return reasonGone
	case errors.Is(cause, errTimeout), errors.Is(cause, context.DeadlineExceeded):
		return reasonTimeout
	case cause != nil:
		return reasonGone
	case errors.As(err, &timed) && timed.Timeout() && !(errors.As(err, &dialled) && dialled.Op == "dial"):
		return reasonTimeout
	}
	return reasonFailed
}

func isOver(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && !time.Now().Before(deadline)
}

// sending is a request's body on its way. It tells a call that waits for its caller, or whose caller has broken off, from one that waits for the backend.
type sending struct {
	io.ReadCloser
	waits, broken atomic.Bool
}

func (s *sending) Read(p []byte) (int, error) {
	s.waits.Store(true)
	n, err := s.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.broken.Store(true)
	}
	s.waits.Store(false)
	return n, err
}

func (s *sending) callersFault() bool { return s != nil && (s.waits.Load() || s.broken.Load()) }
