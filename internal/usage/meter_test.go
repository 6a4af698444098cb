package usage

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// place is a key as a host of a meter might have it.
type place struct{ workspace, api, caller string }

func placeMeter() *Meter[place] {
	return NewMeter(Naming[place]{
		Name: func(p place) Key {
			return Key{Service: "/s", Workspace: p.workspace, API: p.api, Subscription: p.caller}
		},
		Home:   func(p place) any { return p.workspace },
		Coarse: func(p place) place { return place{workspace: p.workspace, api: p.api} },
	})
}

func drain(m *Meter[place]) *Batch {
	b := newBatch()
	m.Drain(b)
	return b
}

func callAt(at time.Time, status int) *Call {
	return &Call{At: at, Status: status, Total: 3 * time.Millisecond, In: 2, Out: 5, Method: http.MethodGet}
}

// TestAStatusIsOneOfFourOutcomes: as the reference of reports says.
func TestAStatusIsOneOfFourOutcomes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want   int
		status []int
	}{
		{success, []int{200, 204, 301, 304, 307}},
		{blocked, []int{401, 403, 429}},
		{failed, []int{400, 500, 502, 599}},
		{other, []int{302, 308, 404, 405, 499, 600}},
	} {
		for _, s := range c.status {
			if got := outcome(s); got != c.want {
				t.Errorf("%d is %d, want %d", s, got, c.want)
			}
		}
	}
}

// TestNoCallIsLostOrCountedTwice: whatever records and drains run beside each other.
func TestNoCallIsLostOrCountedTwice(t *testing.T) {
	t.Parallel()
	const callers, each = 8, 5000
	m, total := placeMeter(), newBatch()
	done := make(chan struct{})
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for j := range each {
				m.Record(place{"w", fmt.Sprint(j % 7), fmt.Sprint(i)}, uint8(j), callAt(noon, 200+j%2*204))
			}
		})
	}
	go func() { wg.Wait(); close(done) }()
	for ended := false; !ended; {
		select {
		case <-done:
			ended = true
		default:
		}
		m.Drain(total)
	}
	var sum Counts
	for _, n := range total.rows {
		sum.Merge(n)
	}
	if sum.Calls != [4]int64{callers * each / 2, 0, 0, callers * each / 2} || sum.Bytes != 7*callers*each || sum.Total.Number != callers*each {
		t.Errorf("got %+v", sum)
	}
	if len(total.rows) != 7*callers {
		t.Errorf("%d rows, want one for each key", len(total.rows))
	}
	if again := drain(m); len(again.rows) != 0 || len(again.requests) != 0 {
		t.Errorf("a drained meter tells %d rows", len(again.rows))
	}
}

// TestACallCountsWhereItBegan: not where it is drained.
func TestACallCountsWhereItBegan(t *testing.T) {
	t.Parallel()
	m := placeMeter()
	m.Record(place{}, 0, callAt(noon.Add(-time.Second), 200))
	m.Record(place{}, 0, callAt(noon, 200))
	var got []time.Time
	for k := range drain(m).rows {
		got = append(got, startOf(k.span))
	}
	if len(got) != 2 || !(got[0].Equal(noon) && got[1].Equal(noon.Add(-Width)) || got[1].Equal(noon) && got[0].Equal(noon.Add(-Width))) {
		t.Errorf("got %v", got)
	}
}

// TestAFloodOfKeysIsAddedUpCoarsely: memory stays bounded, and every call is still counted under its API.
func TestAFloodOfKeysIsAddedUpCoarsely(t *testing.T) {
	t.Parallel()
	m := placeMeter()
	calls := 3 * maxTallies * len(m.lanes)
	for i := range calls {
		m.Record(place{"w", "a", fmt.Sprint(i)}, uint8(i), callAt(noon, 200))
	}
	for i := range m.lanes {
		if n := len(m.lanes[i].live.tallies); n > 2*maxTallies+1 {
			t.Errorf("a lane holds %d keys", n)
		}
	}
	var sum, coarse int64
	for k, n := range drain(m).rows {
		sum += n.Sum()
		if k.API == "a" && k.Subscription == "" {
			coarse += n.Sum()
		}
	}
	if sum != int64(calls) || coarse != int64(calls-maxTallies*len(m.lanes)) {
		t.Errorf("%d calls, %d of them without a caller; want %d and %d", sum, coarse, calls, calls-maxTallies*len(m.lanes))
	}
}

// TestSingleCallsOfANeighbourStay: however many another workspace has.
func TestSingleCallsOfANeighbourStay(t *testing.T) {
	t.Parallel()
	m := placeMeter()
	m.Record(place{workspace: "quiet"}, 0, callAt(noon, 200))
	for i := range 10 * maxRecent {
		m.Record(place{workspace: "loud"}, uint8(i), callAt(noon, 200))
	}
	b := drain(m)
	if quiet, loud := len(b.requests[Home{"/s", "quiet"}]), len(b.requests[Home{"/s", "loud"}]); quiet != 1 || loud != maxRecent {
		t.Errorf("%d of the quiet and %d of the loud workspace, want 1 and %d", quiet, loud, maxRecent)
	}
	var r rings
	for i := range 2 * maxOfAll / maxOfHome {
		r.add(Home{"/s", fmt.Sprint(i % 3)}, make([]Request, maxOfHome))
		r.add(Home{"/s", fmt.Sprint("w", i)}, make([]Request, maxOfHome))
	}
	r.add(Home{"/s", "quiet"}, b.requests[Home{"/s", "quiet"}])
	held := 0
	for _, list := range r.homes {
		held += len(list)
	}
	if held != r.held || held > maxOfAll || len(r.homes[Home{"/s", "quiet"}]) != 1 {
		t.Errorf("%d are held, %d counted, the quiet workspace has %d", held, r.held, len(r.homes[Home{"/s", "quiet"}]))
	}
}

// TestATargetIsBounded: what callers send as host and path takes no more room than there is.
func TestATargetIsBounded(t *testing.T) {
	t.Parallel()
	var target Target
	target.Set("contoso.localhost", "/orders/7")
	if got := target.String(); got != "contoso.localhost/orders/7" {
		t.Errorf("got %q", got)
	}
	long := string(make([]byte, 10000))
	target.Set(long, long)
	if got := target.String(); len(got) > 256 {
		t.Errorf("%d bytes are kept", len(got))
	}
	target.Set(long, "/p")
	if got := target.String(); got[len(got)-5:] != "/p…" {
		t.Errorf("the path is lost behind a long host: %q", got)
	}
}

// TestRecordingAllocatesNothing in the steady state.
func TestRecordingAllocatesNothing(t *testing.T) {
	m := placeMeter()
	p, c, i := place{"w", "a", "s"}, callAt(noon, 200), uint8(0)
	if n := testing.AllocsPerRun(20000, func() { i++; m.Record(p, i, c) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

func BenchmarkRecord(b *testing.B) {
	type key struct{ a, b, c, d *int }
	m := NewMeter(Naming[key]{Name: func(key) Key { return Key{Service: "/s"} }, Home: func(k key) any { return k.a }, Coarse: func(k key) key { return k }})
	keys := make([]key, 100)
	for i := range keys {
		keys[i] = key{new(int), new(int), new(int), new(int)}
		keys[i].a = keys[0].a
	}
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		c := callAt(noon, 200)
		for i := 0; p.Next(); i++ {
			m.Record(keys[i%len(keys)], uint8(i*37), c)
		}
	})
}
