package gateway

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// takeAnswer makes the backend's answer the exchange's.
func (x *exchange) takeAnswer(res *http.Response, o policy.ForwardOptions, cancel context.CancelCauseFunc) error {
	x.release()
	h := answerHeader(res)
	answer := &policy.Response{Status: res.StatusCode, Header: h}
	if _, reason, _ := strings.Cut(res.Status, " "); reason != http.StatusText(res.StatusCode) {
		answer.Reason = reason
	}
	if res.Body != nil && res.Body != http.NoBody {
		x.incoming = &answerBody{ReadCloser: res.Body, cancel: cancel, small: res.ContentLength >= 0 && res.ContentLength <= drained}
		answer.Body = x.StreamBody(x.incoming, res.ContentLength, x.gateway.limits.BufferedBody)
	} else if cancel != nil {
		cancel(nil)
	}
	x.Response, x.answer, x.trailer = answer, answer, &res.Trailer
	x.stream = !o.BufferResponse || strings.HasPrefix(h.Get("Content-Type"), "text/event-stream") || x.grpc
	return nil
}

// answerHeader is the header of an answer without the lines of its connection.
func answerHeader(res *http.Response) policy.Header {
	named := connectionTokens(res.Header)
	h := make(policy.Header, 0, len(res.Header)+8)
	for name, values := range res.Header {
		if isHop(name) || named != nil && containsFold(named, name) {
			continue
		}
		for _, v := range values {
			h.Add(name, v)
		}
	}
	sortHeader(h)
	return h
}

// drained is the most that is read of an answer that nobody wants, to keep its connection.
const drained = 64 << 10

// answerBody ends the call's context with the body.
type answerBody struct {
	io.ReadCloser
	cancel context.CancelCauseFunc
	small  bool // worth reading to the end
	closed bool
}

func (b *answerBody) Close() error {
	if b == nil || b.closed {
		return nil
	}
	b.closed = true
	if b.small {
		_, _ = io.CopyN(io.Discard, b.ReadCloser, drained)
	}
	err := b.ReadCloser.Close()
	if b.cancel != nil {
		b.cancel(nil)
	}
	return err
}
