package types

import "sync/atomic"

// Pool is memory that evaluations share: each has its own limit, and all of those that run at once may not hold more than the pool has. It is safe for
// concurrent use. What an evaluation took is given back when it ends.
type Pool struct{ left atomic.Int64 }

// NewPool is a pool of so many bytes.
func NewPool(bytes int64) *Pool {
	p := &Pool{}
	p.left.Store(bytes)
	return p
}

// Shares of a pool: an evaluation has the first free, which covers nearly all, and takes more in large pieces.
const (
	freeBytes  = 256 << 10
	pieceBytes = 1 << 20
)

// Take takes n bytes for something else than an evaluation, or nothing and false; Give gives them back.
func (p *Pool) Take(n int64) bool { return p.take(n) }

// Give gives back what Take took.
func (p *Pool) Give(n int64) { p.left.Add(n) }

// take takes n bytes, or nothing and false.
func (p *Pool) take(n int64) bool {
	if p.left.Add(-n) >= 0 {
		return true
	}
	p.left.Add(n)
	return false
}

// grow takes from the pool what the evaluation has spent beyond what it has. Without a pool only its own limit counts.
func (e *Env) grow() error {
	if e.Pool == nil {
		e.granted = e.Limits.Bytes
		return nil
	}
	spent := e.Limits.Bytes - e.bytes
	for e.granted < spent {
		if !e.Pool.take(pieceBytes) {
			return &Limit{"memory that expressions share"}
		}
		e.taken += pieceBytes
		e.granted += pieceBytes
	}
	return nil
}

// End gives back what the evaluation took from the pool.
func (e *Env) End() {
	if e.taken > 0 {
		e.Pool.left.Add(e.taken)
		e.taken = 0
	}
}
