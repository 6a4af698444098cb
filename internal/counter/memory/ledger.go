package memory

import (
	"context"
	"fmt"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
)

var _ counter.Ledger = (*Store)(nil)

// Current implements counter.Ledger. It makes no counter: asking for names that nobody counts costs no memory.
func (s *Store) Current(_ context.Context, key counter.Key) (counter.Period, bool, error) {
	now := s.now()
	sh := s.lock(key)
	defer sh.Unlock()
	p, ok := sh.current(key, now)
	return p, ok, nil
}

// Set implements counter.Ledger.
func (s *Store) Set(_ context.Context, key counter.Key, used int64) (counter.Period, bool, error) {
	if used < 0 {
		return counter.Period{}, false, fmt.Errorf("set of %d: a counter holds at least 0", used)
	}
	now := s.now()
	sh := s.lock(key)
	defer sh.Unlock()
	p, ok := sh.current(key, now)
	if ok {
		sh.workspaces[key.Workspace][key].aligned.used, p.Used = used, used
	}
	return p, ok, nil
}

// current is the window of a counter, while it lasts.
func (sh *shard) current(key counter.Key, now time.Time) (counter.Period, bool) {
	c := sh.workspaces[key.Workspace][key]
	if c == nil || !c.aligned.begun {
		return counter.Period{}, false
	}
	w := counter.Window{Length: c.aligned.length, Aligned: true, Start: c.aligned.start}
	number, left := position(now, w)
	if number != c.aligned.window {
		return counter.Period{}, false
	}
	p := counter.Period{Number: number, Length: w.Length, Used: c.aligned.used}
	switch {
	case w.Length == 0:
		p.Start = w.Start.UTC()
	case number == 0:
		p.End = w.Start.UTC()
	default:
		p.End = now.Add(left).UTC()
		p.Start = p.End.Add(-w.Length)
	}
	return p, true
}
