package portal

import (
	"crypto/sha256"
	"strings"
	"sync"
	"time"
)

// Limits of what people may try, by what they are counted by.
const (
	signInBurst = 8 // wrong passwords for one e-mail address from one place: whoever knows the address can't lock its owner out …
	signInEvery = time.Minute
	guessBurst  = 60 // … and from everywhere
	guessEvery  = 10 * time.Second
	guestBurst  = 30 // calls that guests of one address try out …
	guestEvery  = 2 * time.Second
)

// maxThrottled bounds how many keys are remembered.
const maxThrottled = 10_000

// throttle lets each key do something a number of times at once, and once more whenever a period has passed. It remembers a bounded number of
// keys; when there are more, the one that is nearest to being free is forgotten, so that a flood of keys does not free one that is throttled.
type throttle struct {
	burst int
	every time.Duration
	now   func() time.Time

	mu   sync.Mutex
	free map[[sha256.Size]byte]time.Time // when all of the key's tries are there again
}

func newThrottle(burst int, every time.Duration, now func() time.Time) *throttle {
	return &throttle{burst: burst, every: every, now: now, free: map[[sha256.Size]byte]time.Time{}}
}

func throttleKey(key string) [sha256.Size]byte { return sha256.Sum256([]byte(strings.ToLower(key))) }

// take uses one try of the key, or says how long to wait for the next.
func (t *throttle) take(key string) (wait time.Duration, ok bool) {
	k, now := throttleKey(key), t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	free := t.free[k]
	if free.Before(now) {
		free = now
	}
	free = free.Add(t.every)
	if wait := free.Sub(now) - time.Duration(t.burst)*t.every; wait > 0 {
		return wait, false
	}
	if _, known := t.free[k]; !known && len(t.free) >= maxThrottled {
		t.forgetOne(now)
	}
	t.free[k] = free
	return 0, true
}

// giveBack makes a try undone.
func (t *throttle) giveBack(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if free, known := t.free[throttleKey(key)]; known {
		t.free[throttleKey(key)] = free.Add(-t.every)
	}
}

// reset gives the key all of its tries back.
func (t *throttle) reset(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.free, throttleKey(key))
}

// forgetOne makes place: for the keys that are free again, else for the one that is so first.
func (t *throttle) forgetOne(now time.Time) {
	var first [sha256.Size]byte
	var at time.Time
	for k, free := range t.free {
		if !free.After(now) {
			delete(t.free, k)
			continue
		}
		if at.IsZero() || free.Before(at) {
			first, at = k, free
		}
	}
	if len(t.free) >= maxThrottled {
		delete(t.free, first)
	}
}
