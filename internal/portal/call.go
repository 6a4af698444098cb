package portal

import (
	"context"
	"net/http"
	"time"
)

// Limits of calls that people try out.
const (
	maxCalls  = 64 // at once, of all people together
	callTime  = 30 * time.Second
	callGrace = 2 * time.Second // for the gateway to give up after that
)

// call is a request that the portal makes on somebody's behalf.
type call struct {
	API       string      `json:"api"`
	Operation string      `json:"operation"`
	Method    string      `json:"method"`
	Path      string      `json:"path"`
	Headers   [][2]string `json:"headers"`
	Body      string      `json:"body"`
}

// callReply is what came back.
type callReply struct {
	Status       int         `json:"status"`
	Reason       string      `json:"reason"`
	Milliseconds float64     `json:"milliseconds"`
	Headers      [][2]string `json:"headers"`
	Body         string      `json:"body"`
	Note         string      `json:"note,omitempty"`
}

// call makes a request to a gateway of this installation, in the process: it can reach the APIs that the person may see, and nothing else.
func (p *portal) call(w http.ResponseWriter, r *http.Request) (any, error) {
	var c call
	if err := decode(w, r, maxCallBody, &c); err != nil {
		return nil, err
	}
	var out *http.Request
	guest := false
	err := p.view(r, func(v *view) (err error) {
		guest = v.person == nil
		out, err = v.requestOf(&c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if guest {
		if wait, ok := p.guests.take(peer(r)); !ok {
			return nil, tooMany(wait, "Guests may try out %d calls a minute. Sign in to go on.", int(time.Minute/guestEvery))
		}
	}
	select {
	case p.calls <- struct{}{}:
	default:
		return nil, tooMany(time.Second, "Too many calls are being tried out right now. Try again in a moment.")
	}
	out.RemoteAddr = r.RemoteAddr
	return p.perform(r.Context(), out), nil
}

// perform hands the request to the gateways and waits for the answer, at most 30 s. A place among the calls is given back when the gateway has
// ended, which may be later.
func (p *portal) perform(ctx context.Context, out *http.Request) callReply {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	rec := newRecorder(cancel)
	began := time.Now()
	done := make(chan struct{})
	go func() {
		defer func() {
			rec.broke(recover())
			<-p.calls
			close(done)
		}()
		p.Gateway.ServeHTTP(rec, out.WithContext(ctx))
		rec.WriteHeader(http.StatusOK) // of a handler that wrote nothing
	}()
	select {
	case <-done:
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(callGrace):
		}
	}
	reply := rec.reply()
	reply.Milliseconds = float64(time.Since(began).Microseconds()) / 1000
	return reply
}
