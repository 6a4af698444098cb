package policy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"
)

// Bounds of what the policies of one exchange may ask of others. A retry inside of a retry would multiply calls; answers stay in memory as long as the
// exchange lives.
const (
	maxCalls   = 500      // of one exchange
	maxAnswers = 64 << 20 // bytes of their answers
)

// Outgoing is a request that a policy has put together, beside the exchange's own.
type Outgoing struct {
	Request Request // its method, header and body; the body is in memory
	URL     string  // absolute; "" for the target
	Target  Target  // how the address is reached, and where the request goes without URL
	Copied  bool    // the header is the caller's
	Timeout time.Duration

	answers *answers
}

// Proxy is an HTTP proxy that a call goes through. Its password is in no log and no message.
type Proxy struct {
	Address        string // http://host:port
	User, Password string // no authentication when both are empty
}

// answers are what an exchange has asked of others, and the bytes that it holds of what they said.
type answers struct {
	calls   int
	bytes   atomic.Int64
	holding *holding
}

// Sender is a Host that makes calls of policies.
type Sender interface {
	// Send makes a call and takes its whole answer. It reads of x only what doesn't change, for other branches may be working on it. Its error is
	// for on-error.
	Send(ctx context.Context, x *Exchange, o *Outgoing) (*Response, error)
	// Post makes a call when it can, after x may be over; what becomes of it is in the log.
	Post(x *Exchange, o *Outgoing)
}

// Call is the request that set-method and the like act on: the one being put together by send-request, else the exchange's own.
func (x *Exchange) Call() *Request {
	if x.outgoing != nil {
		return &x.outgoing.Request
	}
	return &x.Request
}

// Target is how that request gets to where it goes.
func (x *Exchange) Target() *Target {
	if x.outgoing != nil {
		return &x.outgoing.Target
	}
	return &x.Backend
}

// Sending runs steps that put o together: to them its request is the message in hand, while expressions still see the exchange as it is.
func (x *Exchange) Sending(o *Outgoing, steps Block) error {
	outer := x.outgoing
	x.outgoing = o
	err := steps.Run(x)
	x.outgoing = outer
	return err
}

// Source is the message that a template reads: the one in hand, and while a request is put together that has no body yet, the exchange's own.
func (x *Exchange) Source() (*Header, **Body) {
	if o := x.outgoing; o != nil && o.Request.Body == nil {
		x.outgoing = nil
		defer func() { x.outgoing = o }()
	}
	return x.Message()
}

// Copy begins a request as the exchange's own is now, with what is in its body. In outbound that has gone to the backend: the copy has none
// (policies.md 7.10).
func (x *Exchange) Copy() (*Outgoing, error) {
	r := &x.Request
	o := &Outgoing{Copied: true, Target: x.Backend, Request: Request{Method: r.Method, Header: slices.Clone(r.Header)}}
	if r.Body == nil || x.Section == Outbound || r.Body.Sent() {
		return o, nil
	}
	data, err := r.Body.Bytes(true)
	switch {
	case errors.Is(err, ErrBodyConsumed):
	case err != nil:
		return nil, fmt.Errorf("copy the request's body: %w", err)
	default:
		o.Request.Body = NewBody(data)
	}
	return o, nil
}

// Send makes the call and takes the whole answer, while other branches of a wait have their turn. Its error is ErrOvertaken, or for on-error.
func (x *Exchange) Send(o *Outgoing) (r *Response, err error) {
	host, err := x.sender(o)
	if err != nil {
		return nil, err
	}
	if gone := x.Away(func(ctx context.Context) { r, err = host.Send(ctx, x, o) }); gone != nil {
		return nil, gone
	}
	return r, err
}

// Post leaves the call to the host, which makes it when it can. Nobody waits for it.
func (x *Exchange) Post(o *Outgoing) error {
	host, err := x.sender(o)
	if err == nil {
		host.Post(x, o)
	}
	return err
}

// sender is who makes one more call.
func (x *Exchange) sender(o *Outgoing) (Sender, error) {
	host, ok := x.Host.(Sender)
	if !ok {
		return nil, errors.New("no calls can be made here")
	}
	a := x.answering()
	if a.calls++; a.calls > maxCalls {
		return nil, &Error{Reason: "TooManyCalls", Message: fmt.Sprintf("the policies of one request may make %d calls", maxCalls), Status: 500}
	}
	o.answers = a
	return host, nil
}

func (x *Exchange) answering() *answers {
	if x.answers == nil {
		x.answers = &answers{holding: x.holds()}
	}
	return x.answers
}

// Hold counts bytes of an answer that a policy has got otherwise than by Send.
func (x *Exchange) Hold(bytes int) error {
	if !x.answering().hold(int64(bytes)) {
		return ErrAnswers
	}
	return nil
}

// ErrAnswers says that answers hold more memory than they may.
var ErrAnswers = errors.New("the answers to calls of this request's policies are larger than they may be together")

// ReadAnswer reads a whole body of at most limit bytes, within what the exchange and its home may hold of answers.
func (o *Outgoing) ReadAnswer(body io.Reader, limit int64) (*Body, error) {
	data, err := readWithin(body, -1, limit, o.answers.hold, ErrAnswers)
	switch {
	case errors.Is(err, errLarge):
		return nil, fmt.Errorf("the answer's body is larger than %d bytes", limit)
	case err != nil:
		return nil, err
	}
	return NewBody(data), nil
}

// hold counts n more bytes; false when there is no more room.
func (a *answers) hold(n int64) bool {
	return a == nil || a.bytes.Add(n) <= maxAnswers && a.holding.hold(n)
}
