package memory

import (
	"math"
	"time"
)

// exactEntries is how many hits a sliding window remembers one by one; beyond, hits of one slot (1/64 of the window) are kept together.
const exactEntries = 64

// hit is a number of hits at one time: the latest of them, so that none is forgotten too early.
type hit struct {
	at   int64 // nanoseconds of the store's clock
	slot int64
	n    int64
}

// sliding is a window that reaches back from now.
type sliding struct {
	hits []hit
	head int // first that still counts
	used int64
}

// forget drops what is a whole window or more ago.
func (s *sliding) forget(now int64, length time.Duration) {
	for s.head < len(s.hits) && now-s.hits[s.head].at >= int64(length) {
		s.used -= s.hits[s.head].n
		s.head++
	}
	switch {
	case s.head == len(s.hits):
		s.hits, s.head = s.hits[:0], 0
	case s.head >= exactEntries:
		s.hits = s.hits[:copy(s.hits, s.hits[s.head:])]
		s.head = 0
	}
}

func (s *sliding) add(now int64, length time.Duration, n int64) {
	s.used = saturate(s.used, n)
	slot := now / max(int64(length)/exactEntries, 1)
	if last := len(s.hits) - 1; last >= s.head {
		h := &s.hits[last]
		if h.at == now || len(s.hits)-s.head >= exactEntries && h.slot == slot {
			h.at, h.slot, h.n = now, slot, saturate(h.n, n)
			return
		}
	}
	s.hits = append(s.hits, hit{now, slot, n})
}

// wait is the time until a hit of one fits under the limit.
func (s *sliding) wait(now int64, length time.Duration, limit int64) time.Duration {
	used := s.used
	if used < limit {
		return 0
	}
	for _, h := range s.hits[s.head:] {
		if used -= h.n; used < limit {
			return time.Duration(h.at + int64(length) - now)
		}
	}
	return length
}

// expires is when the counter holds nothing any more.
func (s *sliding) expires(length time.Duration) int64 {
	if len(s.hits) == 0 {
		return 0
	}
	return s.hits[len(s.hits)-1].at + int64(length)
}

// saturate adds without wrapping around.
func saturate(a, b int64) int64 {
	const most = math.MaxInt64
	if b > most-a {
		return most
	}
	return a + b
}
