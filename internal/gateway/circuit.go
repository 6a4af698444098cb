package gateway

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// circuit is the circuit breaker of one backend at one gateway. While it is closed, calls that fail are counted over an interval that moves with the
// clock; too many trip it, and no call goes out until its time is over. Then it is as new: there is no state in which single calls try the backend first.
type circuit struct {
	rule *snapshot.Breaker
	url  string // what the failures say something of
	now  func() time.Time
	tell func(trip time.Duration)

	until atomic.Int64 // no calls go out before, in nanoseconds of the epoch; 0 while closed

	mu    sync.Mutex
	slots [circuitSlots]slot
}

// An interval moves in sixtieths of itself.
const circuitSlots = 60

type slot struct {
	at              int64 // which sixtieth since the epoch
	calls, failures uint32
}

const (
	// leastCalls are needed within an interval before a percentage says anything.
	leastCalls = 10
	// longestRetryAfter bounds what a backend may ask for.
	longestRetryAfter = 24 * time.Hour
)

// serves says whether the state of the circuit is about a backend as it is now.
func (c *circuit) serves(b *snapshot.Backend) bool {
	return c != nil && c.url == b.URL && reflect.DeepEqual(c.rule, b.Breaker)
}

// open is how long no calls go out, 0 when they do.
func (c *circuit) open() time.Duration {
	if c == nil {
		return 0
	}
	until := c.until.Load()
	if until == 0 {
		return 0
	}
	rest := time.Duration(until - c.now().UnixNano())
	if rest <= 0 {
		c.until.CompareAndSwap(until, 0)
	}
	return max(0, rest)
}

// outcome is how a call ended: the status of an answer, or why there is none.
type outcome struct {
	status     int // 500 without an answer, as callers get it
	reason     string
	retryAfter string
}

// Reasons of calls without an answer (policies.md 5.4). What a caller breaks off says nothing of the backend.
const (
	reasonFailed  = "BackendConnectionFailure"
	reasonTimeout = "Timeout"
	reasonGone    = "ClientConnectionFailure"
)

// failure says whether an outcome is one by the rule. Reasons are compared without case and blanks; "Server errors" stands for all statuses from 500.
func (c *circuit) failure(o outcome) bool {
	for _, r := range c.rule.Reasons {
		r = strings.ReplaceAll(r, " ", "")
		if o.reason != "" && strings.EqualFold(r, o.reason) || o.reason != reasonGone && o.status >= 500 && strings.EqualFold(r, "ServerErrors") {
			return true
		}
	}
	if o.reason == reasonGone {
		return false
	}
	for _, s := range c.rule.Statuses {
		if o.status >= s.Min && o.status <= s.Max {
			return true
		}
	}
	return false
}

// record takes note of a call.
func (c *circuit) record(o outcome) {
	failed := c.failure(o)
	if !failed && (c.rule.Percentage == 0 || o.reason == reasonGone) {
		return
	}
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.until.Load() > now.UnixNano() {
		return // it tripped while the call was under way
	}
	at := now.UnixNano() / int64(c.rule.Interval/circuitSlots)
	s := &c.slots[at%circuitSlots]
	if s.at != at {
		*s = slot{at: at}
	}
	s.calls++
	if !failed {
		return
	}
	s.failures++
	if c.tooMany(at) {
		trip := c.trip(o, now)
		c.slots = [circuitSlots]slot{}
		c.until.Store(now.Add(trip).UnixNano())
		c.tell(trip)
	}
}

func (c *circuit) tooMany(at int64) bool {
	var calls, failures uint64
	for i := range c.slots {
		if s := &c.slots[i]; s.at > at-circuitSlots && s.at <= at {
			calls, failures = calls+uint64(s.calls), failures+uint64(s.failures)
		}
	}
	if c.rule.Percentage > 0 {
		return calls >= leastCalls && failures*100 >= calls*uint64(c.rule.Percentage)
	}
	return failures >= uint64(c.rule.Count)
}

// trip is for how long the circuit opens: as the rule says, or as the backend asks in the answer that was too many.
func (c *circuit) trip(o outcome, now time.Time) time.Duration {
	if !c.rule.RetryAfter || o.retryAfter == "" {
		return c.rule.Trip
	}
	if n, err := strconv.ParseUint(o.retryAfter, 10, 32); err == nil {
		return max(time.Second, min(time.Duration(n)*time.Second, longestRetryAfter))
	}
	if at, err := http.ParseTime(o.retryAfter); err == nil {
		return max(time.Second, min(at.Sub(now), longestRetryAfter))
	}
	return c.rule.Trip
}

// circuits are those of a home's backends by name; what the home before knew of the same backends stays known.
func (g *Gateway) circuits(s *snapshot.Shard, before map[string]*circuit) map[string]*circuit {
	var all map[string]*circuit
	for _, b := range s.Backends {
		if b.Breaker == nil || b.Breaker.Interval < circuitSlots {
			continue
		}
		c := before[b.Name]
		if !c.serves(b) {
			c = &circuit{rule: b.Breaker, url: b.URL, now: g.now}
			c.tell = func(trip time.Duration) { g.tellTripped(b.ID, trip) }
		}
		if all == nil {
			all = make(map[string]*circuit)
		}
		all[b.Name] = c
	}
	return all
}

func (g *Gateway) tellTripped(id string, trip time.Duration) {
	g.log.notice(g, g.now(), policy.TraceRecord{
		Source: "backend", Severity: "warning", Message: fmt.Sprintf("the circuit breaker of %s has tripped: no calls for %s", id, trip),
	})
}
