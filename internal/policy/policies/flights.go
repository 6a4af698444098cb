package policies

import (
	"sync"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/policy"
)

// flights are the values that requests compute at the moment, so that one computes a value for all that want it.
type flights struct {
	mu      sync.Mutex
	open    map[cache.Key]chan struct{} // closed when it has ended
	holders map[*policy.Exchange]int    // how many of them a request has begun
}

func newFlights() *flights {
	return &flights{open: map[cache.Key]chan struct{}{}, holders: map[*policy.Exchange]int{}}
}

// begin takes the computation of a value; done ends it. When somebody else is at it, done is nil and others is closed when they have ended. A request
// that is computing a value itself waits for nobody, others is nil then: two that wait for each other would wait for ever.
func (f *flights) begin(x *policy.Exchange, k cache.Key) (done func(), others <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ended := f.open[k]; ended != nil {
		if f.holders[x] > 0 {
			return nil, nil
		}
		return nil, ended
	}
	ended := make(chan struct{})
	f.open[k] = ended
	f.holders[x]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.open, k)
		if f.holders[x]--; f.holders[x] == 0 {
			delete(f.holders, x)
		}
		close(ended)
	}, nil
}
