package route

import (
	"fmt"
	"strings"
)

// Tree finds the API of a request. It is a trie of path segments, so that a look-up costs as many steps as the path has segments, however
// many APIs there are. Build it with Add; it is read-only for as long as requests use it.
type Tree[V any] struct{ root prefixNode[V] }

type prefixNode[V any] struct {
	children map[string]*prefixNode[V]
	original *revisions[V]  // without a version, or at a versioned segment
	choices  []*versions[V] // told apart by a query parameter or header
}

// versions are those of one version set.
type versions[V any] struct {
	scheme    Scheme
	parameter string
	byName    map[string]*revisions[V]
}

// revisions are those of one version of one API.
type revisions[V any] struct {
	current *V
	byName  map[string]V
}

// Facts of a request that versions are chosen by.
type Facts interface {
	// VersionValue returns the value of the query parameter or header with the name.
	VersionValue(scheme Scheme, parameter string) (string, bool)
}

// Add makes an API known. The error is that of its path, or says that another API holds its place already.
func (t *Tree[V]) Add(a API, value V) error {
	segments, err := a.prefix()
	if err != nil {
		return err
	}
	n := &t.root
	for _, s := range segments {
		child := n.children[s]
		if child == nil {
			if n.children == nil {
				n.children = make(map[string]*prefixNode[V], 1)
			}
			child = new(prefixNode[V])
			n.children[s] = child
		}
		n = child
	}
	return n.place(a).add(a, value)
}

// place finds or makes the revisions that an API belongs to.
func (n *prefixNode[V]) place(a API) *revisions[V] {
	if a.Version == "" || a.Scheme == Unversioned || a.Scheme == Segment {
		if n.original == nil {
			n.original = new(revisions[V])
		}
		return n.original
	}
	var set *versions[V]
	for _, c := range n.choices {
		if c.scheme == a.Scheme && strings.EqualFold(c.parameter, a.Parameter) {
			set = c
		}
	}
	if set == nil {
		set = &versions[V]{a.Scheme, a.Parameter, make(map[string]*revisions[V])}
		n.choices = append(n.choices, set)
	}
	name := strings.ToLower(a.Version)
	if set.byName[name] == nil {
		set.byName[name] = new(revisions[V])
	}
	return set.byName[name]
}

func (r *revisions[V]) add(a API, value V) error {
	name := strings.ToLower(a.Revision)
	if _, taken := r.byName[name]; taken || a.Current && r.current != nil {
		return fmt.Errorf("API path %q, version %q, revision %q: another API is there already", a.Path, a.Version, a.Revision)
	}
	if r.byName == nil {
		r.byName = make(map[string]V, 1)
	}
	r.byName[name] = value
	if a.Current {
		r.current = &value
	}
	return nil
}

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
		if n = n.children[strings.ToLower(p.segments[i].text)]; n == nil {
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
		value, ok = revs.byName[strings.ToLower(p.Revision)]
		return value, foundDepth, ok
	}
	if revs.current == nil {
		return value, 0, false
	}
	return *revs.current, foundDepth, true
}

func (n *prefixNode[V]) holds() bool { return n.original != nil || len(n.choices) > 0 }

// choose picks the version.
func (n *prefixNode[V]) choose(facts Facts) *revisions[V] {
	for _, c := range n.choices {
		if v, asked := facts.VersionValue(c.scheme, c.parameter); asked && v != "" {
			return c.byName[strings.ToLower(v)]
		}
	}
	return n.original
}
