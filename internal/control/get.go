package control

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// Get answers a GET or HEAD of one resource.
func (c *Control) Get(ctx context.Context, call *Call, id arm.ID) (*Answer, error) {
	m, ok := c.Registry.Placed(id)
	if !ok {
		return nil, c.unknownType(id.Type())
	}
	if err := c.decide(call, m.Action("read"), id, c.MembersRead[strings.ToLower(m.FullType)]); err != nil && !keeps(call, m) {
		return nil, err
	}
	var out *Answer
	err := c.Store.View(ctx, func(r store.Reader) error {
		l := c.lookup(r)
		res, row, err := c.find(l, m, id)
		if err != nil {
			return err
		}
		if call.exports(m) {
			out, err = c.exported(call, l, res, c.shownAs(m, id, res.ID))
			return errors.Join(err, l.err)
		}
		out, err = c.answer(call, l, res, c.shownAs(m, id, res.ID), row)
		if err == nil {
			out.Head = m.HeadStatus
		}
		return errors.Join(err, l.err)
	})
	return out, err
}

// find reads the resource that a request names, or says what is missing on the way to it.
func (c *Control) find(l *lookup, m *kind.Mount, id arm.ID) (*kind.Resource, *store.Row, error) {
	if err := c.offered(l, m, id.Parent()); err != nil {
		return nil, nil, err
	}
	if m.Virtual != nil {
		res, ok := m.Virtual.Get(l, id)
		if !ok {
			return nil, nil, errors.Join(l.err, c.absent(l, id))
		}
		res.Kind = m.Kind
		if row, err := l.r.Get(l.resolve(id)); err == nil {
			res.ETag = row.ETag
			return res, &row, l.err
		}
		return res, nil, l.err
	}
	row, err := l.r.Get(l.resolve(id))
	if errors.Is(err, store.ErrNotFound) {
		if res, ok := m.Standing(id); ok {
			return res, &store.Row{}, c.present(l, id)
		}
		return nil, nil, c.absent(l, id)
	}
	if err != nil {
		return nil, nil, err
	}
	res, err := c.open(row)
	return res, &row, err
}

// absent is the 404 of id: of its nearest ancestor that is missing, else its own.
func (c *Control) absent(l *lookup, id arm.ID) error {
	if err := c.present(l, id); err != nil {
		return err
	}
	return c.missing(id)
}

func (c *Control) answer(call *Call, l *lookup, res *kind.Resource, as arm.ID, row *store.Row) (*Answer, error) {
	body, err := c.render(call, l, res, as, row)
	if err != nil {
		return nil, err
	}
	return &Answer{Status: http.StatusOK, Body: body, ETag: res.ETag}, nil
}
