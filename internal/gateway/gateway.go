package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/eventhub"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/snapshot"
	"github.com/atelier-apim/atelier/internal/sqldata"
	"github.com/atelier-apim/atelier/internal/usage"
)

// Options are what a gateway gets from the process that hosts it.
type Options struct {
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Wait lets time pass before a retry, by the same clock, and fails when the context ends first; nil waits by the real one.
	Wait func(context.Context, time.Duration) error
	// Log takes one JSON line for each call, trace and metric; nil discards them.
	Log io.Writer
	// Limits of requests; Defaults where zero.
	Limits Limits
	// Forbidden are addresses that no backend may have: the management and database addresses of the installation. An unspecified address
	// (0.0.0.0) stands for every address of this machine with its port. Link-local and metadata addresses are refused always.
	Forbidden []netip.AddrPort
	// Document gives documents of the installation itself, such as the keys of its own tokens, without a call; false for all others. Nil
	// for none.
	Document func(address string) ([]byte, bool)
	// Identity gets tokens of the service's managed identity; nil for none.
	Identity policies.Identity
	// Dapr is the address of the Dapr sidecar; http://localhost:3500 when empty.
	Dapr string
	// InstanceID names this process in context.Deployment.
	InstanceID string
	// Problem is told of documents that could not be compiled, when that shows; nil for nobody.
	Problem func(gatewayID string, p snapshot.Problem)
	// Usage is told of calls for reports; nil for nobody.
	Usage interface {
		// Attach takes in a gateway's meter until detach is called.
		Attach(usage.Source) (detach func())
	}
}

// Gateway serves the APIs of one snapshot after the other. It has counters, connection pools and a table of its own.
type Gateway struct {
	now       func() time.Time
	limits    Limits
	log       *accessLog
	ownLog    bool // made by New, closed by Close
	instance  string
	problem   func(string, snapshot.Problem)
	engine    *policy.Engine
	counters  counter.Ledger // of the engine's policies
	transport *transports
	tunnels   *tunnels
	// publications are the events of GraphQL APIs.
	publications *publications
	outbox       *outbox
	events       *eventhub.Sender
	databases    *sqldata.Client
	meter        *meter   // nil when nobody reports
	detach       func()   // of the meter
	digestKey    [32]byte // key digests of this gateway are of no use elsewhere

	applying sync.Mutex
	table    atomic.Pointer[table]
}

// New makes a gateway that answers 404 until its first Apply.
func New(o Options) (*Gateway, error) {
	log := newAccessLog(o.Log)
	g, err := newGateway(o, log)
	if err != nil {
		log.Close()
		return nil, err
	}
	g.ownLog = true
	return g, nil
}

func newGateway(o Options, log *accessLog) (*Gateway, error) {
	g := &Gateway{now: o.Now, limits: o.Limits.withDefaults(), log: log, instance: o.InstanceID, problem: o.Problem}
	if g.now == nil {
		g.now = time.Now
	}
	if g.problem == nil {
		g.problem = func(string, snapshot.Problem) {}
	}
	if _, err := rand.Read(g.digestKey[:]); err != nil {
		return nil, fmt.Errorf("make gateway: %w", err)
	}
	var err error
	g.transport = newTransports(g.limits, o.Forbidden)
	g.tunnels = newTunnels(g.limits.Tunnels)
	g.publications = newPublications()
	g.outbox = newOutbox(g)
	g.events = newEvents(g, o.Identity)
	g.databases = sqldata.New(g.transport.guard.dialer(g.limits.DialTime))
	env := policies.Env{
		Wait: o.Wait, Fetch: newFetch(g.transport.guard, o.Document), Identity: o.Identity, Metrics: metrics{}, Call: g.callFor, Dapr: o.Dapr, Events: g.sendEvent,
		SQL: g.databases.Query,
	}
	if g.engine, g.counters, err = newEngine(env, g.now); err != nil {
		return nil, fmt.Errorf("make gateway: %w", err)
	}
	if o.Usage != nil {
		g.meter = newMeter(g)
		g.detach = o.Usage.Attach(g.meter)
	}
	return g, nil
}

// Apply puts a snapshot in force: requests that begin after it returns are served by it, those in flight end with the table they began
// with. What cannot be compiled is in the report and answers 500 or 404; the rest serves.
func (g *Gateway) Apply(s *snapshot.Snapshot) snapshot.Report {
	g.applying.Lock()
	defer g.applying.Unlock()
	t, problems := g.buildTable(s, g.table.Load())
	g.table.Store(t)
	g.reviewTunnels(t)
	g.transport.certified.sweep(time.Now())
	return snapshot.Report{Version: s.Version, Problems: problems}
}

// Follow applies what a source gives until the context ends or the source fails; report, when not nil, is told of each.
func (g *Gateway) Follow(ctx context.Context, from snapshot.Source, report func(snapshot.Report)) error {
	return follow(ctx, from, g.Apply, report)
}

func follow(ctx context.Context, from snapshot.Source, apply func(*snapshot.Snapshot) snapshot.Report, report func(snapshot.Report)) error {
	for version := uint64(0); ; {
		s, err := from.Next(ctx, version)
		if err != nil {
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				return nil
			}
			return fmt.Errorf("follow snapshots after version %d: %w", version, err)
		}
		r := apply(s)
		if report != nil {
			report(r)
		}
		version = s.Version
	}
}

// Close ends WebSocket connections, sends or drops what nobody waits for, lets go of idle ones to backends and writes out the log. Requests in flight go on.
func (g *Gateway) Close() {
	g.retire()
	g.outbox.wait()
	if g.ownLog {
		g.log.Close()
	}
}

// retire is Close without waiting for what is still being sent.
func (g *Gateway) retire() {
	g.tunnels.close()
	g.outbox.close()
	g.outbox.busy.Go(g.events.Close)
	g.databases.Close()
	g.transport.closeIdle()
	if g.detach != nil {
		g.detach()
	}
}

// chapters are the story of a request, in order. The first that fails or replies is the last.
var chapters = [...]func(*exchange) error{
	(*exchange).accept,    // is it a request that everybody reads alike?
	(*exchange).match,     // which API, revision and operation
	(*exchange).preflight, // cors alone answers a preflight request
	(*exchange).identify,  // which subscription, product and user
	(*exchange).inbound,   // policies, outermost scope first
	(*exchange).backend,   // the backend section and the call itself
	(*exchange).outbound,  // policies on the way back
}

// ServeHTTP serves one request, from one table for its whole life.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := g.begin(g.table.Load(), w, r)
	defer x.end() // access log: once, whatever happened

	for _, chapter := range chapters {
		err := chapter(x)
		if errors.Is(err, policy.ErrReplied) {
			break
		}
		if err != nil {
			x.fail(err) // the on-error section writes the reply
			break
		}
	}
	x.deliver()
}

// Flush writes out log lines that wait.
func (g *Gateway) Flush() { g.log.flush() }
