package countertest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
)

// Open makes an empty store that reads the time from now.
type Open func(t *testing.T, now func() time.Time) counter.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	t.Helper()
	for _, c := range []struct {
		promise string
		test    func(*testing.T, *bench)
	}{
		{"a sliding window forgives each hit exactly one window later", slidingForgives},
		{"a refused hit counts nothing", refusedCountsNothing},
		{"a hit of several is all or nothing", allOrNothing},
		{"peek answers like a hit and counts nothing", peekCountsNothing},
		{"add counts beyond the limit", addBeyondLimit},
		{"aligned windows begin anew at their boundary, whatever the time of the first hit", alignedBoundary},
		{"aligned windows may begin in year 1", alignedSinceYearOne},
		{"a window without end never forgives and says so", endless},
		{"no choice of names reaches the counter of another workspace, space, place or name", isolation},
		{"a large limit is never exceeded in any window", neverExceeded},
		{"as many concurrent hits pass as the limit says", concurrent},
		{"windows without a length and hits of nothing are errors", badInput},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			b := &bench{}
			b.at.Store(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano())
			b.store = open(t, b.now)
			c.test(t, b)
		})
	}
}

// bench is a store and the clock it reads.
type bench struct {
	store counter.Store
	at    atomic.Int64
}

func (b *bench) now() time.Time              { return time.Unix(0, b.at.Load()).UTC() }
func (b *bench) pass(d time.Duration)        { b.at.Add(int64(d)) }
func (b *bench) set(t time.Time)             { b.at.Store(t.UnixNano()) }
func key(name string) counter.Key            { return counter.Key{Workspace: "w", Space: "s", Name: name} }
func sliding(d time.Duration) counter.Window { return counter.Window{Length: d} }

func (b *bench) hit(t *testing.T, k counter.Key, limit int64, w counter.Window, n int64) counter.Result {
	t.Helper()
	r, err := b.store.Hit(context.Background(), k, limit, w, n)
	if err != nil {
		t.Fatalf("Hit: %v", err)
	}
	return r
}

func (b *bench) want(t *testing.T, got counter.Result, want counter.Result) {
	t.Helper()
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func slidingForgives(t *testing.T, b *bench) {
	w := sliding(time.Minute)
	b.want(t, b.hit(t, key("a"), 2, w, 1), counter.Result{Allowed: true, Used: 1, Remaining: 1})
	b.pass(20 * time.Second)
	b.want(t, b.hit(t, key("a"), 2, w, 1), counter.Result{Allowed: true, Used: 2, RetryAfter: 40 * time.Second})
	b.want(t, b.hit(t, key("a"), 2, w, 1), counter.Result{Used: 2, RetryAfter: 40 * time.Second})
	b.pass(40*time.Second - 1)
	b.want(t, b.hit(t, key("a"), 2, w, 1), counter.Result{Used: 2, RetryAfter: 1})
	b.pass(1)
	b.want(t, b.hit(t, key("a"), 2, w, 1), counter.Result{Allowed: true, Used: 2, RetryAfter: 20 * time.Second})
}

func refusedCountsNothing(t *testing.T, b *bench) {
	w := sliding(time.Minute)
	b.hit(t, key("a"), 1, w, 1)
	for range 5 {
		b.pass(time.Second)
		b.hit(t, key("a"), 1, w, 1)
	}
	b.pass(55 * time.Second)
	if r := b.hit(t, key("a"), 1, w, 1); !r.Allowed {
		t.Errorf("refused hits were counted: %+v", r)
	}
}

func allOrNothing(t *testing.T, b *bench) {
	w := sliding(time.Minute)
	b.want(t, b.hit(t, key("a"), 5, w, 4), counter.Result{Allowed: true, Used: 4, Remaining: 1})
	b.want(t, b.hit(t, key("a"), 5, w, 2), counter.Result{Used: 4, Remaining: 1})
	b.want(t, b.hit(t, key("a"), 5, w, 1), counter.Result{Allowed: true, Used: 5, RetryAfter: time.Minute})
}

func peekCountsNothing(t *testing.T, b *bench) {
	for range 3 {
		r, err := b.store.Peek(context.Background(), key("a"), 1, sliding(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		b.want(t, r, counter.Result{Allowed: true, Remaining: 1})
	}
	b.hit(t, key("a"), 1, sliding(time.Minute), 1)
	r, err := b.store.Peek(context.Background(), key("a"), 1, sliding(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	b.want(t, r, counter.Result{Used: 1, RetryAfter: time.Minute})
}

func addBeyondLimit(t *testing.T, b *bench) {
	for _, w := range []counter.Window{sliding(time.Hour), {Length: time.Hour, Aligned: true}} {
		k := key(map[bool]string{true: "aligned", false: "sliding"}[w.Aligned])
		if err := b.store.Add(context.Background(), k, w, 7); err != nil {
			t.Fatal(err)
		}
		b.want(t, b.hit(t, k, 5, w, 1), counter.Result{Used: 7, RetryAfter: time.Hour})
	}
}

func alignedBoundary(t *testing.T, b *bench) {
	w := counter.Window{Length: 300 * time.Second, Aligned: true, Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	b.pass(290 * time.Second)
	b.want(t, b.hit(t, key("a"), 1, w, 1), counter.Result{Allowed: true, Used: 1, RetryAfter: 10 * time.Second})
	b.pass(9 * time.Second)
	b.want(t, b.hit(t, key("a"), 1, w, 1), counter.Result{Used: 1, RetryAfter: time.Second})
	b.pass(time.Second)
	b.want(t, b.hit(t, key("a"), 1, w, 1), counter.Result{Allowed: true, Used: 1, RetryAfter: 300 * time.Second})
}

func alignedSinceYearOne(t *testing.T, b *bench) {
	b.set(time.Date(2026, 3, 1, 12, 0, 30, 0, time.UTC))
	w := counter.Window{Length: time.Minute, Aligned: true}
	b.want(t, b.hit(t, key("a"), 1, w, 1), counter.Result{Allowed: true, Used: 1, RetryAfter: 30 * time.Second})
	b.pass(30 * time.Second)
	if r := b.hit(t, key("a"), 1, w, 1); !r.Allowed {
		t.Errorf("the next minute was refused: %+v", r)
	}
}

func endless(t *testing.T, b *bench) {
	w := counter.Window{Aligned: true}
	b.hit(t, key("a"), 1, w, 1)
	b.pass(100 * 365 * 24 * time.Hour)
	if r := b.hit(t, key("a"), 1, w, 1); r.Allowed || r.RetryAfter >= 0 {
		t.Errorf("got %+v, want a refusal with a negative RetryAfter", r)
	}
}

func isolation(t *testing.T, b *bench) {
	keys := []counter.Key{
		{Workspace: "a", Space: "b", Name: "c"},
		{Workspace: "ab", Name: "c"},
		{Workspace: "a", Space: "bc"},
		{Space: "ab", Name: "c"},
		{Name: "abc"},
		{Workspace: "abc"},
		{Place: "abc"},
		{Workspace: "a", Place: "b", Name: "c"},
		{Space: "abc"},
	}
	for _, k := range keys {
		if r := b.hit(t, k, 1, sliding(time.Minute), 1); !r.Allowed {
			t.Errorf("%+v shares a counter", k)
		}
	}
}

func neverExceeded(t *testing.T, b *bench) {
	const limit, length = 500, 10 * time.Second
	var allowed []int64
	for i := range 6000 {
		b.pass(time.Duration(1+i%9) * time.Millisecond)
		if r := b.hit(t, key("a"), limit, sliding(length), 1); r.Allowed {
			allowed = append(allowed, b.at.Load())
		}
	}
	first := 0
	for i, at := range allowed {
		for at-allowed[first] >= int64(length) {
			first++
		}
		if n := i - first + 1; n > limit {
			t.Fatalf("%d hits within one window, limit %d", n, limit)
		}
	}
	if len(allowed) < 2*limit {
		t.Errorf("only %d hits were allowed in three windows of %d", len(allowed), limit)
	}
}

func concurrent(t *testing.T, b *bench) {
	var passed atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				r, err := b.store.Hit(context.Background(), key("a"), 100, sliding(time.Minute), 1)
				if err == nil && r.Allowed {
					passed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if passed.Load() != 100 {
		t.Errorf("%d hits passed, want 100", passed.Load())
	}
}

func badInput(t *testing.T, b *bench) {
	ctx := context.Background()
	if _, err := b.store.Hit(ctx, key("a"), 1, counter.Window{}, 1); err == nil {
		t.Error("a sliding window of length 0 was accepted")
	}
	if _, err := b.store.Hit(ctx, key("a"), 1, sliding(time.Minute), 0); err == nil {
		t.Error("a hit of 0 was accepted")
	}
	if err := b.store.Add(ctx, key("a"), sliding(time.Minute), -1); err == nil {
		t.Error("counting back was accepted")
	}
}
