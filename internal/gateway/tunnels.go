package gateway

import (
	"context"
	"strings"
	"sync"
)

// tunnels are the WebSocket connections of one gateway. A connection goes on for as long as the same handshake would be let in again: it ends when
// its API is gone, offline or of another type, when its subscription is gone, suspended or at its end, when its key is another, and with the
// gateway. Policies are asked at the handshake alone: a changed one holds for the next.
type tunnels struct {
	limit int

	mu     sync.Mutex
	count  int // handshakes under way included
	open   map[*tunnel]struct{}
	closed bool
	empty  chan struct{} // closed when closed and count is zero
}

func newTunnels(limit int) *tunnels {
	return &tunnels{limit: limit, open: make(map[*tunnel]struct{}), empty: make(chan struct{})}
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
func (s *tunnels) add(t *tunnel) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[t] = struct{}{}
	return !s.closed
}

// leave gives back the place.
func (s *tunnels) leave(t *tunnel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, t)
	if s.count--; s.count == 0 && s.closed {
		close(s.empty)
	}
}

func (s *tunnels) list() []*tunnel {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*tunnel, 0, len(s.open))
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
func endAll(list []*tunnel, why ending) {
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
	go func() {
		apis := make(map[string]*api, len(list))
		homes := make(map[string]bool, 1)
		for _, one := range list {
			apis[one.api], homes[one.home] = nil, true
		}
		for _, p := range t.parts {
			if !homes[p.shard.ID] {
				continue
			}
			for a := range p.apis.All() {
				if id := strings.ToLower(a.source.ID); a.websocket {
					if _, wanted := apis[id]; wanted {
						apis[id] = a
					}
				}
			}
		}
		for _, one := range list {
			if !g.letsIn(t, apis[one.api], one) {
				go one.end(endRevoked)
			}
		}
	}()
}

// letsIn says whether a table would let the handshake of a connection in again; a is its API there, nil for none.
func (g *Gateway) letsIn(t *table, a *api, one *tunnel) bool {
	scheme := "http"
	if one.secure {
		scheme = "https"
	}
	if a == nil || !a.answers(scheme) {
		return false
	}
	x := &exchange{gateway: g, table: t, api: a}
	if one.key == "" {
		for _, p := range x.homes() {
			if p.products.open[a.id] != nil {
				return true
			}
		}
		return !a.source.SubscriptionRequired
	}
	s := x.subscriptionOf(one.key)
	if s == nil || !s.active(g.now()) {
		return false
	}
	_, opens := x.opens(s)
	return opens
}
