package publish

import (
	"maps"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// node is one id in the tree of published resources: a resource, or a scope that has some below it.
type node struct {
	parent   *node
	family   *family            // that it is a member of; nil for the root
	name     string             // in lower case
	home     bool               // a service or a workspace: what is below belongs to it and to nothing above
	res      *kind.Resource     // nil for a scope that isn't published itself
	children map[string]*family // by type word in lower case
	common   *snapshot.Shard    // of a service: the part that workspace gateways get
	users    *owners            // of a home: whose keys open its APIs
	asks     bool               // of a home: a document of it may ask what any of its APIs define
	trusted  trusted            // of a service
	built    any                // what was translated from this node and what is below it; nil when it must be made again
}

// tree is the published part of the state.
type tree struct {
	root     *node
	services index // wherever they lie
	gateways index
}

func newTree() *tree { return &tree{root: &node{}, services: index{}, gateways: index{}} }

// index finds nodes of one type without a walk.
type index map[string]*node

// sorted are the nodes that are resources, in order of their keys.
func (x index) sorted() []*node {
	var out []*node
	for _, key := range slices.Sorted(maps.Keys(x)) {
		if n := x[key]; n.res != nil {
			out = append(out, n)
		}
	}
	return out
}

// steps cuts an id into (type, name) pairs; provider namespaces stay with the type.
func steps(id arm.ID) [][2]string {
	segs := strings.Split(strings.TrimPrefix(id.Key(), "/"), "/")
	var out [][2]string
	for i := 0; i+1 < len(segs); {
		if segs[i] == "providers" && i+3 < len(segs) {
			out = append(out, [2]string{segs[i+1] + "/" + segs[i+2], segs[i+3]})
			i += 4
			continue
		}
		out = append(out, [2]string{segs[i], segs[i+1]})
		i += 2
	}
	return out
}

// put stores a resource and forgets what its home was made into.
func (t *tree) put(res *kind.Resource) {
	n := t.root
	for _, s := range steps(res.ID) {
		n = n.child(s)
	}
	if n.res == nil && n.family != nil {
		n.family.sorted = nil
	}
	n.res = res
	if all := t.indexOf(n.family.typ); all != nil {
		all[res.ID.Key()] = n
	}
	n.forget()
}

// indexOf is the index of a type, nil for most.
func (t *tree) indexOf(typ string) index {
	switch typ {
	case serviceWord:
		return t.services
	case gatewayWord:
		return t.gateways
	}
	return nil
}

// forget drops what was translated from n and from what it is part of, up to its home.
func (n *node) forget() {
	for at := n; at != nil; at = at.parent {
		at.built = nil
		if at.family != nil {
			at.family.chunkOf(at.name).built = nil
		}
		if at.home {
			return
		}
	}
}

func (n *node) child(s [2]string) *node {
	if n.children == nil {
		n.children = map[string]*family{}
	}
	f := n.children[s[0]]
	if f == nil {
		f = newFamily(s[0])
		n.children[s[0]] = f
	}
	c := f.byName[s[1]]
	if c == nil {
		c = &node{parent: n, family: f, name: s[1], home: s[0] == serviceWord || s[0] == "workspaces"}
		f.add(c)
	}
	return c
}

// remove drops an id with everything below it.
func (t *tree) remove(id arm.ID) {
	n := t.find(id)
	if n == nil || n.parent == nil {
		return
	}
	for _, all := range []index{t.services, t.gateways} {
		for key, m := range all {
			if m.res.ID.Within(id) {
				delete(all, key)
			}
		}
	}
	n.family.remove(n.name)
	n.parent.forget()
}

// find returns the node of an id, nil when there is nothing at or below it.
func (t *tree) find(id arm.ID) *node {
	n := t.root
	for _, s := range steps(id) {
		if n = n.member(s[0], s[1]); n == nil {
			return nil
		}
	}
	return n
}

// member returns the node of a type and name directly below n, both in lower case, nil when there is none.
func (n *node) member(typ, name string) *node {
	f := n.children[typ]
	if f == nil {
		return nil
	}
	return f.byName[name]
}

// each calls f for the resources of a type directly below n, in order of their names.
func (n *node) each(typ string, f func(*node)) {
	if all := n.children[strings.ToLower(typ)]; all != nil {
		for _, c := range all.inOrder() {
			f(c)
		}
	}
}

// value returns the value of a node's resource when it is a *T.
func value[T any](n *node) (*T, bool) {
	if n == nil || n.res == nil {
		return nil, false
	}
	v, ok := n.res.Value.(*T)
	return v, ok
}

// cached returns what was made of n before, or makes it.
func cached[T any](n *node, build func(*node) *T) *T {
	if b, ok := n.built.(*T); ok {
		return b
	}
	b := build(n)
	n.built = b
	return b
}
