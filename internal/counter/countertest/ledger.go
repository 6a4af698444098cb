package countertest

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
)

// Managed is a store whose aligned counters can be read and set.
type Managed interface {
	counter.Store
	counter.Ledger
}

// RunLedger runs the suite of counter.Ledger.
func RunLedger(t *testing.T, open func(t *testing.T, now func() time.Time) Managed) {
	t.Helper()
	for _, c := range []struct {
		promise string
		test    func(*ledgerBench)
	}{
		{"a counter that nobody asked has no period, however often it is looked up", (*ledgerBench).unknown},
		{"a period tells its number, its bounds and what it holds", (*ledgerBench).told},
		{"a period that is over is not told any more", (*ledgerBench).over},
		{"a window without end tells no end", (*ledgerBench).endless},
		{"a window before the first ends where that begins", (*ledgerBench).early},
		{"what is set decides the next hit", (*ledgerBench).set},
		{"what can't be set is refused, and nothing is made", (*ledgerBench).refused},
		{"setting a counter leaves its neighbours alone", (*ledgerBench).neighbours},
		{"sliding windows are no periods", (*ledgerBench).slides},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			b := &ledgerBench{t: t}
			b.at.Store(time.Date(2026, 3, 1, 12, 20, 0, 0, time.UTC).UnixNano())
			b.managed = open(t, b.now)
			b.store = b.managed
			c.test(b)
		})
	}
}

type ledgerBench struct {
	bench
	t       *testing.T
	managed Managed
}

var (
	hourly = counter.Window{Length: time.Hour, Aligned: true, Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	noon   = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func (b *ledgerBench) current(k counter.Key) (counter.Period, bool) {
	b.t.Helper()
	p, ok, err := b.managed.Current(context.Background(), k)
	if err != nil {
		b.t.Fatalf("Current: %v", err)
	}
	return p, ok
}

func (b *ledgerBench) make(k counter.Key, used int64) (counter.Period, bool) {
	b.t.Helper()
	p, ok, err := b.managed.Set(context.Background(), k, used)
	if err != nil {
		b.t.Fatalf("Set: %v", err)
	}
	return p, ok
}

func (b *ledgerBench) unknown() {
	for range 2 {
		if p, ok := b.current(key("never")); ok {
			b.t.Errorf("got %+v, want nothing", p)
		}
	}
}

func (b *ledgerBench) told() {
	b.hit(b.t, key("a"), 10, hourly, 3)
	want := counter.Period{Number: 13, Length: time.Hour, Start: noon, End: noon.Add(time.Hour), Used: 3}
	if p, ok := b.current(key("a")); !ok || p != want {
		b.t.Errorf("got %+v, %t, want %+v", p, ok, want)
	}
}

func (b *ledgerBench) over() {
	b.hit(b.t, key("a"), 10, hourly, 1)
	b.pass(40*time.Minute - 1)
	if _, ok := b.current(key("a")); !ok {
		b.t.Error("the period ended too early")
	}
	b.pass(1)
	if p, ok := b.current(key("a")); ok {
		b.t.Errorf("the next hour shows %+v", p)
	}
	if p, ok := b.make(key("a"), 5); ok {
		b.t.Errorf("a period that is over was set: %+v", p)
	}
}

func (b *ledgerBench) endless() {
	b.hit(b.t, key("a"), 10, counter.Window{Aligned: true, Start: noon}, 2)
	b.pass(1000 * time.Hour)
	if p, ok := b.current(key("a")); !ok || p != (counter.Period{Start: noon, Used: 2}) {
		b.t.Errorf("got %+v, %t", p, ok)
	}
}

func (b *ledgerBench) early() {
	w := counter.Window{Length: time.Hour, Aligned: true, Start: noon.Add(24 * time.Hour)}
	b.hit(b.t, key("a"), 10, w, 1)
	if p, ok := b.current(key("a")); !ok || p != (counter.Period{Length: time.Hour, End: w.Start, Used: 1}) {
		b.t.Errorf("got %+v, %t", p, ok)
	}
}

func (b *ledgerBench) set() {
	b.hit(b.t, key("a"), 3, hourly, 3)
	if p, ok := b.make(key("a"), 2); !ok || p.Used != 2 || !p.Start.Equal(noon) {
		b.t.Errorf("set: %+v, %t", p, ok)
	}
	b.want(b.t, b.hit(b.t, key("a"), 3, hourly, 1), counter.Result{Allowed: true, Used: 3, RetryAfter: 40 * time.Minute})
	b.make(key("a"), 7)
	b.want(b.t, b.hit(b.t, key("a"), 3, hourly, 1), counter.Result{Used: 7, RetryAfter: 40 * time.Minute})
}

func (b *ledgerBench) refused() {
	b.hit(b.t, key("a"), 3, hourly, 1)
	if _, _, err := b.managed.Set(context.Background(), key("a"), -1); err == nil {
		b.t.Error("a negative count was set")
	}
	if p, ok := b.make(key("never"), 5); ok {
		b.t.Errorf("a counter that nobody asked was set: %+v", p)
	}
	if p, ok := b.current(key("never")); ok {
		b.t.Errorf("setting made a counter: %+v", p)
	}
	if p, _ := b.current(key("a")); p.Used != 1 {
		b.t.Errorf("a refused set changed the counter: %+v", p)
	}
}

func (b *ledgerBench) neighbours() {
	keys := []counter.Key{{Space: "s", Name: "a"}, {Workspace: "w", Space: "s", Name: "a"}, {Workspace: "s", Name: "a"}, {Space: "s", Place: "a"}, {Workspace: "ws", Name: "a"}}
	for i, k := range keys {
		b.hit(b.t, k, 100, hourly, int64(i+1))
	}
	b.make(keys[0], 50)
	for i, k := range keys[1:] {
		if p, ok := b.current(k); !ok || p.Used != int64(i+2) {
			b.t.Errorf("%+v holds %s, want %d", k, strconv.FormatInt(p.Used, 10), i+2)
		}
	}
}

func (b *ledgerBench) slides() {
	b.hit(b.t, key("a"), 3, sliding(time.Minute), 1)
	if p, ok := b.current(key("a")); ok {
		b.t.Errorf("got %+v", p)
	}
}
