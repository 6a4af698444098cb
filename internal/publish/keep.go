package publish

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// keptAsText are the types of which an installation may have a hundred thousand, and whose every translation is kept. Of them a node holds the row as it
// is stored: one piece of memory in which the garbage collector has nothing to follow, read again when something is made of it. Resources of other
// types are held open.
var keptAsText = map[string]bool{"apis": true, "operations": true, "namedValues": true, "subscriptions": true}

// keep makes n the node of a resource and forgets what was made of it before.
func (p *Publisher) keep(row store.Row, m *kind.Mount) error {
	var res *kind.Resource
	if !keptAsText[m.Type] {
		var err error
		if res, err = p.open(row); err != nil {
			return err
		}
	}
	n := p.tree.put(row.ID)
	n.res, n.mount, n.text = res, m, nil
	if res == nil {
		n.text = row.Body
	}
	return nil
}

// opened reads the resource of a node that is kept as text. One that can't be read is nil: it is not served, and whoever brought the change is told.
func opened[T any](p *Publisher, n *node) *T {
	res, err := p.open(store.Row{ID: n.id, Kind: n.mount.FullType, Body: n.text})
	if err == nil {
		if v, ok := res.Value.(*T); ok {
			return v
		}
		err = fmt.Errorf("open %s: it holds a %T", n.id, res.Value)
	}
	p.unread = append(p.unread, err)
	return nil
}

// value returns the value of a resource that is held open, when it is a *T.
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
