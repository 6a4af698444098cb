package publish

import (
	"iter"
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
	family   *family        // that it is a member of; nil for the root
	name     string         // in lower case
	id       arm.ID         // of the resource; the root for a scope that isn't published itself
	mount    *kind.Mount    // of the resource
	res      *kind.Resource // opened; nil when text is kept instead
	text     []byte         // the stored row; see keep.go
	children []*family      // a few; see below
	own      *home          // of a service or a workspace: what is below belongs to it and to nothing above; nil for others
	built    any            // what was translated from this node and what is below it; nil when it must be made again
}

// home is what a node has that is a service or a workspace.
type home struct {
	common  *snapshot.Shard // of a service: the part that workspace gateways get
	users   *owners         // whose keys open its APIs
	asks    bool            // a document of it may ask what any of its APIs define
	trusted trusted         // of a service
}

// stored says whether the node is a resource.
func (n *node) stored() bool { return n != nil && !n.id.IsRoot() }

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
		if n := x[key]; n.stored() {
			out = append(out, n)
		}
	}
	return out
}

// steps yields the (type, name) pairs of an id, in lower case; provider namespaces stay with the type.
func steps(id arm.ID) iter.Seq2[string, string] {
	return func(yield func(typ, name string) bool) {
		for rest := strings.TrimPrefix(id.Key(), "/"); rest != ""; {
			typ, below, _ := strings.Cut(rest, "/")
			if typ == "providers" {
				namespace, words, _ := strings.Cut(below, "/")
				word, names, _ := strings.Cut(words, "/")
				typ, below = below[:len(namespace)+1+len(word)], names
			}
			name, next, _ := strings.Cut(below, "/")
			if rest = next; !yield(typ, name) {
				return
			}
		}
	}
}

// put makes the node of an id and forgets what its home was made into.
func (t *tree) put(id arm.ID) *node {
	n := t.root
	for typ, name := range steps(id) {
		n = n.child(typ, name)
	}
	if !n.stored() {
		n.family.sorted = nil
	}
	n.id = id
	if all := t.indexOf(n.family.typ); all != nil {
		all[id.Key()] = n
	}
	n.forget()
	return n
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
			at.family.forget(at.name)
		}
		if at.own != nil {
			return
		}
	}
}

func (n *node) child(typ, name string) *node {
	f := n.below(typ)
	if f == nil {
		f = newFamily(typ)
		n.children = append(n.children, f)
	}
	c := f.get(name)
	if c == nil {
		c = &node{parent: n, family: f, name: name}
		if typ == serviceWord || typ == "workspaces" {
			c.own = new(home)
		}
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
			if m.id.Within(id) {
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
	for typ, name := range steps(id) {
		if n = n.member(typ, name); n == nil {
			return nil
		}
	}
	return n
}

// below returns the nodes of a type directly below n, nil when there never were any. Case doesn't matter.
func (n *node) below(typ string) *family {
	for _, f := range n.children {
		if strings.EqualFold(f.typ, typ) {
			return f
		}
	}
	return nil
}

// member returns the node of a type and name directly below n, both in lower case, nil when there is none.
func (n *node) member(typ, name string) *node {
	f := n.below(typ)
	if f == nil {
		return nil
	}
	return f.get(name)
}

// each calls f for the resources of a type directly below n, in order of their names.
func (n *node) each(typ string, f func(*node)) {
	if all := n.below(typ); all != nil {
		for _, c := range all.inOrder() {
			f(c)
		}
	}
}
