package authn

import (
	"strings"
	"sync"
	"time"
)

// Bounds of the brake on guessing passwords. A name is never locked for good: whoever knows it could lock its owner out.
const (
	freeFailures = 5
	maxPause     = time.Minute
	maxNames     = 10_000
	forgetAfter  = time.Hour
)

// throttle counts failed sign-ins by name, whether the name exists or not. After five failures each further one doubles the pause in
// which no sign-in under that name is looked at.
type throttle struct {
	now   func() time.Time
	mu    sync.Mutex
	names map[string]failures
}

type failures struct {
	count int
	last  time.Time
	until time.Time
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, names: map[string]failures{}}
}

func throttleKey(name string) string {
	const longest = 256
	return strings.ToLower(name[:min(len(name), longest)])
}

// begin counts an attempt as failed until succeeded is called, so that attempts beside each other count as well. It returns how long to
// wait when the name is paused; that attempt is not counted.
func (t *throttle) begin(name string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, key := t.now(), throttleKey(name)
	f := t.names[key]
	if now.Before(f.until) {
		return f.until.Sub(now)
	}
	if now.Sub(f.last) > forgetAfter {
		f = failures{}
	}
	if f.count++; f.count >= freeFailures {
		f.until = now.Add(min(maxPause, time.Second<<min(f.count-freeFailures, 10)))
	}
	f.last = now
	if _, known := t.names[key]; !known && len(t.names) >= maxNames {
		t.makeRoom(now)
	}
	t.names[key] = f
	return 0
}

func (t *throttle) succeeded(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.names, throttleKey(name))
}

// makeRoom drops what is old enough, or else the name that failed longest ago.
func (t *throttle) makeRoom(now time.Time) {
	oldest, at := "", now
	for name, f := range t.names {
		if now.Sub(f.last) > forgetAfter {
			delete(t.names, name)
		} else if !f.last.After(at) {
			oldest, at = name, f.last
		}
	}
	if len(t.names) >= maxNames {
		delete(t.names, oldest)
	}
}
