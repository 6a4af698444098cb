package publish

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// node is one id in the tree of published resources: a resource, or a scope that has some below it.
type node struct {
	parent   *node
	home     bool                        // a service or a workspace: what is below belongs to it and to nothing above
	res      *kind.Resource              // nil for a scope that isn't published itself
	children map[string]map[string]*node // by type word and name, both in lower case
	common   *snapshot.Shard             // of a service: the part that workspace gateways get
	built    any                         // what was translated from this node and what is below it; nil when it must be made again
}

// tree is the published part of the state.
type tree struct{ root *node }

func newTree() *tree { return &tree{root: &node{}} }

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
	n.res = res
	n.forget()
}

// forget drops what was translated from n and from what it is part of, up to its home.
func (n *node) forget() {
	for at := n; at != nil; at = at.parent {
		at.built = nil
		if at.home {
			return
		}
	}
}

func (n *node) child(s [2]string) *node {
	if n.children == nil {
		n.children = map[string]map[string]*node{}
	}
	byName := n.children[s[0]]
	if byName == nil {
		byName = map[string]*node{}
		n.children[s[0]] = byName
	}
	c := byName[s[1]]
	if c == nil {
		c = &node{parent: n, home: s[0] == serviceWord || s[0] == "workspaces"}
		byName[s[1]] = c
	}
	return c
}

// remove drops an id with everything below it.
func (t *tree) remove(id arm.ID) {
	n := t.find(id)
	if n == nil || n.parent == nil {
		return
	}
	all := steps(id)
	last := all[len(all)-1]
	delete(n.parent.children[last[0]], last[1])
	n.parent.forget()
}

// find returns the node of an id, nil when there is nothing at or below it.
func (t *tree) find(id arm.ID) *node {
	n := t.root
	for _, s := range steps(id) {
		n = n.children[s[0]][s[1]]
		if n == nil {
			return nil
		}
	}
	return n
}

// each calls f for the resources of a type directly below n, in order of their names.
func (n *node) each(typ string, f func(*node)) {
	byName := n.children[strings.ToLower(typ)]
	names := make([]string, 0, len(byName))
	for name, c := range byName {
		if c.res != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		f(byName[name])
	}
}

// all calls f for the resources of a type anywhere below n.
func (n *node) all(typ string, f func(*node)) {
	n.each(typ, f)
	for t, byName := range n.children {
		if t == typ {
			continue
		}
		for _, c := range byName {
			c.all(typ, f)
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
