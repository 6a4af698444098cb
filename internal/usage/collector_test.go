package usage_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/usage"
	"github.com/atelier-apim/atelier/internal/usage/sqlite"
)

type caller struct{ workspace, api, subscription string }

func newMeter() *usage.Meter[caller] {
	return usage.NewMeter(usage.Naming[caller]{
		Name: func(c caller) usage.Key {
			return usage.Key{Service: "/s", Workspace: c.workspace, API: c.api, Subscription: c.subscription}
		},
		Home:   func(c caller) any { return c.workspace },
		Coarse: func(c caller) caller { return caller{c.workspace, c.api, ""} },
	})
}

func openStore(t *testing.T) usage.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "usage.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func everything() usage.Query {
	return usage.Query{Service: "/S", Workspace: func(string) bool { return true }, From: start.AddDate(-1, 0, 0), To: start.AddDate(1, 0, 0), Limit: 100_000}
}

func sumOf(t *testing.T, c *usage.Collector, q usage.Query) (calls int64, groups int) {
	t.Helper()
	got, err := c.Sums(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range got {
		calls += g.Sum()
	}
	return calls, len(got)
}

// TestAReportHoldsWhatEndedBeforeIt: nobody waits for the next write.
func TestAReportHoldsWhatEndedBeforeIt(t *testing.T) {
	t.Parallel()
	c, m := usage.NewCollector(usage.Options{Store: openStore(t)}), newMeter()
	detach := c.Attach(m)
	m.Record(caller{"w", "a", ""}, 0, &usage.Call{At: start, Status: 200})
	if n, _ := sumOf(t, c, everything()); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
	detach()
	m.Record(caller{"w", "a", ""}, 0, &usage.Call{At: start, Status: 200}) // was in flight when its gateway ended
	if n, _ := sumOf(t, c, everything()); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	if got := c.Recent(context.Background(), "/S", func(w string) bool { return w == "w" }); len(got) != 2 {
		t.Errorf("%d single calls, want 2", len(got))
	}
	if got := c.Recent(context.Background(), "/s", func(w string) bool { return w != "w" }); len(got) != 0 {
		t.Errorf("another home sees %d single calls", len(got))
	}
}

// TestAFloodOfCallersInAWorkspaceIsBounded: 100,000 of them leave a bounded number of rows, no call is lost, and neighbours keep their detail.
func TestAFloodOfCallersInAWorkspaceIsBounded(t *testing.T) {
	t.Parallel()
	c, m := usage.NewCollector(usage.Options{Store: openStore(t)}), newMeter()
	c.Attach(m)
	const flood = 100_000
	for i := range flood {
		m.Record(caller{"loud", "a", fmt.Sprint(i)}, uint8(i), &usage.Call{At: start, Status: 200})
		if i%10_000 == 0 {
			if err := c.Collect(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 50 {
		m.Record(caller{"quiet", "b", fmt.Sprint(i)}, uint8(i), &usage.Call{At: start, Status: 200})
	}
	q := everything()
	q.By = []usage.Field{usage.Subscription}
	q.Workspace = func(w string) bool { return w == "loud" }
	if calls, groups := sumOf(t, c, q); calls != flood || groups > 6_000 {
		t.Errorf("the flood: %d calls in %d rows", calls, groups)
	}
	q.Workspace = func(w string) bool { return w == "quiet" }
	if calls, groups := sumOf(t, c, q); calls != 50 || groups != 50 {
		t.Errorf("the neighbour: %d calls in %d rows, want 50 in 50", calls, groups)
	}
}

// faulty fails to add while it is told to.
type faulty struct {
	usage.Store
	fault error
}

func (f *faulty) Add(ctx context.Context, rows []usage.Row) error {
	if f.fault != nil {
		return f.fault
	}
	return f.Store.Add(ctx, rows)
}

// TestAFullDiskLosesNothingWhileTheProcessLives: the operator is told once, and again when it is over.
func TestAFullDiskLosesNothingWhileTheProcessLives(t *testing.T) {
	t.Parallel()
	store := &faulty{Store: openStore(t), fault: errors.New("disk full")}
	var told []error
	c, m := usage.NewCollector(usage.Options{Store: store, Problem: func(err error) { told = append(told, err) }}), newMeter()
	c.Attach(m)
	for range 3 {
		m.Record(caller{"w", "a", ""}, 0, &usage.Call{At: start, Status: 200})
		if n, _ := sumOf(t, c, everything()); n != 0 {
			t.Errorf("%d calls are stored", n)
		}
	}
	store.fault = nil
	if n, _ := sumOf(t, c, everything()); n != 3 {
		t.Errorf("%d calls after the fault, want 3", n)
	}
	if len(told) != 2 || told[0] == nil || told[1] != nil {
		t.Errorf("the operator was told %v", told)
	}
}

// TestAForgottenHomeTellsNothing, not even of what was not written yet.
func TestAForgottenHomeTellsNothing(t *testing.T) {
	t.Parallel()
	c, m := usage.NewCollector(usage.Options{Store: openStore(t)}), newMeter()
	c.Attach(m)
	for _, w := range []string{"gone", "stays"} {
		m.Record(caller{w, "a", ""}, 0, &usage.Call{At: start, Status: 200})
	}
	if err := c.Forget(context.Background(), usage.Home{Service: "/S", Workspace: "gone"}); err != nil {
		t.Fatal(err)
	}
	q := everything()
	q.Workspace = func(w string) bool { return w == "gone" }
	if n, _ := sumOf(t, c, q); n != 0 || len(c.Recent(context.Background(), "/s", q.Workspace)) != 0 {
		t.Errorf("%d calls, %d single ones are told", n, len(c.Recent(context.Background(), "/s", q.Workspace)))
	}
	if err := c.Settle(context.Background(), func(usage.Home) bool { return false }); err != nil {
		t.Fatal(err)
	}
	if n, _ := sumOf(t, c, everything()); n != 0 {
		t.Errorf("%d calls of homes that are not there", n)
	}
}

// TestTheLastCallsAreWrittenWhenTheProcessEnds: a graceful end loses nothing.
func TestTheLastCallsAreWrittenWhenTheProcessEnds(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	c, m := usage.NewCollector(usage.Options{Store: store}), newMeter()
	c.Attach(m)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { c.Run(ctx); close(ended) }()
	m.Record(caller{"w", "a", ""}, 0, &usage.Call{At: start, Status: 200})
	cancel()
	<-ended
	q := everything()
	q.Service = "/s"
	if got, err := store.Sums(context.Background(), q); err != nil || len(got) != 1 || got[0].Sum() != 1 {
		t.Errorf("stored: %+v, %v", got, err)
	}
}
