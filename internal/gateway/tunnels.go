package gateway

import (
	"context"
	"strings"
	"sync"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// tunnels are the WebSocket connections of one gateway. A connection goes on for as long as the same handshake would be let in again: it ends when
// its API is gone, offline or of another type, when its subscription is gone, suspended or at its end, when its key is another, and with the
// gateway. Policies are asked at the handshake alone: a changed one holds for the next.
type tunnels struct {
	limit int

	mu     sync.Mutex
	count  int // handshakes under way included
	open   map[connection]struct{}
	closed bool
	empty  chan struct{} // closed when closed and count is zero
}

// connection is a WebSocket connection: a tunnel, or a socket of a GraphQL API.
type connection interface {
	// admitted is what it was let in with.
	admitted() *admission
	// end ends it for a reason of the gateway.
	end(ending)
}

// admission is what a handshake was let in with.
type admission struct {
	api, home, key string
	secure         bool
	// exactly and product are what a connection of a GraphQL API goes on with: its requests run policies, and those of an API that has changed are others.
	// Nil exactly asks for the API of the id alone.
	exactly *api
	product *document
}

func (a *admission) admitted() *admission { return a }

func (x *exchange) admission() admission {
	a := admission{api: strings.ToLower(x.api.source.ID), home: x.api.home.shard.ID, secure: x.Request.URL.Scheme == "https"}
	if x.Subscription != nil {
		a.key = x.Subscription.Key
	}
	return a
}

func newTunnels(limit int) *tunnels {
	return &tunnels{limit: limit, open: make(map[connection]struct{}), empty: make(chan struct{})}
}

// enter takes a place for a handshake; false when there is none.
func (s *tunnels) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.count >= s.limit {
		return false
	}
	s.count++
	return true
}

// add notes a connection that stands; false when it has to end at once.
func (s *tunnels) add(t connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[t] = struct{}{}
	return !s.closed
}

// leave gives back the place.
func (s *tunnels) leave(t connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, t)
	if s.count--; s.count == 0 && s.closed {
		close(s.empty)
	}
}

func (s *tunnels) list() []connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]connection, 0, len(s.open))
	for t := range s.open {
		list = append(list, t)
	}
	return list
}

// close ends all connections and takes no more.
func (s *tunnels) close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		if s.count == 0 {
			close(s.empty)
		}
	}
	s.mu.Unlock()
	endAll(s.list(), endShutdown)
}

// endAll ends tunnels all at once: one whose caller doesn't read takes a moment.
func endAll(list []connection, why ending) {
	for _, t := range list {
		go t.end(why)
	}
}

// drainTunnels ends all connections and waits for them, until the context ends.
func (g *Gateway) drainTunnels(ctx context.Context) {
	g.tunnels.close()
	select {
	case <-g.tunnels.empty:
	case <-ctx.Done():
	}
}

// reviewTunnels ends the connections that a table no longer lets in. It costs nothing while there are none; else it goes on beside the requests
// that the table serves already.
func (g *Gateway) reviewTunnels(t *table) {
	list := g.tunnels.list()
	if len(list) == 0 {
		return
	}
	report := func(p snapshot.Problem) { g.problem(t.snapshot.Gateway.ID, p) }
	go func() {
		apis := make(map[string]*api, len(list))
		homes := make(map[string]bool, 1)
		for _, one := range list {
			apis[one.admitted().api], homes[one.admitted().home] = nil, true
		}
		for _, p := range t.parts {
			if !homes[p.shard.ID] {
				continue
			}
			for slot := range p.apis.All() {
				id := strings.ToLower(slot.source.ID)
				if _, wanted := apis[id]; !wanted {
					continue
				}
				if a := slot.ready(report); a.websocket || a.graph != nil {
					apis[id] = a
				}
			}
		}
		for _, one := range list {
			if in := one.admitted(); !g.letsIn(t, apis[in.api], in) {
				go one.end(endRevoked)
			}
		}
	}()
}

// letsIn says whether a table would let the handshake of a connection in again; a is its API there, nil for none.
func (g *Gateway) letsIn(t *table, a *api, one *admission) bool {
	scheme := "http"
	if one.secure {
		scheme = "https"
	}
	if a == nil || !a.answers(scheme, a.graph != nil) || one.exactly != nil && one.exactly != a {
		return false
	}
	x := &exchange{gateway: g, table: t, api: a}
	p, in := x.productOf(one.key)
	return in && (one.exactly == nil || documentOf(p) == one.product)
}

// productOf is the product in whose context a key, "" for none, opens the API, nil for none; false when it is closed.
func (x *exchange) productOf(key string) (*product, bool) {
	if key == "" {
		for _, p := range x.homes() {
			if open := p.products.open[x.api.id]; open != nil {
				return open, true
			}
		}
		return nil, !x.api.source.SubscriptionRequired
	}
	s := x.subscriptionOf(key)
	if s == nil || !s.active(x.gateway.now()) {
		return nil, false
	}
	return x.opens(s)
}

func documentOf(p *product) *document {
	if p == nil {
		return nil
	}
	return p.document
}
