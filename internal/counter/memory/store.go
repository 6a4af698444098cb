package memory

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
)

// MaxCounters is the most counters that a store holds. Names may come from callers, so their number is bounded: beyond it, counters that
// have run out go first, then some of the workspace that holds most, so that no workspace can flood away the counters of its neighbours.
const MaxCounters = 1 << 20

const shards = 64

// spare is the room that a full shard makes at once, so that the next counters find some without a walk through all.
const spare = MaxCounters / shards / 64

// Store is a counter.Store in memory.
type Store struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shards]shard
}

// shard is a part of the counters under one lock.
type shard struct {
	sync.Mutex
	workspaces map[string]counters
	held       int // counters of all workspaces
	nextSweep  int64
}

// counters are those of one workspace.
type counters map[counter.Key]*one

// one is the counter of a key. A key is used with one kind of window; the other stays empty.
type one struct {
	sliding sliding
	aligned aligned
	expires int64 // clock time after which it holds nothing; 0 for never
}

// New makes an empty store that reads the time from now.
func New(now func() time.Time) (*Store, error) {
	if now == nil {
		return nil, fmt.Errorf("memory counters: no clock")
	}
	s := &Store{now: now, seed: maphash.MakeSeed()}
	for i := range s.shards {
		s.shards[i].workspaces = make(map[string]counters)
	}
	return s, nil
}

// Hit implements counter.Store.
func (s *Store) Hit(_ context.Context, key counter.Key, limit int64, w counter.Window, n int64) (counter.Result, error) {
	if n < 1 {
		return counter.Result{}, fmt.Errorf("hit of %d: at least 1 is needed", n)
	}
	return s.ask(key, limit, w, n, true)
}

// Peek implements counter.Store.
func (s *Store) Peek(_ context.Context, key counter.Key, limit int64, w counter.Window) (counter.Result, error) {
	return s.ask(key, limit, w, 1, false)
}

// Add implements counter.Store.
func (s *Store) Add(_ context.Context, key counter.Key, w counter.Window, n int64) error {
	if n < 0 {
		return fmt.Errorf("add of %d: counters don't count back", n)
	}
	if err := check(w); err != nil || n == 0 {
		return err
	}
	now := s.now()
	sh := s.lock(key)
	defer sh.Unlock()
	c := sh.get(key, now.UnixNano())
	c.roll(now, w)
	c.count(now, w, n)
	return nil
}

func (s *Store) ask(key counter.Key, limit int64, w counter.Window, n int64, count bool) (counter.Result, error) {
	if err := check(w); err != nil {
		return counter.Result{}, err
	}
	now := s.now()
	sh := s.lock(key)
	defer sh.Unlock()
	c := sh.get(key, now.UnixNano())
	left := c.roll(now, w)
	r := counter.Result{Allowed: n <= limit-c.used(w)}
	if r.Allowed && count {
		c.count(now, w, n)
	}
	r.Used = c.used(w)
	r.Remaining = max(limit-r.Used, 0)
	if r.Used >= limit {
		r.RetryAfter = left
		if !w.Aligned {
			r.RetryAfter = c.sliding.wait(now.UnixNano(), w.Length, limit)
		}
	}
	return r, nil
}

func check(w counter.Window) error {
	if w.Length < 0 || w.Length == 0 && !w.Aligned {
		return fmt.Errorf("window of %s: it must be longer than 0; only an aligned window may have no end", w.Length)
	}
	return nil
}

// lock locks the shard of a key.
func (s *Store) lock(key counter.Key) *shard {
	sh := &s.shards[maphash.Comparable(s.seed, key)%shards]
	sh.Lock()
	return sh
}

// get finds or makes the counter of a key.
func (sh *shard) get(key counter.Key, now int64) *one {
	c := sh.workspaces[key.Workspace][key]
	if c == nil {
		sh.sweep(now)
		own := sh.workspaces[key.Workspace]
		if own == nil {
			own = make(counters)
			sh.workspaces[key.Workspace] = own
		}
		c = &one{expires: now + int64(time.Minute)}
		own[key] = c
		sh.held++
	}
	return c
}

// sweep forgets counters that have run out once a minute of the clock, and makes room when the shard is full.
func (sh *shard) sweep(now int64) {
	full := sh.held >= MaxCounters/shards
	if now < sh.nextSweep && !full {
		return
	}
	sh.nextSweep = now + int64(time.Minute)
	for workspace, own := range sh.workspaces {
		for k, c := range own {
			if c.expires != 0 && c.expires <= now {
				sh.drop(workspace, k)
			}
		}
	}
	for full && sh.held > MaxCounters/shards-spare {
		sh.evict()
	}
}

// evict makes room among the counters of the workspace that holds most. It takes at most half of them: then another may hold most.
func (sh *shard) evict() {
	most := ""
	for workspace, own := range sh.workspaces {
		if len(own) > len(sh.workspaces[most]) {
			most = workspace
		}
	}
	rest := len(sh.workspaces[most]) / 2
	for k := range sh.workspaces[most] {
		if len(sh.workspaces[most]) <= rest || sh.held <= MaxCounters/shards-spare {
			return
		}
		sh.drop(most, k)
	}
}

// drop forgets a counter, and the workspace with its last.
func (sh *shard) drop(workspace string, k counter.Key) {
	own := sh.workspaces[workspace]
	delete(own, k)
	sh.held--
	if len(own) == 0 {
		delete(sh.workspaces, workspace)
	}
}

// roll moves the counter to the window that holds now and returns how long that lasts when it is aligned.
func (c *one) roll(now time.Time, w counter.Window) (left time.Duration) {
	if !w.Aligned {
		c.sliding.forget(now.UnixNano(), w.Length)
		return 0
	}
	window, left := position(now, w)
	if !c.aligned.begun || c.aligned.window != window || c.aligned.length != w.Length {
		c.aligned = aligned{window: window, length: w.Length, begun: true}
	}
	c.aligned.start = w.Start
	return left
}

func (c *one) used(w counter.Window) int64 {
	if w.Aligned {
		return c.aligned.used
	}
	return c.sliding.used
}

func (c *one) count(now time.Time, w counter.Window, n int64) {
	if !w.Aligned {
		c.sliding.add(now.UnixNano(), w.Length, n)
		c.expires = max(c.expires, c.sliding.expires(w.Length))
		return
	}
	c.aligned.used = saturate(c.aligned.used, n)
	if _, left := position(now, w); left < 0 {
		c.expires = 0
	} else if c.expires != 0 {
		c.expires = max(c.expires, now.UnixNano()+int64(left))
	}
}

var _ counter.Store = (*Store)(nil)
