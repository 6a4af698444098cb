package usage

import (
	"runtime"
	"sync"
	"time"
)

// Width is how much time is added up at first.
const Width = 5 * time.Minute

// Bounds of a meter between two drains.
const (
	maxTallies = 4096 // keys of one lane; beyond, calls are added up under a coarser key
	maxRecent  = 512  // single calls of one home; beyond, later ones take the place of earlier ones
)

// Naming tells a meter what the keys of its host mean. Name and Home are called while nothing waits.
type Naming[K comparable] struct {
	// Name is what a key is called in reports.
	Name func(K) Key
	// Home is what single calls are kept apart by, so that no team pushes out those of another. The result is comparable.
	Home func(K) any
	// Coarse is the key with less detail that takes the calls of a key that there is no room for.
	Coarse func(K) K
}

// Meter adds up the calls of one gateway. K is whatever the gateway finds cheap to compare. It is safe for use by many goroutines.
type Meter[K comparable] struct {
	naming Naming[K]
	lanes  []lane[K]
	recent int // single calls of one home that a lane keeps
}

// lane is a part of the meter under one lock. Which lane a call takes is of no meaning.
type lane[K comparable] struct {
	mu    sync.Mutex
	live  *book[K]
	spare *book[K]  // empty
	last  time.Time // when the latest call began
	_     [64]byte  // lanes lie on cache lines of their own
}

// slot is a key in one span of time.
type slot[K comparable] struct {
	key  K
	span int64 // of Width, since 1970
}

// tally is what a slot has come to.
type tally[K comparable] struct {
	counts Counts
	recent *recent[K]
}

// recent are the latest calls of one home.
type recent[K comparable] struct {
	calls []single[K]
	next  int
}

type single[K comparable] struct {
	key  K
	call Call
}

// book is what a lane has written down since the last drain.
type book[K comparable] struct {
	tallies map[slot[K]]*tally[K]
	recents map[any]*recent[K]
	unused  []*tally[K]
	old     []*recent[K] // unused, with room
}

func newBook[K comparable]() *book[K] {
	return &book[K]{tallies: make(map[slot[K]]*tally[K]), recents: make(map[any]*recent[K])}
}

// NewMeter makes an empty meter.
func NewMeter[K comparable](n Naming[K]) *Meter[K] {
	lanes := 2
	for lanes < 2*runtime.GOMAXPROCS(0) && lanes < 32 {
		lanes *= 2
	}
	m := &Meter[K]{naming: n, lanes: make([]lane[K], lanes), recent: maxRecent / lanes}
	for i := range m.lanes {
		m.lanes[i].live, m.lanes[i].spare = newBook[K](), newBook[K]()
	}
	return m
}

// Record adds a call. any is anything: calls with different values rarely wait for each other. It keeps nothing of c but its strings.
func (m *Meter[K]) Record(key K, any uint8, c *Call) {
	l := &m.lanes[int(any)&(len(m.lanes)-1)]
	l.mu.Lock()
	b := l.live
	at := slot[K]{key, c.At.Unix() / int64(Width/time.Second)}
	t := b.tallies[at]
	if t == nil {
		t = b.open(&m.naming, at)
	}
	t.counts.add(c)
	t.recent.add(key, c, m.recent)
	l.last = c.At
	l.mu.Unlock()
}

// Last is when the latest call began; zero before the first.
func (m *Meter[K]) Last() (at time.Time) {
	for i := range m.lanes {
		l := &m.lanes[i]
		l.mu.Lock()
		if l.last.After(at) {
			at = l.last
		}
		l.mu.Unlock()
	}
	return at
}

// open finds the tally for a slot that has none yet.
func (b *book[K]) open(n *Naming[K], at slot[K]) *tally[K] {
	if len(b.tallies) >= maxTallies {
		at.key = n.Coarse(at.key)
		if t := b.tallies[at]; t != nil {
			return t
		}
		if len(b.tallies) >= 2*maxTallies {
			var none K
			at.key = none
			if t := b.tallies[at]; t != nil {
				return t
			}
		}
	}
	t := b.tally()
	b.tallies[at] = t
	home := n.Home(at.key)
	if t.recent = b.recents[home]; t.recent == nil {
		t.recent = b.ring()
		b.recents[home] = t.recent
	}
	return t
}

func (b *book[K]) tally() *tally[K] {
	if n := len(b.unused); n > 0 {
		t := b.unused[n-1]
		b.unused = b.unused[:n-1]
		return t
	}
	return new(tally[K])
}

func (b *book[K]) ring() *recent[K] {
	if n := len(b.old); n > 0 {
		r := b.old[n-1]
		b.old = b.old[:n-1]
		return r
	}
	return new(recent[K])
}

func (r *recent[K]) add(key K, c *Call, most int) {
	if len(r.calls) < most {
		r.calls = append(r.calls, single[K]{key, *c})
		return
	}
	r.calls[r.next] = single[K]{key, *c}
	r.next = (r.next + 1) % most
}

// Drain implements Source: it empties the meter into a batch. One goroutine at a time drains.
func (m *Meter[K]) Drain(into *Batch) {
	names := make(map[K]*Key)
	name := func(k K) *Key {
		if names[k] == nil {
			named := m.naming.Name(k)
			names[k] = &named
		}
		return names[k]
	}
	for i := range m.lanes {
		l := &m.lanes[i]
		l.mu.Lock()
		full := l.live
		l.live, l.spare = l.spare, nil
		l.mu.Unlock()
		for at, t := range full.tallies {
			into.add(name(at.key), at.span, &t.counts)
		}
		for _, r := range full.recents {
			for j := range r.calls {
				into.saw(name(r.calls[j].key), &r.calls[j].call)
			}
		}
		full.empty()
		l.mu.Lock()
		l.spare = full
		l.mu.Unlock()
	}
}

// Bounds of what an empty book keeps for the next calls.
const (
	keepTallies = 512
	keepRecents = 16
)

// empty makes the book new and keeps some room.
func (b *book[K]) empty() {
	for _, t := range b.tallies {
		if len(b.unused) < keepTallies {
			*t = tally[K]{}
			b.unused = append(b.unused, t)
		}
	}
	for _, r := range b.recents {
		if len(b.old) < keepRecents {
			clear(r.calls)
			r.calls, r.next = r.calls[:0], 0
			b.old = append(b.old, r)
		}
	}
	if len(b.tallies) > keepTallies {
		b.tallies = make(map[slot[K]]*tally[K])
	}
	clear(b.tallies)
	clear(b.recents)
}
