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

func TestStoreNeedsAClock(t *testing.T) {
	t.Parallel()
	if _, err := memory.New(nil); err == nil {
		t.Error("a store without a clock was made")
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
