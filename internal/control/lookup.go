package control

import (
	"errors"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// lookup reads resources in one state of the store. The first fault of the store is kept and ends the verb.
type lookup struct {
	c   *Control
	r   store.Reader
	err error
}

var _ kind.Lookup = (*lookup)(nil)

func (c *Control) lookup(r store.Reader) *lookup { return &lookup{c: c, r: r} }

func (l *lookup) fail(err error) {
	if l.err == nil && err != nil && !errors.Is(err, store.ErrNotFound) {
		l.err = err
	}
}

// Get returns the resource of an id, in whatever casing it is written.
func (l *lookup) Get(id arm.ID) (*kind.Resource, bool) {
	row, err := l.r.Get(id)
	if err != nil {
		l.fail(err)
		return nil, false
	}
	res, err := l.c.open(row)
	l.fail(err)
	return res, err == nil
}

func (l *lookup) Children(parent arm.ID, typ string) []*kind.Resource {
	return l.list(store.Query{Parent: parent, Kind: parent.Type() + "/" + typ})
}

func (l *lookup) Below(scope arm.ID, fullType string) []*kind.Resource {
	return l.list(store.Query{Parent: scope, Under: true, Kind: fullType})
}

func (l *lookup) Tree(scope arm.ID) []*kind.Resource {
	return l.list(store.Query{Parent: scope, Under: true})
}

func (l *lookup) list(q store.Query) []*kind.Resource {
	rows, err := l.r.List(q)
	l.fail(err)
	out := make([]*kind.Resource, 0, len(rows))
	for _, row := range rows {
		res, err := l.c.open(row)
		if err != nil {
			l.fail(err)
			continue
		}
		out = append(out, res)
	}
	return out
}

func (l *lookup) Claimed(space, value string) (arm.ID, bool) {
	id, ok, err := l.r.Claimed(space, value)
	l.fail(err)
	return id, ok
}

func (l *lookup) Referrers(id arm.ID) []arm.ID {
	refs, err := l.r.Referrers(id)
	l.fail(err)
	out := make([]arm.ID, len(refs))
	for i, r := range refs {
		out[i] = r.From
	}
	return out
}

func (l *lookup) Principal(objectID string) (string, bool) { return l.c.Directory.Principal(objectID) }

// resolve maps the id in a request to the stored one.
func (l *lookup) resolve(id arm.ID) arm.ID {
	if l.c.Resolve == nil {
		return id
	}
	return l.c.Resolve(l, id)
}
