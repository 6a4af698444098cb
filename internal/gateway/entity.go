package gateway

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// entity is what the gateway keeps with a backend that is more than an address; plain ones have none. It is immutable.
type entity struct {
	circuit *circuit // nil without a rule
	pool    *pool    // nil for a single backend
	problem error    // why it can't be called
}

// makeBackends makes the facts of the home's backends, when its certificates are read. Pools come last: their members are single.
func (h *home) makeBackends() {
	h.backends = make(map[string]*policy.Backend, len(h.shard.Backends))
	value := h.valuesOfBackends()
	single := make(map[string]string, len(h.shard.Backends)) // names by their lower case
	for _, b := range h.shard.Backends {
		if b.Pool != nil {
			continue
		}
		single[strings.ToLower(b.Name)] = b.Name
		f, problem := h.backendFacts(b, value)
		if c := h.circuits[b.Name]; c != nil || problem != nil {
			f.Own = &entity{circuit: c, problem: problem}
		}
		h.backends[b.Name] = f
	}
	for _, b := range h.shard.Backends {
		if b.Pool != nil {
			h.backends[b.Name] = h.poolFacts(b, single)
		}
	}
}

func (h *home) poolFacts(b *snapshot.Backend, single map[string]string) *policy.Backend {
	f := &policy.Backend{ID: b.Name, Title: b.Title, Pool: true}
	turn := h.turns[b.Name]
	if turn == nil {
		turn = new(atomic.Uint64)
	}
	p := newPool(b.Pool, turn, func(name string) (*policy.Backend, *circuit) {
		known, ok := single[strings.ToLower(name)]
		if !ok {
			return nil, nil
		}
		m := h.backends[known]
		f.Members = append(f.Members, m)
		return m, h.circuits[known]
	})
	f.URL = p.address()
	f.Own = &entity{pool: p}
	if len(p.groups) == 0 {
		f.Own = &entity{problem: fmt.Errorf("the pool '%s' has no members", b.Name)}
	}
	return f
}

// turnsOf are the turns of a home's pools by name, those of the home before where it had them.
func turnsOf(s *snapshot.Shard, before map[string]*atomic.Uint64) map[string]*atomic.Uint64 {
	var all map[string]*atomic.Uint64
	for _, b := range s.Backends {
		if b.Pool == nil {
			continue
		}
		if all == nil {
			all = make(map[string]*atomic.Uint64)
		}
		if all[b.Name] = before[b.Name]; all[b.Name] == nil {
			all[b.Name] = new(atomic.Uint64)
		}
	}
	return all
}

// backendFacts are the facts of a single backend; value puts named values in place. A backend whose certificate can't be shown has a problem, and isn't called.
func (h *home) backendFacts(b *snapshot.Backend, value func(string) string) (*policy.Backend, error) {
	f := &policy.Backend{ID: b.Name, URL: b.URL, Title: b.Title, SkipVerify: b.SkipVerify, SkipVerifyName: b.SkipVerifyName}
	for _, name := range sortedKeys(b.Header) {
		for _, v := range b.Header[name] {
			f.Header.Add(name, value(v))
		}
	}
	if b.Authorization != "" {
		f.Header.Set("Authorization", value(b.Authorization))
	}
	for _, name := range sortedKeys(b.Query) {
		for _, v := range b.Query[name] {
			f.Query = append(f.Query, policy.Param{Name: name, Value: value(v)})
		}
	}
	if p := b.Proxy; p != nil {
		f.Proxy = &policy.Proxy{Address: p.URL, User: value(p.User), Password: value(p.Password)}
	}
	shown, err := h.shownTo(b)
	f.Certificate = shown
	return f, err
}

// shownTo is the certificate that a backend's entity names, with others where it names several; nil for none.
func (h *home) shownTo(b *snapshot.Backend) (*policy.ClientCertificate, error) {
	names := b.Certificates
	for _, t := range b.Thumbprints {
		found := ""
		for _, c := range h.shard.Certificates {
			if policy.Thumbprint(c.Thumbprint) == policy.Thumbprint(t) {
				found = c.Name
				break
			}
		}
		if found == "" {
			return nil, fmt.Errorf("backend '%s': there is no certificate with the thumbprint '%s' any more", b.Name, t)
		}
		names = append(names[:len(names):len(names)], found)
	}
	var all *policy.ClientCertificate
	for _, name := range names {
		c := (&policy.Home{Certificates: h.certs}).Certificate(name)
		if c == nil {
			return nil, fmt.Errorf("backend '%s': certificate '%s' could not be found", b.Name, name)
		}
		shown, err := policies.OpenClientCertificate(c)
		switch {
		case err != nil:
			return nil, fmt.Errorf("backend '%s': certificate '%s' can't be used: %w", b.Name, name, err)
		case all == nil:
			all = shown
		default:
			all = all.Or(shown)
		}
	}
	return all, nil
}

// choose is the backend that a call to an entity goes to: itself, or a member of the pool. The error is for on-error: 503 when circuit breakers let no call
// out. t is what the request has tried already, nil for a call that is made once.
func (g *Gateway) choose(b *policy.Backend, t *tries) (*policy.Backend, error) {
	if b == nil || b.Own == nil {
		return b, nil
	}
	e := b.Own.(*entity)
	wait, next := e.circuit.open(), e.circuit
	if e.pool != nil {
		var member *policy.Backend
		if member, wait, next = e.pool.pick(t); member != nil {
			return g.choose(member, nil)
		}
	}
	switch {
	case wait > 0:
		return nil, tripped(b, wait, next)
	case e.problem != nil:
		return nil, &policy.Error{Source: "forward-request", Reason: reasonFailed, Message: e.problem.Error(), Status: http.StatusInternalServerError, Cause: e.problem}
	}
	return b, nil
}

// tripped is the error of a call that no circuit lets out (policies.md 5.3). Callers are told when to come back where the rule goes by Retry-After itself.
func tripped(b *policy.Backend, wait time.Duration, next *circuit) error {
	e := &policy.Error{
		Source: "forward-request", Reason: "BackendUnavailable", Status: http.StatusServiceUnavailable, Public: "The backend is unavailable. Try again later.",
		Message: fmt.Sprintf("the circuit breaker of backend '%s' lets no calls out for %s", b.ID, wait.Round(time.Second)),
	}
	if b.Pool {
		e.Message = fmt.Sprintf("the circuit breakers of all members of the pool '%s' are open, the first for %s", b.ID, wait.Round(time.Second))
	}
	if next.rule.RetryAfter {
		e.Header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	return e
}

// entityOf is what the gateway keeps with a backend, nil for nothing.
func entityOf(b *policy.Backend) *entity {
	if b == nil || b.Own == nil {
		return nil
	}
	return b.Own.(*entity)
}

// aim is a target whose backend is the one that a call goes to.
func (g *Gateway) aim(t policy.Target) (policy.Target, error) {
	b, err := g.choose(t.Backend, nil)
	if err != nil {
		return t, err
	}
	if b != t.Backend {
		t.Backend, t.Base = b, strings.TrimRight(b.URL, "/")
	}
	return t, nil
}

// aim is where the request goes: its target, or the chosen member of a pool, whose address is the request's from now on. Policies go on to see the pool.
func (x *exchange) aim() (*policy.Target, error) {
	b, err := x.gateway.choose(x.Backend.Backend, &x.tries)
	if err != nil {
		return nil, err
	}
	if b == x.Backend.Backend {
		return &x.Backend, nil
	}
	x.Backend.Base = strings.TrimRight(b.URL, "/")
	x.aimed = x.Backend
	x.aimed.Backend = b
	return &x.aimed, nil
}
