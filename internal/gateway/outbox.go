package gateway

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// Bounds of requests that nobody waits for. Each workspace has lanes of its own, so that one whose receiver is slow delays no other.
const (
	lanes       = 8        // calls of a workspace at once
	laneWaiting = 250      // requests of a workspace that wait
	allWaiting  = 2000     // requests of a gateway that wait
	postedBytes = 64 << 20 // of their bodies
	postedGrace = 5 * time.Second
)

// posted is one such request.
type posted struct {
	request        *http.Request
	target         policy.Target
	timeout        time.Duration
	id             [16]byte // of the call that it comes from
	workspace, api string
}

func (p *posted) bytes() int64 { return max(p.request.ContentLength, 0) }

// outbox sends requests that nobody waits for.
type outbox struct {
	gateway *Gateway
	ctx     context.Context // of all calls
	cancel  context.CancelFunc
	grace   time.Duration // for what is under way when the gateway stops
	busy    sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	waiting int
	bytes   int64 // of all that wait or are being sent
	lanes   map[string]*lane
}

type lane struct {
	queue   []*posted
	running int
}

func newOutbox(g *Gateway) *outbox {
	o := &outbox{gateway: g, grace: postedGrace, lanes: map[string]*lane{}}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	return o
}

// put takes a request, or drops it and says so in the log.
func (o *outbox) put(p *posted) {
	if why := o.take(p); why != "" {
		o.tell(p, "error", "it was dropped: "+why)
	}
}

func (o *outbox) take(p *posted) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := o.lanes[p.workspace]
	switch {
	case o.closed:
		return "the gateway is stopping"
	case o.waiting >= allWaiting || l != nil && len(l.queue) >= laneWaiting || o.bytes+p.bytes() > postedBytes:
		return "too many requests wait to be sent"
	case l == nil:
		l = &lane{}
		o.lanes[p.workspace] = l
	}
	l.queue = append(l.queue, p)
	o.waiting++
	o.bytes += p.bytes()
	if l.running < lanes {
		l.running++
		o.busy.Go(func() { o.drive(p.workspace, l) })
	}
	return ""
}

// drive sends what waits in a lane until nothing does.
func (o *outbox) drive(workspace string, l *lane) {
	for {
		o.mu.Lock()
		if len(l.queue) == 0 {
			if l.running--; l.running == 0 {
				delete(o.lanes, workspace)
			}
			o.mu.Unlock()
			return
		}
		p := l.queue[0]
		l.queue[0] = nil
		l.queue = l.queue[1:]
		o.waiting--
		o.mu.Unlock()
		if err := o.send(p); err != nil {
			o.tell(p, "error", err.Error())
		}
		o.mu.Lock()
		o.bytes -= p.bytes()
		o.mu.Unlock()
	}
}

func (o *outbox) send(p *posted) error {
	if o.ctx.Err() != nil {
		return errStopping
	}
	ctx, cancel := context.WithTimeoutCause(o.ctx, p.timeout, errTimeout)
	defer cancel()
	res, err := o.gateway.transport.to(&p.target, mannerOf(&p.target, "1")).RoundTrip(p.request.WithContext(ctx))
	if err != nil {
		if o.ctx.Err() != nil {
			return errStopping
		}
		return sendError(ctx, err, p.timeout)
	}
	_, _ = io.CopyN(io.Discard, res.Body, drained)
	return res.Body.Close()
}

var errStopping = &policy.Error{Source: "send-one-way-request", Reason: "Dropped", Message: "the gateway stopped before it was sent"}

// close takes no more, gives what waits a short time and drops the rest then.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		time.AfterFunc(o.grace, o.cancel)
	}
}

// wait returns when nothing waits and no call is under way; after close that is soon.
func (o *outbox) wait() { o.busy.Wait() }

// tell logs what became of a request; never its address, which may hold a key, nor anything else of it.
func (o *outbox) tell(p *posted, severity, message string) {
	o.gateway.log.posted(o.gateway.now(), p, severity, message)
}
