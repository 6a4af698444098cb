package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// putAlias is Put for kinds that are another look at rows of other kinds: it makes the row that the resource stands on, unless there is one.
func (c *Control) putAlias(ctx context.Context, w *writing) (*Answer, error) {
	version, err := c.Store.Update(ctx, w.call.actor(), func(tx store.Tx) error {
		l := c.lookup(tx)
		w.Lookup = l
		if err := c.present(l, w.ID); err != nil {
			return err
		}
		if _, there := w.mount.Alias.Row(l, w.ID); there || l.err != nil {
			return l.err
		}
		w.created = true
		row, err := w.mount.Alias.Make(l, w.ID)
		if err != nil {
			return err
		}
		if err := c.present(l, row.ID); err != nil {
			return err
		}
		if err := c.stage(tx, l, w.Write, row); err != nil {
			return fmt.Errorf("%s: %w", row.ID, err)
		}
		return l.err
	})
	if err != nil {
		return nil, w.explain(err)
	}
	if err := c.Feed.Sync(ctx, version); err != nil {
		return nil, err
	}
	return w.renderAlias(ctx)
}

// renderAlias answers with the resource as it is read.
func (w *writing) renderAlias(ctx context.Context) (*Answer, error) {
	out := &Answer{Status: w.mount.ReplaceStatus()}
	if w.created {
		out.Status = w.mount.CreatedStatus()
	}
	err := w.c.Store.View(ctx, func(r store.Reader) error {
		l := w.c.lookup(r)
		res, row, err := w.c.find(l, w.mount, w.ID)
		if err != nil {
			return err
		}
		a, err := w.c.answer(w.call, l, res, w.c.shownAs(w.mount, w.asked, res.ID), row)
		if err != nil {
			return err
		}
		out.Body, out.ETag = a.Body, a.ETag
		return l.err
	})
	return out, err
}

// removeAlias takes away the row that the resource stands on, and leaves what it shows.
func (w *writing) removeAlias(tx store.Tx, l *lookup, out *Answer) error {
	row, there := w.mount.Alias.Row(l, w.ID)
	if l.err != nil {
		return l.err
	}
	if !there {
		return errGone
	}
	out.Status = http.StatusOK
	return tx.Delete(row)
}

// there says whether a resource exists: as a row, or because its kind says so.
func (c *Control) there(l *lookup, m *kind.Mount, id arm.ID) (bool, error) {
	_, err := l.r.Get(l.resolve(id))
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return err == nil, err
	}
	if m.Virtual == nil {
		return false, nil
	}
	_, ok := m.Virtual.Get(l, id)
	return ok, l.err
}
