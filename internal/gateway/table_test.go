package gateway

import (
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// shop is a service with two workspaces of two APIs each, a product in the first.
func shop() *snapshot.Snapshot {
	s := &snapshot.Snapshot{Version: 1, Gateway: snapshot.Gateway{ID: "/g", Name: "g", Managed: true}, Service: &snapshot.Shard{ID: "/s", Policy: text("global")}}
	for _, w := range []string{"a", "b"} {
		h := &snapshot.Shard{ID: "/s/workspaces/" + w, Workspace: w, Policy: text(w)}
		for _, n := range []string{"one", "two"} {
			h.APIs = append(h.APIs, []*snapshot.API{{
				ID: h.ID + "/apis/" + n, Name: n, Path: w + n, Revision: "1", Current: true, Online: true, Protocols: []string{"http"},
				Operations: []*snapshot.Operation{{ID: "get", Name: "get", Method: "GET", URLTemplate: "/x"}},
			}})
		}
		h.Subscriptions = snapshot.ListOf(&snapshot.Subscription{ID: w, PrimaryKey: w + "1", SecondaryKey: w + "2", Scope: snapshot.Scope{All: true}})
		s.Others = append(s.Others, h)
	}
	s.Others[0].Products = []*snapshot.Product{{ID: "/s/workspaces/a/products/p", Name: "p", APIs: []string{"/s/workspaces/a/apis/one"}, Policy: text("product")}}
	return s
}

func text(name string) *snapshot.Policy {
	return &snapshot.Policy{ID: name, Format: "rawxml", Text: `<policies><inbound><base/><set-header name="X-Scope" exists-action="append"><value>` + name + `</value></set-header></inbound></policies>`}
}

// with is a copy of the snapshot in which the shard at index i was replaced by a changed copy.
func with(s *snapshot.Snapshot, i int, change func(*snapshot.Shard)) *snapshot.Snapshot {
	next := *s
	next.Version++
	next.Others = append([]*snapshot.Shard(nil), s.Others...)
	changed := *s.Others[i]
	change(&changed)
	next.Others[i] = &changed
	return &next
}

func newTestGateway(t *testing.T) *Gateway {
	t.Helper()
	g, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g
}

func TestTableKeepsWhatDidNotChange(t *testing.T) {
	t.Parallel()
	first := shop()
	for _, c := range []struct {
		name string
		next *snapshot.Snapshot
		kept string // "apis keys products tree" of workspace a, "b" for all of workspace b
	}{
		{"nothing", with(first, 0, func(*snapshot.Shard) {}), "one two keys products tree b"},
		{"the policy of one API", with(first, 0, func(s *snapshot.Shard) {
			changed := *s.APIs[0][0]
			changed.Policy = text("api")
			s.APIs = snapshot.List[*snapshot.API]{{&changed}, s.APIs[1]}
		}), "two keys b"},
		{"the workspace's policy", with(first, 0, func(s *snapshot.Shard) { s.Policy = text("new") }), "keys b"},
		{"a named value", with(first, 0, func(s *snapshot.Shard) {
			s.NamedValues = snapshot.ListOf(snapshot.NamedValue{DisplayName: "n", Value: "v"})
		}), "one two keys products tree b"},
		{"a subscription", with(first, 0, func(s *snapshot.Shard) { s.Subscriptions = nil }), "one two products tree b"},
		{"a product", with(first, 0, func(s *snapshot.Shard) { s.Products = nil }), "one two keys tree b"},
		{"an API's path", with(first, 0, func(s *snapshot.Shard) {
			changed := *s.APIs[0][0]
			changed.Path = "elsewhere"
			s.APIs = snapshot.List[*snapshot.API]{{&changed}, s.APIs[1]}
		}), "two keys b"},
		{"one API less", with(first, 0, func(s *snapshot.Shard) { s.APIs = s.APIs[1:] }), "two keys b"},
	} {
		g := newTestGateway(t)
		before, _ := g.buildTable(first, nil)
		after, problems := g.buildTable(c.next, before)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", c.name, problems)
		}
		if got := kept(before, after); got != c.kept {
			t.Errorf("after a change of %s the tables share %q, want %q", c.name, got, c.kept)
		}
	}
}

// kept says what two tables share, in the words of the test's cases.
func kept(before, after *table) string {
	old, now := before.partsByID(), after.partsByID()
	a, b := "/s/workspaces/a", "/s/workspaces/b"
	var words []string
	for x := range old[a].apis.All() {
		for y := range now[a].apis.All() {
			if x == y {
				words = append(words, x.source.Name)
			}
		}
	}
	if old[a].keys == now[a].keys {
		words = append(words, "keys")
	}
	if old[a].products == now[a].products {
		words = append(words, "products")
	}
	if before.tree == after.tree {
		words = append(words, "tree")
	}
	if old[b].home == now[b].home && old[b].apis.Shares(now[b].apis) && old[b].keys == now[b].keys && old[b].products == now[b].products {
		words = append(words, "b")
	}
	return strings.Join(words, " ")
}

// A named value that nothing uses costs no plan; one that a compiled document uses, or misses, makes its home anew.
func TestANamedValueChangesWhatUsesItAndNothingElse(t *testing.T) {
	t.Parallel()
	g := newTestGateway(t)
	first := shop()
	value := func(name, text string) snapshot.NamedValue {
		return snapshot.NamedValue{DisplayName: name, Value: text}
	}
	set := func(from *snapshot.Snapshot, values ...snapshot.NamedValue) *snapshot.Snapshot {
		return with(from, 0, func(s *snapshot.Shard) { s.NamedValues = snapshot.ListOf(values...) })
	}
	first.Others[0].Policy = text("{{used}}")
	says := func(tb *table) string {
		t.Helper()
		op := tb.partsByID()["/s/workspaces/a"].apis[0][0].ready(func(snapshot.Problem) {}).operations.all[1]
		plan, err := g.planOf(tb, op, nil)
		if err != nil {
			return "does not compile"
		}
		x := &policy.Exchange{}
		if err := plan.Run(x, policy.Inbound); err != nil {
			t.Fatal(err)
		}
		return x.Request.Header.Get("X-Scope")
	}
	tb, _ := g.buildTable(first, nil)
	for _, step := range []struct {
		name string
		next *snapshot.Snapshot
		want string
		kept bool
	}{
		{"before the value exists", first, "does not compile", true},
		{"another value comes", set(first, value("other", "1")), "does not compile", true},
		{"the value comes", set(first, value("other", "1"), value("used", "one")), "global,one", false},
		{"another value changes", set(first, value("other", "2"), value("used", "one")), "global,one", true},
		{"the value changes", set(first, value("other", "2"), value("used", "two")), "global,two", false},
		{"another value goes", set(first, value("used", "two")), "global,two", true},
		{"the value goes", set(first), "does not compile", false},
	} {
		next, _ := g.buildTable(step.next, tb)
		if got := says(next); got != step.want {
			t.Errorf("%s: the policy says %q, want %q", step.name, got, step.want)
		}
		if kept := next.partsByID()["/s/workspaces/a"].home == tb.partsByID()["/s/workspaces/a"].home; kept != step.kept {
			t.Errorf("%s: the home is kept: %t, want %t", step.name, kept, step.kept)
		}
		tb = next
	}
}

// allAPIs yields every API of a table.
func allAPIs(t *table) iter.Seq[*apiSlot] {
	return func(yield func(*apiSlot) bool) {
		for p := range t.inOrder() {
			for a := range p.apis.All() {
				if !yield(a) {
					return
				}
			}
		}
	}
}

func anyAPI(t *table) *apiSlot {
	for a := range allAPIs(t) {
		return a
	}
	return nil
}

func TestPlanIsCompiledOnceAndOthersWait(t *testing.T) {
	t.Parallel()
	g := newTestGateway(t)
	tb, _ := g.buildTable(shop(), nil)
	op := anyAPI(tb).ready(func(snapshot.Problem) {}).operations.all[1]
	var plans sync.Map
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			p, err := g.planOf(tb, op, nil)
			if err != nil {
				t.Error(err)
			}
			plans.Store(p, true)
		})
	}
	wg.Wait()
	n := 0
	plans.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d plans were made of one operation", n)
	}
}

func TestPlansOfProductsThatAreGoneAreForgotten(t *testing.T) {
	t.Parallel()
	g, first := newTestGateway(t), shop()
	before, _ := g.buildTable(first, nil)
	a := before.partsByID()["/s/workspaces/a"]
	op := a.apis[0][0].ready(func(snapshot.Problem) {}).operations.all[1]
	for _, d := range []*document{nil, a.products.byID["/s/workspaces/a/products/p"].document} {
		if _, err := g.planOf(before, op, d); err != nil {
			t.Fatal(err)
		}
	}
	g.buildTable(with(first, 0, func(s *snapshot.Shard) { s.Products = nil }), before)
	if len(op.plans.slots) != 1 {
		t.Errorf("%d plans are kept, want the one without a product", len(op.plans.slots))
	}
}

// A policy of one workspace never runs for another, whatever policies there are and in whatever order plans are made.
func TestNoPlanHoldsAnotherWorkspacesPolicy(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		g := newTestGateway(t)
		s := randomShop(seed)
		tb, _ := g.buildTable(s, nil)
		for a := range allAPIs(tb) {
			p := tb.parts[a.home]
			documents := []*document{nil}
			for _, pr := range p.products.byID {
				documents = append(documents, pr.document)
			}
			for _, op := range a.ready(func(snapshot.Problem) {}).operations.all {
				for _, d := range documents {
					plan, err := g.planOf(tb, op, d)
					if err != nil {
						t.Fatal(err)
					}
					x := &policy.Exchange{}
					if err := plan.Run(x, policy.Inbound); err != nil {
						t.Fatal(err)
					}
					for home := range strings.SplitSeq(x.Request.Header.Get("X-Scope"), ",") {
						if home != "" && home != "global" && !strings.HasPrefix(home, a.home.shard.Workspace+"-") {
							t.Fatalf("seed %d: API %s of workspace %s runs a policy of %s", seed, a.source.Name, a.home.shard.Workspace, home)
						}
					}
				}
			}
		}
	}
}

// randomShop has workspaces w0… whose documents, some of them missing, name the workspace.
func randomShop(seed uint64) *snapshot.Snapshot {
	next := func() uint64 { seed = seed*6364136223846793005 + 1442695040888963407; return seed >> 33 }
	some := func(name string) *snapshot.Policy {
		if next()%3 == 0 {
			return nil
		}
		return text(name)
	}
	s := &snapshot.Snapshot{Gateway: snapshot.Gateway{ID: "/g"}, Service: &snapshot.Shard{ID: "/s", Policy: some("global")}}
	for w := range 2 + next()%4 {
		name := fmt.Sprintf("w%d", w)
		h := &snapshot.Shard{ID: "/s/workspaces/" + name, Workspace: name, Policy: some(name + "-workspace")}
		for i := range 1 + next()%3 {
			a := &snapshot.API{ID: fmt.Sprintf("%s/apis/a%d", h.ID, i), Name: "a", Path: fmt.Sprintf("%s/a%d", name, i), Revision: "1", Current: true, Policy: some(name + "-api")}
			for o := range next() % 3 {
				a.Operations = append(a.Operations, &snapshot.Operation{ID: "o", Name: "o", Method: "GET", URLTemplate: fmt.Sprintf("/o%d", o), Policy: some(name + "-operation")})
			}
			h.APIs = append(h.APIs, []*snapshot.API{a})
		}
		h.Products = []*snapshot.Product{{ID: h.ID + "/products/p", Policy: some(name + "-product")}}
		s.Others = append(s.Others, h)
	}
	return s
}

// A team that writes its policies again has no more memory for that: its calls hold from the same, while workspaces have each their own.
func TestTheMemoryOfAHomeOutlivesItsPolicies(t *testing.T) {
	t.Parallel()
	g := newTestGateway(t)
	first := shop()
	memory := func() [2]*policy.Memory {
		parts := g.table.Load().partsByID()
		return [2]*policy.Memory{parts["/s/workspaces/a"].home.memory, parts["/s/workspaces/b"].home.memory}
	}
	g.Apply(first)
	before := memory()
	g.Apply(with(first, 0, func(s *snapshot.Shard) { s.Policy = text("changed") }))
	if after := memory(); after != before {
		t.Error("a change of the policy has made the memory of a home anew")
	}
	if before[0] == before[1] {
		t.Error("two workspaces share one memory")
	}
}
