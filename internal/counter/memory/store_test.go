package memory_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/counter"
	"github.com/atelier-apim/atelier/internal/counter/countertest"
	"github.com/atelier-apim/atelier/internal/counter/memory"
)

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	countertest.Run(t, func(t *testing.T, now func() time.Time) counter.Store {
		s, err := memory.New(now)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestStoreKeepsTheContractOfLedgers(t *testing.T) {
	t.Parallel()
	countertest.RunLedger(t, func(t *testing.T, now func() time.Time) countertest.Managed {
		s, err := memory.New(now)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestStoreNeedsAClock(t *testing.T) {
	t.Parallel()
	if _, err := memory.New(nil); err == nil {
		t.Error("a store without a clock was made")
	}
}

// A workspace that counts more names than the store holds loses counters of its own; its neighbours keep theirs, and their limits.
func TestFloodTakesFromTheFlooder(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := memory.New(func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	hit := func(workspace, name string) counter.Result {
		r, err := s.Hit(context.Background(), counter.Key{Workspace: workspace, Space: "rate-limit", Name: name}, 1, counter.Window{Length: time.Hour}, 1)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	const neighbours = 200
	for i := range neighbours {
		hit("quiet", strconv.Itoa(i))
	}
	hit("loud", "first")
	for i := range memory.MaxCounters + memory.MaxCounters/4 {
		hit("loud", strconv.Itoa(i))
	}
	for i := range neighbours {
		if r := hit("quiet", strconv.Itoa(i)); r.Allowed {
			t.Fatalf("counter %d of the quiet workspace was forgotten: %+v", i, r)
		}
	}
	if r := hit("quiet", "new"); !r.Allowed {
		t.Errorf("a new counter of the quiet workspace: %+v; want room for it", r)
	}
}

func BenchmarkHit(b *testing.B) {
	s, err := memory.New(time.Now)
	if err != nil {
		b.Fatal(err)
	}
	names := make([]string, 1000)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if _, err := s.Hit(context.Background(), counter.Key{Workspace: "w", Space: "rate-limit", Name: names[i%1000]}, 1000, counter.Window{Length: time.Minute}, 1); err != nil {
			b.Fatal(err)
		}
	}
}
