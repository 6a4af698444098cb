package route

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

type noFacts struct{}

func (noFacts) VersionValue(Scheme, string) (string, bool) { return "", false }

// A tree that was derived step by step finds what a tree made at once finds, and the trees that it was derived from stay as they were.
func TestDerivedTreesFindWhatNewOnesFind(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	type version struct {
		tree *Tree[int]
		has  map[string]int
	}
	at := version{new(Tree[int]), map[string]int{}}
	kept := []version{at}
	path := func() string {
		p := fmt.Sprintf("s%d", r.IntN(300))
		for range r.IntN(3) {
			p += fmt.Sprintf("/t%d", r.IntN(3))
		}
		return p
	}
	for i := range 4000 {
		p := path()
		a := API{Path: p, Revision: "1", Current: true}
		next := version{has: map[string]int{}}
		for k, v := range at.has {
			next.has[k] = v
		}
		var err error
		if _, there := at.has[p]; there {
			next.tree, err = at.tree.Without(a)
			delete(next.has, p)
		} else {
			next.tree, err = at.tree.With(a, i)
			next.has[p] = i
		}
		if err != nil {
			t.Fatal(err)
		}
		at = next
		if i%500 == 0 {
			kept = append(kept, at)
		}
	}
	for _, v := range append(kept, at) {
		whole := new(Tree[int])
		for p, i := range v.has {
			if err := whole.Add(API{Path: p, Revision: "1", Current: true}, i); err != nil {
				t.Fatal(err)
			}
		}
		for range 2000 {
			asked := path() + "/rest"
			var parsed Path
			if err := parsed.Parse("/" + asked); err != nil {
				t.Fatal(err)
			}
			got, depth, found := v.tree.Find(&parsed, noFacts{})
			want, wantDepth, wantFound := whole.Find(&parsed, noFacts{})
			if got != want || depth != wantDepth || found != wantFound {
				t.Fatalf("%s: found %d at %d (%t), want %d at %d (%t)", asked, got, depth, found, want, wantDepth, wantFound)
			}
		}
	}
}

func TestATreeThatLosesAllIsEmpty(t *testing.T) {
	t.Parallel()
	empty := new(Tree[string])
	tree := empty
	all := []API{
		{Path: "a/b", Revision: "1", Current: true},
		{Path: "a/b", Revision: "2"},
		{Path: "a", Scheme: Query, Parameter: "v", Version: "v1", Revision: "1", Current: true},
		{Path: "", Revision: "1", Current: true},
		{Path: "a/b", Scheme: Segment, Version: "v2", Revision: "1", Current: true},
	}
	for _, a := range all {
		var err error
		if tree, err = tree.With(a, a.Path); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tree.With(all[0], "again"); err == nil {
		t.Error("a second API took the place of the first")
	}
	for _, a := range all {
		var err error
		if tree, err = tree.Without(a); err != nil {
			t.Fatal(err)
		}
	}
	if tree.root.holds() || tree.root.children != nil {
		t.Errorf("something is left: %+v", tree.root)
	}
}

// What takes over an API's place changes nothing else, and not the tree that still serves.
func TestAnAPITakesOverAPlace(t *testing.T) {
	t.Parallel()
	first, second := API{Path: "a", Revision: "1", Current: true}, API{Path: "a", Revision: "2"}
	before := new(Tree[string])
	for _, a := range []API{first, second, {Path: "b", Revision: "1", Current: true}} {
		if err := before.Add(a, a.Path+a.Revision); err != nil {
			t.Fatal(err)
		}
	}
	after, err := before.Replace(second, "new")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tree       *Tree[string]
		path, want string
	}{
		{before, "/a", "a1"},
		{before, "/a;rev=2", "a2"},
		{before, "/b", "b1"},
		{after, "/a", "a1"},
		{after, "/a;rev=2", "new"},
		{after, "/b", "b1"},
	} {
		var p Path
		if err := p.Parse(c.path); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := c.tree.Find(&p, noFacts{}); got != c.want {
			t.Errorf("%s leads to %q, want %q", c.path, got, c.want)
		}
	}
	for _, none := range []API{{Path: "c", Revision: "1", Current: true}, {Path: "a", Revision: "3"}, {Path: "a", Revision: "2", Current: true}, {Path: "?"}} {
		if _, err := before.Replace(none, "x"); err == nil {
			t.Errorf("%+v is not in the tree and was replaced", none)
		}
	}
}

// BenchmarkDerive is the cost of the next version of a tree when one of its APIs moves.
func BenchmarkDerive(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		tree := new(Tree[int])
		for i := range n {
			if err := tree.Add(API{Path: fmt.Sprintf("team%d/api%d", i%100, i), Revision: "1", Current: true}, i); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(fmt.Sprintf("apis=%d", n), func(b *testing.B) {
			a := API{Path: "team7/api7", Revision: "1", Current: true}
			for b.Loop() {
				without, err := tree.Without(a)
				if err == nil {
					_, err = without.With(a, 1)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
