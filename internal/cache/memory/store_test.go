package memory_test

import (
	"context"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/cache/cachetest"
	"github.com/atelier-apim/atelier/internal/cache/memory"
)

func TestStoreKeepsTheContract(t *testing.T) {
	t.Parallel()
	cachetest.Run(t, func(t *testing.T, now func() time.Time) cache.Store {
		s, err := memory.New(now, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestStoreForgetsWhatWasNotAskedForTheLongest(t *testing.T) {
	t.Parallel()
	s, err := memory.New(time.Now, 3000)
	if err != nil {
		t.Fatal(err)
	}
	ctx, kilo := context.Background(), make([]byte, 1000)
	key := func(n string) cache.Key { return cache.Key{Name: n} }
	put := func(n string) {
		if err := s.Set(ctx, key(n), kilo, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	has := func(n string) bool { _, ok, _ := s.Get(ctx, key(n)); return ok }
	put("a")
	put("b")
	has("a")
	put("c")
	if !has("a") || has("b") || !has("c") {
		t.Errorf("a %v, b %v, c %v; want b gone", has("a"), has("b"), has("c"))
	}
	if err := s.Set(ctx, key("a"), make([]byte, 4000), time.Hour); err != nil || has("a") {
		t.Errorf("a value beyond the limit: kept %v, error %v; want it forgotten without error", has("a"), err)
	}
}
