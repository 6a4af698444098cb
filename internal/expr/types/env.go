package types

import (
	"math/rand/v2"
	"time"
)

// Limits bound one evaluation.
type Limits struct {
	Steps int64         // operations, roughly one per node and per library item
	Bytes int64         // memory handed out, counted when allocated, never given back
	Depth int           // nested calls
	Wall  time.Duration // elapsed time
}

// DefaultLimits are those of a gateway.
var DefaultLimits = Limits{Steps: 10_000_000, Bytes: 64 << 20, Depth: 200, Wall: 5 * time.Second}

// Env is what an evaluation may know of the world, and its budget. One Env
// serves one evaluation at a time; Begin fills the budget again.
type Env struct {
	Clock   func() time.Time // nil: time.Now
	Random  rand.Source      // nil: a source seeded by the runtime
	Library *Library         // set by the evaluator
	Host    any              // for the room that declares the context object
	Limits  Limits           // of one evaluation; zero: DefaultLimits
	Total   *Limits          // what is left for all evaluations together, depth aside; nil: no bound but that of each
	Pool    *Pool            // shared with other evaluations; nil: the limits alone count

	allowed      Limits // of this evaluation: its own, within what is left of all
	steps, bytes int64
	granted      int64 // bytes that may be spent before the pool is asked
	taken        int64 // of the pool
	seated       bool  // has a seat of the pool
	depth        int
	deadline     time.Time
	ticks        int64
	looks        int
}

const (
	pulse     = 4096 // steps between two looks at the clock
	longLooks = 64   // looks after which an evaluation takes a seat: some milliseconds
)

// Begin starts an evaluation with a full budget.
func (e *Env) Begin() {
	if e.Limits == (Limits{}) {
		e.Limits = DefaultLimits
	}
	e.allowed = e.Limits
	if t := e.Total; t != nil {
		e.allowed.Steps, e.allowed.Bytes, e.allowed.Wall = min(e.Limits.Steps, t.Steps), min(e.Limits.Bytes, t.Bytes), min(e.Limits.Wall, t.Wall)
	}
	e.steps, e.bytes, e.depth = e.allowed.Steps, e.allowed.Bytes, 0
	e.deadline, e.ticks, e.looks = time.Time{}, pulse, 0
	e.granted = freeBytes
}

// End ends an evaluation: it gives back what was taken of the pool, and what was spent is no longer left of the total.
func (e *Env) End() {
	if t := e.Total; t != nil {
		t.Steps -= e.allowed.Steps - max(e.steps, 0)
		t.Bytes -= e.allowed.Bytes - max(e.bytes, 0)
		if !e.deadline.IsZero() {
			t.Wall = max(0, t.Wall-e.allowed.Wall+time.Until(e.deadline))
		}
	}
	if e.taken > 0 {
		e.Pool.Give(e.taken)
		e.taken = 0
	}
	if e.seated {
		e.Pool.Rise()
		e.seated = false
	}
}

// spent is the error of a budget that ran out; of is what this evaluation was allowed of it, and full what one may have.
func spent[N int64 | time.Duration](what string, of, full N) error {
	if of < full {
		what += " that one request has"
	}
	return &Limit{what}
}

// Now is the current instant, in UTC.
func (e *Env) Now() time.Time {
	if e.Clock != nil {
		return e.Clock().UTC()
	}
	return time.Now().UTC()
}

// Uint64 gives random bits.
func (e *Env) Uint64() uint64 {
	if e.Random != nil {
		return e.Random.Uint64()
	}
	return rand.Uint64()
}

// Step spends n steps; the error is a *Limit.
func (e *Env) Step(n int64) error {
	if e.steps -= n; e.steps < 0 {
		return spent("steps", e.allowed.Steps, e.Limits.Steps)
	}
	if e.ticks -= n; e.ticks < 0 {
		return e.look()
	}
	return nil
}

// look compares the wall clock with the deadline. The clock starts at the first
// look, so that short expressions never read it.
func (e *Env) look() error {
	e.ticks = pulse
	if e.Remaining() <= 0 {
		return spent("time", e.allowed.Wall, e.Limits.Wall)
	}
	if e.looks++; e.looks < longLooks {
		return nil
	}
	return e.Sit()
}

// Charge spends n bytes of memory; call it before allocating what an argument
// sized. The error is a *Limit.
func (e *Env) Charge(n int) error {
	if n < 0 {
		n = 0
	}
	if e.bytes -= int64(n); e.bytes < 0 {
		return spent("memory", e.allowed.Bytes, e.Limits.Bytes)
	}
	if e.allowed.Bytes-e.bytes > e.granted {
		return e.grow()
	}
	return nil
}

// Enter spends a level of depth, which Leave gives back.
func (e *Env) Enter() error {
	if e.depth++; e.depth > e.Limits.Depth {
		return &Limit{"depth"}
	}
	return nil
}

// Leave gives back what Enter took.
func (e *Env) Leave() { e.depth-- }

// Remaining is the time left, for library code that waits on its own clock
// (the regular expression engine).
func (e *Env) Remaining() time.Duration {
	if e.deadline.IsZero() {
		e.deadline = time.Now().Add(e.allowed.Wall)
	}
	return time.Until(e.deadline)
}

// Mark notes the depth, for Reset after an exception unwound calls.
func (e *Env) Mark() int { return e.depth }

// Reset goes back to a marked depth.
func (e *Env) Reset(mark int) { e.depth = mark }
