package control

import (
	"bytes"
	"context"
	"errors"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// ErrStays ends a revision that turns out to change nothing.
var ErrStays = errors.New("control: the resource stays as it is")

// Revise changes a resource that exists on the product's own account, when something outside has become different: a token that was renewed. It is no
// write of a caller: change gets the value with its secrets and changes it in place, and neither defaults nor rules are applied again. The tag stays when nothing
// that callers see has changed. It returns when the change is in force; a resource that is gone is store.ErrNotFound.
func (c *Control) Revise(ctx context.Context, by string, id arm.ID, change func(l kind.Lookup, value any) error) error {
	version, err := c.Store.Update(ctx, store.Actor{Name: by}, func(tx store.Tx) error {
		l := c.lookup(tx)
		row, err := tx.Get(id)
		if err != nil {
			return err
		}
		res, err := c.open(row)
		if err != nil {
			return err
		}
		m, ok := c.Registry.Mount(row.Kind)
		if !ok {
			return c.unknownType(row.Kind)
		}
		before, err := c.render(System(by), l, res, res.ID, nil)
		if err != nil {
			return err
		}
		if err := change(l, res.Value); err != nil {
			return err
		}
		after, err := c.render(System(by), l, res, res.ID, nil)
		if err != nil {
			return err
		}
		w := &kind.Write{ID: res.ID, Mount: m, New: res.Value, Old: res.Value, Head: &res.Head, OldHead: &res.Head, Lookup: l, SameTag: bytes.Equal(before, after)}
		if _, err := c.put(tx, l, w, row); err != nil {
			return err
		}
		return l.err
	})
	switch {
	case errors.Is(err, ErrStays):
		return nil
	case err != nil:
		return err
	}
	return c.Feed.Sync(ctx, version)
}

// Look runs f on one state of the store, for parts of the product that follow it on their own account.
func (c *Control) Look(ctx context.Context, f func(kind.Lookup) error) error {
	return c.Store.View(ctx, func(r store.Reader) error {
		l := c.lookup(r)
		if err := f(l); err != nil {
			return err
		}
		return l.err
	})
}
