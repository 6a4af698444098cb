package control

import "time"

// crew runs work on goroutines of its own and keeps each for a while after its work: the way through the store needs a deep stack, which a new goroutine
// would grow step by step, copying all of it each time.
type crew chan func()

// crewIdle is how long a goroutine waits for more work.
const crewIdle = 10 * time.Second

// do runs f on a goroutine that waits, or on a new one. It doesn't wait for f.
func (c crew) do(f func()) {
	select {
	case c <- f:
	default:
		go c.member(f)
	}
}

func (c crew) member(f func()) {
	idle := time.NewTimer(crewIdle)
	defer idle.Stop()
	for {
		f()
		idle.Reset(crewIdle)
		select {
		case f = <-c:
		case <-idle.C:
			return
		}
	}
}
