package gateway

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// poolOf makes a pool of members "0", "1", … with these weights; the circuits of open ones let no call out.
func poolOf(weights []int, open ...int) *pool {
	var list []snapshot.Member
	backends, circuits := map[string]*policy.Backend{}, map[string]*circuit{}
	for i, w := range weights {
		name := fmt.Sprint(i)
		list = append(list, snapshot.Member{Name: name, Weight: w})
		backends[name] = &policy.Backend{ID: name}
		circuits[name] = &circuit{rule: &snapshot.Breaker{}, now: time.Now}
	}
	for _, i := range open {
		circuits[fmt.Sprint(i)].until.Store(time.Now().Add(time.Hour).UnixNano())
	}
	return newPool(list, new(atomic.Uint64), func(name string) (*policy.Backend, *circuit) { return backends[name], circuits[name] })
}

// Over a round each member gets exactly its weight, also of what members with open circuits leave to the others, and no member waits for its share until
// the others have had theirs.
func TestARoundOfAPoolIsExactAndSpread(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		weights, open []int
		want          []int
	}{
		{[]int{0, 0, 0}, nil, []int{1, 1, 1}},
		{[]int{100, 100, 100, 100}, []int{1}, []int{1, 0, 1, 1}},
		{[]int{60, 40}, nil, []int{3, 2}},
		{[]int{100, 50, 7}, nil, []int{100, 50, 7}},
		{[]int{100, 50, 7}, []int{0}, []int{0, 50, 7}},
		{[]int{1, 2, 0, 3}, []int{3}, []int{1, 2, 0, 0}},
		{[]int{100, 1}, nil, []int{100, 1}},
	} {
		p := poolOf(c.weights, c.open...)
		round := 0
		for _, n := range c.want {
			round += n
		}
		got, since, longest := make([]int, len(c.weights)), make([]int, len(c.weights)), make([]int, len(c.weights))
		for n := range 2 * round {
			b, _, _ := p.pick(nil)
			var at int
			_, _ = fmt.Sscan(b.ID, &at)
			got[at]++
			longest[at] = max(longest[at], n-since[at])
			since[at] = n
		}
		for i := range got {
			if got[i] != 2*c.want[i] {
				t.Errorf("weights %v, open %v: two rounds give %v, want twice %v", c.weights, c.open, got, c.want)
				break
			}
			if c.want[i] > 0 && longest[i] > 3*round/c.want[i]+1 {
				t.Errorf("weights %v, open %v: member %d waits %d calls", c.weights, c.open, i, longest[i])
			}
		}
	}
}

// Choosing a member allocates nothing, with and without an open circuit.
func TestChoosingAMemberAllocatesNothing(t *testing.T) { // alone: allocations of others would count
	for _, p := range []*pool{poolOf([]int{3, 2, 1}), poolOf([]int{3, 2, 1}, 0)} {
		pooled := &policy.Backend{Pool: true, Own: &entity{pool: p}}
		var g Gateway
		var tried tries
		if n := testing.AllocsPerRun(100, func() {
			tried = tries{}
			if _, err := g.choose(pooled, &tried); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}

func BenchmarkPool(b *testing.B) {
	for name, p := range map[string]*pool{"closed": poolOf([]int{3, 2, 1}), "one open": poolOf([]int{3, 2, 1}, 0)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.pick(nil)
			}
		})
	}
}
