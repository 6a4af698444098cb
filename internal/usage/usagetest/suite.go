package usagetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/atelier-apim/atelier/internal/usage"
)

// Run runs the suite.
func Run(t *testing.T, open func(t *testing.T) usage.Store) {
	t.Helper()
	for _, c := range []struct {
		promise string
		test    func(*bench)
	}{
		{"rows under one key and time add up, with the least and the most of their times", (*bench).addUp},
		{"a query tells apart what it names, and only that", (*bench).grouped},
		{"a query bounds time at both ends, inclusively", (*bench).bounded},
		{"conditions hold all together, whatever the case of letters", (*bench).conditions},
		{"spans of time are joined to the asked width", (*bench).spans},
		{"homes that a query does not name are not counted, nor another service's", (*bench).homes},
		{"more groups than a query may have are an error", (*bench).limit},
		{"values of callers are values, whatever they look like", (*bench).hostile},
		{"a forgotten home tells nothing, and its name begins anew", (*bench).forget},
		{"forgetting a service forgets its workspaces", (*bench).forgetService},
		{"old sums are kept by the hour, then by the day, then not", (*bench).retention},
		{"compaction changes no sum", (*bench).foldsWell},
		{"more rows than may be kept are folded early", (*bench).tooMany},
		{"a cancelled write adds nothing", (*bench).cancelled},
	} {
		t.Run(c.promise, func(t *testing.T) {
			t.Parallel()
			b := &bench{t: t, store: open(t)}
			t.Cleanup(func() {
				if err := b.store.Close(); err != nil {
					t.Error(err)
				}
			})
			c.test(b)
		})
	}
}

type bench struct {
	t     *testing.T
	store usage.Store
}

const service = "/s/contoso"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// row is one successful call of 2 ms that asked a backend for 1 ms, and moved 10 bytes.
func row(at time.Time, k usage.Key) usage.Row {
	if k.Service == "" {
		k.Service = service
	}
	return usage.Row{Key: k, Start: at.Truncate(usage.Width), Counts: usage.Counts{
		Calls: [4]int64{1}, Bytes: 10, Total: usage.Times{Number: 1, Sum: 2000, Min: 2000, Max: 2000}, Backend: usage.Times{Number: 1, Sum: 1000, Min: 1000, Max: 1000},
	}}
}

func (b *bench) add(rows ...usage.Row) {
	b.t.Helper()
	if err := b.store.Add(context.Background(), rows); err != nil {
		b.t.Fatalf("Add: %v", err)
	}
}

// query is everything of the service, ever.
func query() usage.Query {
	return usage.Query{Service: service, Workspace: func(string) bool { return true }, From: noon.AddDate(-10, 0, 0), To: noon.AddDate(10, 0, 0), Limit: 1000}
}

func (b *bench) sums(q usage.Query) []usage.Group {
	b.t.Helper()
	got, err := b.store.Sums(context.Background(), q)
	if err != nil {
		b.t.Fatalf("Sums: %v", err)
	}
	slices.SortFunc(got, func(x, y usage.Group) int {
		return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(fmt.Sprint(x.Key), fmt.Sprint(y.Key)))
	})
	return got
}

// total is how many calls a query finds.
func (b *bench) total(q usage.Query) (n int64) {
	b.t.Helper()
	for _, g := range b.sums(q) {
		n += g.Sum()
	}
	return n
}

func (b *bench) want(what string, got, want int64) {
	b.t.Helper()
	if got != want {
		b.t.Errorf("%s: %d, want %d", what, got, want)
	}
}

func (b *bench) addUp() {
	k := usage.Key{API: "/apis/a"}
	slow, unasked := row(noon, k), row(noon, k)
	slow.Total, slow.Backend = usage.Times{Number: 1, Sum: 9000, Min: 9000, Max: 9000}, usage.Times{}
	slow.Calls, slow.Hits, slow.Misses = [4]int64{0, 1, 2, 3}, 4, 5
	unasked.Total = usage.Times{}
	b.add(slow)
	b.add(row(noon, k), unasked)
	want := usage.Counts{
		Calls: [4]int64{2, 1, 2, 3}, Bytes: 30, Hits: 4, Misses: 5,
		Total: usage.Times{Number: 2, Sum: 11000, Min: 2000, Max: 9000}, Backend: usage.Times{Number: 2, Sum: 2000, Min: 1000, Max: 1000},
	}
	got := b.sums(query())
	if len(got) != 1 || got[0].Counts != want || got[0].Key != (usage.Key{}) {
		b.t.Errorf("got %+v, want one group of %+v", got, want)
	}
}

func (b *bench) grouped() {
	b.add(row(noon, usage.Key{API: "/apis/a", Operation: "x", User: "/users/1"}), row(noon, usage.Key{API: "/apis/a", Operation: "y", User: "/users/2"}),
		row(noon, usage.Key{API: "/apis/b", Operation: "x"}))
	q := query()
	q.By = []usage.Field{usage.API}
	got := b.sums(q)
	if len(got) != 2 || got[0].Key != (usage.Key{API: "/apis/a"}) || got[0].Sum() != 2 || got[1].Sum() != 1 {
		b.t.Errorf("by API: %+v", got)
	}
	q.By = []usage.Field{usage.API, usage.Operation, usage.Gateway, usage.Region, usage.Product, usage.Subscription, usage.User}
	if got = b.sums(q); len(got) != 3 {
		b.t.Errorf("by all: %+v", got)
	}
}

func (b *bench) bounded() {
	for i := range 4 {
		b.add(row(noon.Add(time.Duration(i)*usage.Width), usage.Key{}))
	}
	q := query()
	q.From, q.To = noon.Add(usage.Width), noon.Add(2*usage.Width)
	b.want("within", b.total(q), 2)
	q.To = q.To.Add(-time.Second)
	b.want("a second less", b.total(q), 1)
}

func (b *bench) conditions() {
	b.add(row(noon, usage.Key{API: "/apis/Orders", Region: "east"}), row(noon, usage.Key{API: "/apis/orders", Region: "west"}), row(noon, usage.Key{API: "/apis/x", Region: "east"}))
	q := query()
	q.Equal = []usage.Condition{{Field: usage.API, Among: []string{"/APIS/orders", "other"}}}
	b.want("one", b.total(q), 2)
	q.Equal = append(q.Equal, usage.Condition{Field: usage.Region, Among: []string{"EAST"}})
	b.want("both", b.total(q), 1)
}

func (b *bench) spans() {
	for _, m := range []int{0, 5, 10, 15, 55, 60} {
		b.add(row(noon.Add(time.Duration(m)*time.Minute), usage.Key{}))
	}
	q := query()
	q.Every = 15 * time.Minute
	var got []string
	for _, g := range b.sums(q) {
		got = append(got, fmt.Sprintf("%s %d", g.Start.Format("15:04"), g.Sum()))
	}
	if want := []string{"12:00 3", "12:15 1", "12:45 1", "13:00 1"}; !slices.Equal(got, want) {
		b.t.Errorf("got %q, want %q", got, want)
	}
}

func (b *bench) homes() {
	b.add(row(noon, usage.Key{}), row(noon, usage.Key{Workspace: "a"}), row(noon, usage.Key{Workspace: "b"}), row(noon, usage.Key{Service: service + "2", Workspace: "a"}))
	q := query()
	b.want("all", b.total(q), 3)
	q.Workspace = func(name string) bool { return name == "a" }
	b.want("one workspace", b.total(q), 1)
	q.Workspace = func(name string) bool { return name == "c" }
	b.want("none", b.total(q), 0)
	homes, err := b.store.Homes(context.Background())
	if err != nil || len(homes) != 4 {
		b.t.Errorf("homes: %v, %v", homes, err)
	}
}

func (b *bench) limit() {
	for i := range 3 {
		b.add(row(noon, usage.Key{API: fmt.Sprint(i)}))
	}
	q := query()
	q.By, q.Limit = []usage.Field{usage.API}, 3
	b.want("at the limit", b.total(q), 3)
	q.Limit = 2
	if _, err := b.store.Sums(context.Background(), q); !errors.Is(err, usage.ErrTooMany) {
		b.t.Errorf("beyond the limit: %v, want ErrTooMany", err)
	}
}

func (b *bench) hostile() {
	nasty := "'; delete from sums; -- \x00 ? % ☃"
	b.add(row(noon, usage.Key{API: nasty, Workspace: nasty, User: nasty}))
	q := query()
	q.By, q.Equal = []usage.Field{usage.API, usage.User}, []usage.Condition{{Field: usage.User, Among: []string{nasty}}}
	got := b.sums(q)
	if len(got) != 1 || got[0].API != nasty || got[0].User != nasty {
		b.t.Errorf("got %+v", got)
	}
	q.Equal[0].Among = []string{"' or '' = '"}
	b.want("an injection", b.total(q), 0)
}

func (b *bench) forget() {
	w := usage.Key{Workspace: "w"}
	b.add(row(noon, w), row(noon, usage.Key{}))
	if err := b.store.Forget(context.Background(), usage.Home{Service: service, Workspace: "w"}); err != nil {
		b.t.Fatal(err)
	}
	b.want("after it was forgotten", b.total(query()), 1)
	b.add(row(noon, w))
	b.want("after it began anew", b.total(query()), 2)
	if err := b.store.Compact(context.Background(), noon, usage.Keep); err != nil {
		b.t.Fatal(err)
	}
	b.want("after compaction", b.total(query()), 2)
}

func (b *bench) forgetService() {
	b.add(row(noon, usage.Key{Workspace: "w"}), row(noon, usage.Key{}), row(noon, usage.Key{Service: "/s/other"}))
	if err := b.store.Forget(context.Background(), usage.Home{Service: service}); err != nil {
		b.t.Fatal(err)
	}
	b.want("the service", b.total(query()), 0)
	homes, err := b.store.Homes(context.Background())
	if err != nil || len(homes) != 1 || homes[0].Service != "/s/other" {
		b.t.Errorf("homes: %v, %v", homes, err)
	}
}

// keep is a retention short enough to reason about.
var keep = usage.Retention{Fine: 2 * time.Hour, Hourly: 48 * time.Hour, Daily: 240 * time.Hour, Rows: 1000}

func (b *bench) retention() {
	for _, hours := range []int{1, 10, 11, 100, 105, 250} {
		at := noon.Add(-time.Duration(hours) * time.Hour)
		b.add(row(at, usage.Key{}), row(at.Add(7*time.Minute), usage.Key{}))
	}
	if err := b.store.Compact(context.Background(), noon, keep); err != nil {
		b.t.Fatal(err)
	}
	q := query()
	q.Every = time.Second // as fine as they are kept
	var got []string
	for _, g := range b.sums(q) {
		got = append(got, fmt.Sprintf("%s %d", g.Start.Format("02T15:04"), g.Sum()))
	}
	if want := []string{"25T00:00 4", "01T01:00 2", "01T02:00 2", "01T11:00 1", "01T11:05 1"}; !slices.Equal(got, want) {
		b.t.Errorf("got %q, want %q", got, want)
	}
}

func (b *bench) foldsWell() {
	for i := range 60 {
		r := row(noon.Add(-time.Duration(i)*47*time.Minute), usage.Key{API: fmt.Sprint(i % 3), Workspace: fmt.Sprint(i % 2)})
		r.Total = usage.Times{Number: 1, Sum: int64(i + 1), Min: int64(i + 1), Max: int64(i + 1)}
		b.add(r)
	}
	q := query()
	q.By = []usage.Field{usage.API}
	before := b.sums(q)
	for range 2 { // the second time changes nothing either
		if err := b.store.Compact(context.Background(), noon, keep); err != nil {
			b.t.Fatal(err)
		}
	}
	if after := b.sums(q); !slices.Equal(before, after) || len(before) != 3 {
		b.t.Errorf("before %+v\nafter  %+v", before, after)
	}
}

func (b *bench) tooMany() {
	var rows []usage.Row
	for i := range 300 {
		rows = append(rows, row(noon.Add(-time.Duration(i)*usage.Width), usage.Key{}))
	}
	b.add(rows...)
	few := usage.Retention{Fine: 1000 * time.Hour, Hourly: 2000 * time.Hour, Daily: 8000 * time.Hour, Rows: 100}
	if err := b.store.Compact(context.Background(), noon, few); err != nil {
		b.t.Fatal(err)
	}
	q := query()
	q.Every = time.Second
	if n := len(b.sums(q)); n > 100 || n < 20 {
		b.t.Errorf("%d rows are left, want 20 to 100", n)
	}
	b.want("calls", b.total(query()), 300)
}

func (b *bench) cancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := b.store.Add(ctx, []usage.Row{row(noon, usage.Key{})}); err == nil {
		b.t.Error("a cancelled write was no error")
	}
	b.want("calls", b.total(query()), 0)
	b.add(row(noon, usage.Key{}))
	b.want("the next write", b.total(query()), 1)
}
