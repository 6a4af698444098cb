package types

import (
	"sync/atomic"
	"time"
)

// Pool is memory, and seats for long work, that evaluations share: each has its own limits, and all of those that run at once may not hold more than
// the pool has. It is safe for concurrent use. What an evaluation took is given back when it ends.
type Pool struct {
	left  atomic.Int64
	seats chan struct{}
	outer *Pool // that its memory is taken from, too; nil for none
}

// NewPool is a pool of so many bytes, and of so many seats for evaluations that take long. Memory is taken from the outer pool as well, unless that is nil.
func NewPool(bytes int64, seats int, outer *Pool) *Pool {
	p := &Pool{seats: make(chan struct{}, seats), outer: outer}
	p.left.Store(bytes)
	return p
}

// Shares of a pool: an evaluation has the first free, which covers nearly all, and takes more in large pieces.
const (
	freeBytes  = 256 << 10
	pieceBytes = 1 << 20
)

// Take takes n bytes, or nothing and false; Give gives them back.
func (p *Pool) Take(n int64) bool {
	if p.left.Add(-n) < 0 {
		p.left.Add(n)
		return false
	}
	if p.outer != nil && !p.outer.Take(n) {
		p.left.Add(n)
		return false
	}
	return true
}

// Give gives back what Take took.
func (p *Pool) Give(n int64) {
	p.left.Add(n)
	if p.outer != nil {
		p.outer.Give(n)
	}
}

// Sit takes a seat as soon as one is free; false when none was until the given time. Rise gives it back. Who has a seat must not ask for another.
func (p *Pool) Sit(until time.Time) bool {
	select {
	case p.seats <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(time.Until(until))
	defer late.Stop()
	select {
	case p.seats <- struct{}{}:
		return true
	case <-late.C:
		return false
	}
}

// Rise gives back what Sit took.
func (p *Pool) Rise() { <-p.seats }

// grow takes from the pool what the evaluation has spent beyond what it has. Without a pool only its own limit counts.
func (e *Env) grow() error {
	if e.Pool == nil {
		e.granted = e.allowed.Bytes
		return nil
	}
	spent := e.allowed.Bytes - e.bytes
	for e.granted < spent {
		if !e.Pool.Take(pieceBytes) {
			return &Limit{"memory that expressions share"}
		}
		e.taken += pieceBytes
		e.granted += pieceBytes
	}
	return nil
}

// Sit takes a seat for what goes on for long, unless the evaluation has one or has no pool to share. It waits within the evaluation's own time; the
// error is a *Limit.
func (e *Env) Sit() error {
	if e.Pool == nil || e.seated {
		return nil
	}
	e.Remaining() // the clock runs
	if !e.Pool.Sit(e.deadline) {
		return &Limit{"time that expressions share"}
	}
	e.seated = true
	return nil
}
