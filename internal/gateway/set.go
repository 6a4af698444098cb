package gateway

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/snapshot"
)

// Set is the gateways of one process. Each request goes to the one whose host name it asks for, exactly and without case; to the default
// one when it asks for none of them; else it gets 404.
type Set struct {
	options Options
	log     *accessLog

	mu       sync.Mutex
	gateways map[string]*member // by id, lower case
	hosts    atomic.Pointer[hosts]
}

type member struct {
	gateway *Gateway
	serves  snapshot.Gateway
	begun   time.Time // it came into force
	changed time.Time // it took its latest snapshot
}

// hosts is who answers to which name. It is immutable.
type hosts struct {
	byName   map[string]*Gateway
	standard *Gateway // answers to all other names, nil for nobody
}

// NewSet makes an empty set: every request gets 404.
func NewSet(o Options) *Set {
	s := &Set{options: o, log: newAccessLog(o.Log), gateways: make(map[string]*member)}
	s.hosts.Store(&hosts{})
	return s
}

// Apply puts snapshots in force that together are all gateways of the process; gateways not among them end. Reports are in the order of
// the snapshots. New gateways answer when it returns. The error is that of making a gateway; nothing has changed then.
func (s *Set) Apply(all []*snapshot.Snapshot) ([]snapshot.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := make(map[string]*member, len(all))
	for _, snap := range all {
		m, err := s.member(snap)
		if err != nil {
			return nil, err
		}
		next[strings.ToLower(snap.Gateway.ID)] = m
	}
	reports := make([]snapshot.Report, len(all))
	for i, snap := range all {
		reports[i] = next[strings.ToLower(snap.Gateway.ID)].gateway.Apply(snap)
	}
	old := s.gateways
	s.gateways = next
	s.point()
	for id, m := range old {
		if next[id] == nil {
			m.gateway.retire()
		}
	}
	return reports, nil
}

// Put puts one gateway's snapshot in force and leaves the others alone; the gateway answers when it returns.
func (s *Set) Put(snap *snapshot.Snapshot) (snapshot.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.member(snap)
	if err != nil {
		return snapshot.Report{}, err
	}
	report := m.gateway.Apply(snap)
	s.gateways[strings.ToLower(snap.Gateway.ID)] = m
	s.point()
	return report, nil
}

// Remove ends a gateway: its names answer no more when it returns, its WebSocket connections end, requests in flight go on. There need be none.
func (s *Set) Remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.gateways[strings.ToLower(id)]
	if m == nil {
		return
	}
	delete(s.gateways, strings.ToLower(id))
	s.point()
	m.gateway.retire()
}

// Follow puts what a source gives in force until the context ends or the source fails; report, when not nil, is told of each.
func (s *Set) Follow(ctx context.Context, from snapshot.Source, report func(snapshot.Report)) error {
	return follow(ctx, from, func(snap *snapshot.Snapshot) snapshot.Report {
		r, err := s.Put(snap)
		if err != nil {
			return snapshot.Report{Version: snap.Version, Problems: []snapshot.Problem{{ID: snap.Gateway.ID, Message: err.Error()}}}
		}
		return r
	}, report)
}

// Close ends all gateways and writes out the log.
func (s *Set) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.gateways {
		m.gateway.retire()
	}
	for _, m := range s.gateways {
		m.gateway.outbox.wait()
	}
	s.log.Close()
}

// member finds or makes the gateway of a snapshot.
func (s *Set) member(snap *snapshot.Snapshot) (*member, error) {
	if m := s.gateways[strings.ToLower(snap.Gateway.ID)]; m != nil {
		return &member{m.gateway, snap.Gateway, m.begun, m.gateway.now()}, nil
	}
	g, err := newGateway(s.options, s.log)
	if err != nil {
		return nil, fmt.Errorf("gateway %s: %w", snap.Gateway.ID, err)
	}
	return &member{g, snap.Gateway, g.now(), g.now()}, nil
}

// point publishes who answers to which name.
func (s *Set) point() {
	h := &hosts{byName: make(map[string]*Gateway, len(s.gateways))}
	for _, m := range s.gateways {
		for _, name := range m.serves.Hosts {
			h.byName[strings.ToLower(name)] = m.gateway
		}
		if m.serves.Default {
			h.standard = m.gateway
		}
	}
	s.hosts.Store(h)
}

// Hosts says whether a gateway answers to exactly this host name, for choosing a certificate.
func (s *Set) Hosts(name string) bool { return s.hosts.Load().byName[strings.ToLower(name)] != nil }

// ServeHTTP hands a request to its gateway.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := s.hosts.Load()
	g := h.choose(hostName(r.Host))
	switch {
	case g == nil:
		writeError(w, http.StatusNotFound, messageNotFound)
	case r.TLS != nil && r.TLS.ServerName != "" && h.byName[strings.ToLower(r.TLS.ServerName)] != nil && h.choose(r.TLS.ServerName) != g:
		// The connection was made for another gateway: its certificate vouches for that one alone.
		writeError(w, http.StatusMisdirectedRequest, "The connection was made for another host name. Connect to this one by its own name.")
	default:
		g.ServeHTTP(w, r)
	}
}

func (h *hosts) choose(name string) *Gateway {
	if g := h.byName[name]; g != nil {
		return g
	}
	if g := h.byName[strings.ToLower(name)]; g != nil {
		return g
	}
	return h.standard
}

// hostName is a Host header's name without its port.
func hostName(host string) string {
	if strings.LastIndexByte(host, ':') < 0 {
		return host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// Flush writes out log lines that wait.
func (s *Set) Flush() { s.log.flush() }

func (s *Set) drainTunnels(ctx context.Context) {
	s.mu.Lock()
	gateways := make([]*Gateway, 0, len(s.gateways))
	for _, m := range s.gateways {
		gateways = append(gateways, m.gateway)
	}
	s.mu.Unlock()
	for _, g := range gateways {
		g.tunnels.close()
	}
	for _, g := range gateways {
		g.drainTunnels(ctx)
	}
}
