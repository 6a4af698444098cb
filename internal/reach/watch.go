package reach

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	fresh    = 10 * time.Second // how long a result is told again
	patience = 3 * time.Second  // how long a test may take
)

// Probe is one thing to reach.
type Probe struct {
	Name     string // "smtp.example.org:587"
	Type     string // "Database", "Mail", "Cache", "Gateway"
	Optional bool   // the installation serves without it
	// Test reaches it. It ends when its context does, and its error is fit to be read by who manages a service: no secrets.
	Test func(ctx context.Context) error
}

// State is what is known of a probe.
type State struct {
	Probe
	Fault   error     // nil when it was reached
	Updated time.Time // it was last tested
	Changed time.Time // it was first seen reached, or not, without a change since
}

// Watch tests probes. It is safe for use by many goroutines.
type Watch struct {
	now    func() time.Time
	mu     sync.Mutex
	states []State
	tested time.Time
}

// NewWatch makes a watch over probes, none of them tested yet.
func NewWatch(now func() time.Time, probes ...Probe) *Watch {
	w := &Watch{now: now}
	for _, p := range probes {
		w.states = append(w.states, State{Probe: p})
	}
	return w
}

// States tests every probe, all at once, unless that was done a moment ago. Who asks while a test runs waits for its result. Tests don't end with the caller
// who happened to begin them.
func (w *Watch) States(ctx context.Context) []State {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now := w.now(); w.tested.IsZero() || now.Sub(w.tested) >= fresh {
		w.test(context.WithoutCancel(ctx))
	}
	return append([]State(nil), w.states...)
}

func (w *Watch) test(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	faults := make([]error, len(w.states))
	var wg sync.WaitGroup
	for i := range w.states {
		wg.Go(func() {
			err := w.states[i].Test(ctx)
			if err != nil && ctx.Err() != nil {
				err = errors.New("no answer within " + patience.String())
			}
			faults[i] = err
		})
	}
	wg.Wait()
	now := w.now().UTC()
	for i := range w.states {
		s := &w.states[i]
		if s.Changed.IsZero() || (s.Fault == nil) != (faults[i] == nil) {
			s.Changed = now
		}
		s.Fault, s.Updated = faults[i], now
	}
	w.tested = now
}
