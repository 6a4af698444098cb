package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/atelier-apim/atelier/internal/store"
)

const writers = 16

// together runs f in n goroutines and waits for them.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func concurrentWriters(t *testing.T, s store.Store) {
	const each = 25
	seen := make([]atomic.Int32, writers*each+1)
	together(writers, func(i int) {
		for k := range each {
			fail := k%5 == 4
			v, err := s.Update(context.Background(), actor, func(x store.Tx) error {
				if err := x.Put(store.Write{Row: row(api(fmt.Sprintf("w%d-%d", i, k)), `{}`)}); err != nil {
					return err
				}
				if fail {
					return errors.New("changed my mind")
				}
				return nil
			})
			if (err != nil) != fail {
				t.Errorf("writer %d, update %d: %v", i, k, err)
			}
			if err == nil {
				seen[v].Add(1)
			}
		}
	})
	const want = writers * each * 4 / 5
	for v := 1; v <= want; v++ {
		if n := seen[v].Load(); n != 1 {
			t.Errorf("version %d was answered %d times", v, n)
		}
	}
	if got := len(names(t, s, store.Query{Parent: service})); got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
	if got := whole(t, s); got != want {
		t.Errorf("%d entries, want %d", got, want)
	}
}

func rivals(t *testing.T, s store.Store) {
	for round := range 10 {
		var won atomic.Int32
		together(writers, func(i int) {
			_, err := s.Update(context.Background(), actor, func(x store.Tx) error {
				return x.Put(store.Write{
					Row:    row(api(fmt.Sprintf("r%d-%d", round, i)), `{}`),
					Claims: []store.Claim{{Space: "path", Value: fmt.Sprint(round)}},
				})
			})
			var taken *store.ClaimError
			switch {
			case err == nil:
				won.Add(1)
			case !errors.As(err, &taken):
				t.Errorf("rival %d: %v", i, err)
			}
		})
		if won.Load() != 1 {
			t.Errorf("round %d: %d winners", round, won.Load())
		}
	}
}

// readersBesideWriters keeps two rows equal in every commit; no view may see them differ.
func readersBesideWriters(t *testing.T, s store.Store) {
	both := func(n int) {
		body := fmt.Sprintf(`{"n":%d}`, n)
		put(t, s, store.Write{Row: row(api("a"), body)}, store.Write{Row: row(api("b"), body)})
	}
	both(0)
	var stop atomic.Bool
	var looked atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for !stop.Load() {
				view(t, s, func(r store.Reader) {
					a, errA := r.Get(api("a"))
					b, errB := r.Get(api("b"))
					if errA != nil || errB != nil || string(a.Body) != string(b.Body) {
						t.Errorf("a %s (%v), b %s (%v)", a.Body, errA, b.Body, errB)
						stop.Store(true)
					}
				})
				looked.Add(1)
			}
		})
	}
	for n := 1; n < 200 || looked.Load() < 50; n++ {
		both(n)
	}
	stop.Store(true)
	wg.Wait()
}

// viewsFollow reads the log inside of many views at once, as an index does that must be current before a view's decision.
func viewsFollow(t *testing.T, s store.Store) {
	putRows(t, s, api("a"))
	together(8*writers, func(int) {
		view(t, s, func(store.Reader) {
			if list, err := s.Changes(t.Context(), 0, 0); err != nil || len(list) != 1 {
				t.Errorf("%d changes, %v", len(list), err)
			}
		})
	})
}
