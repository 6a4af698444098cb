package usage

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Intervals of a collector's work.
const (
	collectEvery = 3 * time.Second
	compactEvery = time.Hour
	lingers      = time.Minute // how long a source is asked after it left: calls in flight end
)

// maxPending is how many rows wait in memory for a store that fails; beyond, what is new is dropped.
const maxPending = 100_000

// Options are what a Collector is made of.
type Options struct {
	Store Store
	Now   func() time.Time // time.Now when nil
	Keep  Retention        // Keep when zero
	// Problem is told when the store fails, and with nil when it works again; nil for nobody.
	Problem func(error)
}

// Collector empties the meters of a process into a store.
type Collector struct {
	store   Store
	now     func() time.Time
	keep    Retention
	problem func(error)

	mu      sync.Mutex // of sources
	sources map[Source]*time.Time

	collecting sync.Mutex // of what follows
	pending    map[at]*Counts
	bounds     bounds
	failing    bool

	ringing sync.Mutex
	rings   rings

	reports chan struct{} // places for reports that run
}

// NewCollector makes a collector without sources.
func NewCollector(o Options) *Collector {
	c := &Collector{
		store: o.Store, now: o.Now, keep: o.Keep, problem: o.Problem, sources: make(map[Source]*time.Time), pending: make(map[at]*Counts),
		reports: make(chan struct{}, 2),
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.keep == (Retention{}) {
		c.keep = Keep
	}
	if c.problem == nil {
		c.problem = func(error) {}
	}
	return c
}

// Attach takes in a source until detach is called; what it tells a moment later still counts.
func (c *Collector) Attach(s Source) (detach func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sources[s] = nil
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		left := c.now()
		c.sources[s] = &left
	}
}

// asked are the sources to be drained; those that left long ago are forgotten.
func (c *Collector) asked() []Source {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, out := c.now(), make([]Source, 0, len(c.sources))
	for s, left := range c.sources {
		out = append(out, s)
		if left != nil && now.Sub(*left) > lingers {
			delete(c.sources, s)
		}
	}
	return out
}

// Collect moves what was recorded so far to the store. What the store does not take is kept for the next time.
func (c *Collector) Collect(ctx context.Context) error {
	c.collecting.Lock()
	defer c.collecting.Unlock()
	b := newBatch()
	for _, s := range c.asked() {
		s.Drain(b)
	}
	c.take(b)
	if len(c.pending) == 0 {
		return nil
	}
	rows := make([]Row, 0, len(c.pending))
	for k, n := range c.pending {
		rows = append(rows, Row{k.Key, startOf(k.span), *n})
	}
	err := c.store.Add(ctx, rows)
	if err == nil {
		clear(c.pending)
	}
	if failing := err != nil; failing != c.failing && ctx.Err() == nil {
		c.failing = failing
		c.problem(err)
	}
	return err
}

// take adds a batch to what waits.
func (c *Collector) take(b *Batch) {
	for k, n := range b.rows {
		k = c.bounds.admit(k)
		have := c.pending[k]
		if have == nil {
			if len(c.pending) >= maxPending {
				continue
			}
			have = new(Counts)
			c.pending[k] = have
		}
		have.Merge(n)
	}
	c.ringing.Lock()
	defer c.ringing.Unlock()
	for h, list := range b.requests {
		c.rings.add(h, list)
	}
}

func startOf(span int64) time.Time { return time.Unix(span*int64(Width/time.Second), 0).UTC() }

// Run collects and compacts until ctx ends, and collects a last time then.
func (c *Collector) Run(ctx context.Context) {
	tick, compact := time.NewTicker(collectEvery), time.NewTicker(compactEvery)
	defer tick.Stop()
	defer compact.Stop()
	c.compact(ctx)
	for {
		select {
		case <-tick.C:
			_ = c.Collect(ctx) // problem was told
		case <-compact.C:
			c.compact(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), collectEvery)
			defer cancel()
			_ = c.Collect(last)
			return
		}
	}
}

func (c *Collector) compact(ctx context.Context) {
	if err := c.store.Compact(ctx, c.now(), c.keep); err != nil && ctx.Err() == nil {
		c.problem(err)
	}
}

// Sums answers a query with everything that was recorded before it was asked. Few run at a time; others wait as long as their context does.
func (c *Collector) Sums(ctx context.Context, q Query) ([]Group, error) {
	select {
	case c.reports <- struct{}{}:
		defer func() { <-c.reports }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	_ = c.Collect(ctx) // problem was told; what is stored can be told of still
	q.Service = strings.ToLower(q.Service)
	return c.store.Sums(ctx, q)
}

// Recent returns the latest single calls of the homes that are asked for, newest first.
func (c *Collector) Recent(ctx context.Context, service string, workspace func(string) bool) []Request {
	_ = c.Collect(ctx) // problem was told; single calls are not stored
	service = strings.ToLower(service)
	c.ringing.Lock()
	defer c.ringing.Unlock()
	var out []Request
	for h, list := range c.rings.homes {
		if h.Service == service && workspace(h.Workspace) {
			out = append(out, list...)
		}
	}
	newestFirst(out)
	return out
}

// Forget drops what is known of a home that is gone.
func (c *Collector) Forget(ctx context.Context, h Home) error {
	h.Service = strings.ToLower(h.Service)
	err := c.Collect(ctx)
	c.ringing.Lock()
	c.rings.forget(h)
	c.ringing.Unlock()
	if err != nil {
		return err
	}
	return c.store.Forget(ctx, h)
}

// Settle forgets every home that is not there.
func (c *Collector) Settle(ctx context.Context, there func(Home) bool) error {
	homes, err := c.store.Homes(ctx)
	for _, h := range homes {
		if err == nil && !there(h) {
			err = c.store.Forget(ctx, h)
		}
	}
	return err
}
