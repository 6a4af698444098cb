package portal

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxEnded bounds how many ended sessions are remembered.
const maxEnded = 100_000

// ended are the sessions that people ended by signing out, each until its token would have ended by itself: a copy of the cookie is of no use after
// that. They are known to this process alone; to end sessions everywhere, set a new password.
type ended struct {
	mu    sync.Mutex
	until map[[sha256.Size]byte]time.Time
}

// add ends the session of a token.
func (e *ended) add(text string, until, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.until) >= maxEnded {
		e.forget(now)
	}
	e.until[sha256.Sum256([]byte(text))] = until
}

// has says whether the session of a token has been ended.
func (e *ended) has(text string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, ok := e.until[sha256.Sum256([]byte(text))]
	return ok
}

// forget makes place: of the tokens that have ended by themselves, else of the one that does so first.
func (e *ended) forget(now time.Time) {
	var first [sha256.Size]byte
	var at time.Time
	for k, until := range e.until {
		if !until.After(now) {
			delete(e.until, k)
			continue
		}
		if at.IsZero() || until.Before(at) {
			first, at = k, until
		}
	}
	if len(e.until) >= maxEnded {
		delete(e.until, first)
	}
}
