package control

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever comes at once runs at once, and nobody stays when there is no more work.
func TestWorkNeverWaitsForOtherWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(*testing.T) { // fails when a goroutine is left
		c := make(crew)
		for range 3 {
			const n = 8
			var all sync.WaitGroup
			all.Add(n)
			for range n {
				c.do(func() {
					all.Done()
					all.Wait() // for all others
				})
			}
			all.Wait()
			time.Sleep(crewIdle / 2)
		}
		time.Sleep(2 * crewIdle)
	})
}
