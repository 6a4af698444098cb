package route

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tree finds the API of a request. It is a trie of path segments, so that a look-up costs as many steps as the path has segments, however
// many APIs there are. Build it with Add, or derive the next version from one that serves with With, Without and Replace, which cost the same however many
// APIs there are. A tree that requests use is never changed.
type Tree[V any] struct{ root prefixNode[V] }

// prefixNode is immutable; versions of a tree share it.
type prefixNode[V any] struct {
	segment  string // that leads to it, folded; "" for the root
	children *children[V]
	original revisions[V]   // without a version, or at a versioned segment
	choices  []*versions[V] // told apart by a query parameter or header
}

// versions are those of one version set.
type versions[V any] struct {
	scheme    Scheme
	parameter string
	byName    map[string]revisions[V]
}

// revisions are those of one version of one API; the current one, if there is one, comes first. There are few.
type revisions[V any] []revision[V]

type revision[V any] struct {
	name    string // folded
	current bool
	value   V
}

// Facts of a request that versions are chosen by.
type Facts interface {
	// VersionValue returns the value of the query parameter or header with the name.
	VersionValue(scheme Scheme, parameter string) (string, bool)
}

// Add makes an API known in this tree, before requests use it. The error is that of its path, or says that another API holds its place already.
func (t *Tree[V]) Add(a API, value V) error {
	next, err := t.With(a, value)
	if err == nil {
		t.root = next.root
	}
	return err
}

// With is a tree that knows one API more. The error is that of Add.
func (t *Tree[V]) With(a API, value V) (*Tree[V], error) {
	return t.edit(a, func(r revisions[V]) (revisions[V], error) { return r.with(a, value) })
}

// Without is a tree that knows one API less: what holds the API's place goes. The error is that of the API's path.
func (t *Tree[V]) Without(a API) (*Tree[V], error) {
	return t.edit(a, func(r revisions[V]) (revisions[V], error) { return r.without(a), nil })
}

// Replace is a tree in which an API's place, where one is, holds another value. The error is that of the API's path, or says that nothing is there.
func (t *Tree[V]) Replace(a API, value V) (*Tree[V], error) {
	return t.edit(a, func(r revisions[V]) (revisions[V], error) { return r.replace(a, value) })
}

// edit copies the nodes on the way to an API's place, and changes the revisions there; revisions that become nil go, and so do nodes that hold
// nothing any more.
func (t *Tree[V]) edit(a API, change func(revisions[V]) (revisions[V], error)) (*Tree[V], error) {
	segments, err := a.prefix()
	if err != nil {
		return nil, err
	}
	root, err := t.root.edit(segments, a, change)
	if err != nil {
		return nil, err
	}
	return &Tree[V]{root}, nil
}

func (n prefixNode[V]) edit(segments []string, a API, change func(revisions[V]) (revisions[V], error)) (prefixNode[V], error) {
	if len(segments) == 0 {
		return n.place(a, change)
	}
	child := prefixNode[V]{segment: segments[0]}
	if c := n.children.get(segments[0]); c != nil {
		child = *c
	}
	child, err := child.edit(segments[1:], a, change)
	if err != nil {
		return n, err
	}
	if child.holds() || child.children != nil {
		n.children = n.children.with(child.packed())
	} else {
		n.children = n.children.without(segments[0])
	}
	return n, nil
}

// packed is the node in memory of its own. The revision of one that has a single one, as most have, lies in the same piece.
func (n prefixNode[V]) packed() *prefixNode[V] {
	if len(n.original) != 1 {
		return &n
	}
	both := &struct {
		prefixNode[V]
		only [1]revision[V]
	}{n, [1]revision[V]{n.original[0]}}
	both.original = both.only[:]
	return &both.prefixNode
}

// place changes the revisions that an API belongs to.
func (n prefixNode[V]) place(a API, change func(revisions[V]) (revisions[V], error)) (_ prefixNode[V], err error) {
	if a.Version == "" || a.Scheme == Unversioned || a.Scheme == Segment {
		n.original, err = change(n.original)
		return n, err
	}
	at := slices.IndexFunc(n.choices, func(c *versions[V]) bool { return c.scheme == a.Scheme && strings.EqualFold(c.parameter, a.Parameter) })
	set := &versions[V]{a.Scheme, a.Parameter, make(map[string]revisions[V])}
	n.choices = slices.Clone(n.choices)
	if at < 0 {
		at = len(n.choices)
		n.choices = append(n.choices, set)
	} else {
		maps.Copy(set.byName, n.choices[at].byName)
		n.choices[at] = set
	}
	name := strings.ToLower(a.Version)
	revs, err := change(set.byName[name])
	switch {
	case err != nil:
		return n, err
	case revs != nil:
		set.byName[name] = revs
	default:
		delete(set.byName, name)
	}
	if len(set.byName) == 0 {
		n.choices = slices.Delete(n.choices, at, at+1)
	}
	return n, nil
}

// with is a copy that has one revision more; r may be nil.
func (r revisions[V]) with(a API, value V) (revisions[V], error) {
	next := revision[V]{name: strings.ToLower(a.Revision), current: a.Current, value: value}
	if r.find(next.name) >= 0 || a.Current && r.hasCurrent() {
		return nil, fmt.Errorf("API path %q, version %q, revision %q: another API is there already", a.Path, a.Version, a.Revision)
	}
	at := len(r)
	if a.Current {
		at = 0
	}
	return slices.Insert(slices.Clip(r), at, next), nil
}

// replace is a copy in which a revision has another value.
func (r revisions[V]) replace(a API, value V) (revisions[V], error) {
	at := r.find(strings.ToLower(a.Revision))
	if at < 0 || r[at].current != a.Current {
		return nil, fmt.Errorf("API path %q, version %q, revision %q: no API is there", a.Path, a.Version, a.Revision)
	}
	next := slices.Clone(r)
	next[at].value = value
	return next, nil
}

// without is a copy that has one revision less, nil when none is left.
func (r revisions[V]) without(a API) revisions[V] {
	at := r.find(strings.ToLower(a.Revision))
	switch {
	case at < 0:
		return r
	case len(r) == 1:
		return nil
	}
	return slices.Delete(slices.Clone(r), at, at+1)
}

// find returns the index of a revision, -1 when there is none.
func (r revisions[V]) find(name string) int {
	return slices.IndexFunc(r, func(one revision[V]) bool { return one.name == name })
}

func (r revisions[V]) hasCurrent() bool { return len(r) > 0 && r[0].current }

// Find returns the API with the longest prefix of the path, in the version and revision that the request asks for, and how many
// segments that prefix has. There is no second choice: a request for an unknown version or revision of the API with the longest path finds
// nothing.
func (t *Tree[V]) Find(p *Path, facts Facts) (value V, depth int, ok bool) {
	n := &t.root
	found, foundDepth := (*prefixNode[V])(nil), 0
	for i := 0; ; i++ {
		if n.holds() && (p.revisionAt < 0 || p.revisionAt == i) {
			found, foundDepth = n, i
		}
		if i == len(p.segments) {
			break
		}
		if n = n.children.get(strings.ToLower(p.segments[i].text)); n == nil {
			break
		}
	}
	if found == nil {
		return value, 0, false
	}
	revs := found.choose(facts)
	if revs == nil {
		return value, 0, false
	}
	if p.Revision != "" {
		at := revs.find(strings.ToLower(p.Revision))
		if at < 0 {
			return value, foundDepth, false
		}
		return revs[at].value, foundDepth, true
	}
	if !revs.hasCurrent() {
		return value, 0, false
	}
	return revs[0].value, foundDepth, true
}

func (n *prefixNode[V]) holds() bool { return n.original != nil || len(n.choices) > 0 }

// choose picks the version.
func (n *prefixNode[V]) choose(facts Facts) revisions[V] {
	for _, c := range n.choices {
		if v, asked := facts.VersionValue(c.scheme, c.parameter); asked && v != "" {
			return c.byName[strings.ToLower(v)]
		}
	}
	return n.original
}
