package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/store"
)

// Bench measures durable updates from 16 clients (a row of a kilobyte with two claims and a reference each, as an API has), and pages of
// 100 rows, on 1,000 and on 100,000 rows.
func Bench(b *testing.B, open Open) {
	for _, rows := range []int{1_000, 100_000} {
		s := open(b, b.TempDir())
		fill(b, s, rows)
		b.Run(fmt.Sprintf("updates/clients=%d/rows=%d", writers, rows), func(b *testing.B) { benchUpdates(b, s, rows) })
		b.Run(fmt.Sprintf("new/clients=%d/rows=%d", writers, rows), func(b *testing.B) { benchNew(b, s, rows) })
		b.Run(fmt.Sprintf("page=100/rows=%d", rows), func(b *testing.B) { benchPages(b, s, rows) })
		b.Run(fmt.Sprintf("get/rows=%d", rows), func(b *testing.B) { benchGet(b, s, rows) })
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

var kilobyte = fmt.Appendf(nil, `{"properties":{"displayName":"Echo","path":"echo","description":%q}}`, fmt.Sprintf("%0900d", 0))

func bulky(i int) store.Write { return named(fmt.Sprintf("a%06d", i)) }

// between is a row whose key follows that of bulky(i).
func between(i, n int) store.Write { return named(fmt.Sprintf("a%06d-%d", i, n)) }

func named(name string) store.Write {
	return store.Write{
		Row:    store.Row{ID: api(name), Kind: "Microsoft.ApiManagement/service/apis", Body: kilobyte, ETag: "e", Created: noon, Modified: noon},
		Claims: []store.Claim{{Space: "contoso|apis|path", Value: name, Field: "properties.path"}, {Space: "contoso|apis|name", Value: name}},
		Refs:   []store.Ref{{To: service.Child("apiVersionSets", "v1"), Field: "properties.apiVersionSetId"}},
	}
}

func fill(b *testing.B, s store.Store, n int) {
	b.Helper()
	for at := 0; at < n; at += 1000 {
		update(b, s, func(x store.Tx) error {
			for i := at; i < at+1000; i++ {
				if err := x.Put(bulky(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func benchUpdates(b *testing.B, s store.Store, rows int) {
	// Neighbouring numbers would lie on one page: spread them.
	benchWrites(b, s, func(i int) store.Write { return bulky(i * 7919 % rows) })
}

// benchNew writes rows that are not there yet, between those that are: the last ones of their kind, each with a name of its own.
func benchNew(b *testing.B, s store.Store, rows int) {
	benchWrites(b, s, func(int) store.Write {
		n := int(added.Add(1))
		return between(n*7919%rows, n)
	})
}

var added atomic.Int64

func benchWrites(b *testing.B, s store.Store, write func(i int) store.Write) {
	var next atomic.Int64
	took := make([][]time.Duration, writers)
	b.ResetTimer()
	start := time.Now()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				begin := time.Now()
				_, err := s.Update(context.Background(), actor, func(x store.Tx) error { return x.Put(write(int(i))) })
				if err != nil {
					b.Error(err)
					return
				}
				took[w] = append(took[w], time.Since(begin))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "updates/s")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

func benchPages(b *testing.B, s store.Store, rows int) {
	at := 0
	for b.Loop() {
		at = (at + 7919) % rows
		view(b, s, func(r store.Reader) {
			_, err := r.List(store.Query{Parent: service, Kind: "Microsoft.ApiManagement/service/apis", AfterKey: bulky(at).Row.ID.Key(), Limit: 100})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

func benchGet(b *testing.B, s store.Store, rows int) {
	at := 0
	for b.Loop() {
		at = (at + 7919) % rows
		view(b, s, func(r store.Reader) {
			if _, err := r.Get(bulky(at).Row.ID); err != nil {
				b.Fatal(err)
			}
		})
	}
}
