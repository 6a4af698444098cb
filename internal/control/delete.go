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

// Delete removes a resource with everything below it. What isn't there answers 204.
func (c *Control) Delete(ctx context.Context, call *Call, id arm.ID) (*Answer, error) {
	w, err := c.begin(call, id, "delete")
	if err != nil {
		return nil, err
	}
	out := &Answer{Status: http.StatusNoContent}
	version, err := c.Store.Update(ctx, call.actor(), func(tx store.Tx) error {
		l := c.lookup(tx)
		w.Lookup = l
		if err := c.offered(l, w.mount, w.ID.Parent()); err != nil {
			return err
		}
		if w.mount.Alias != nil {
			return w.removeAlias(tx, l, out)
		}
		row, err := tx.Get(l.resolve(w.ID))
		if errors.Is(err, store.ErrNotFound) {
			return errGone
		}
		if err != nil {
			return err
		}
		res, err := c.open(row)
		if err != nil {
			return err
		}
		w.ID, w.Old, w.OldHead = row.ID, res.Value, &res.Head
		if err := w.fulfil(); err != nil {
			return err
		}
		if !arm.Match(call.IfMatch, row.ETag) {
			return arm.PreconditionFailed()
		}
		return w.remove(tx, l, row, res, out)
	})
	if errors.Is(err, errGone) {
		return out, nil
	}
	if err != nil {
		return nil, w.explain(err)
	}
	return out, c.Feed.Sync(ctx, version)
}

// errGone ends a deletion that has nothing to do.
var errGone = errors.New("control: nothing to delete")

func (w *writing) remove(tx store.Tx, l *lookup, row store.Row, res *kind.Resource, out *Answer) error {
	if err := w.mount.Remove(w.Write); err != nil {
		return err
	}
	if w.mount.Deleted {
		a, err := w.c.answer(w.call, l, res, w.c.shownAs(w.mount, w.asked, row.ID), &row)
		if err != nil {
			return err
		}
		*out = *a
	}
	extras, stays, err := w.mount.Succeed(w.Write)
	if err != nil {
		return err
	}
	if !stays {
		if err := tx.Delete(row.ID); err != nil {
			return err
		}
	}
	if err := w.c.extras(tx, l, w.Write, extras); err != nil {
		return err
	}
	return l.err
}

// inUse refuses the deletion of what others point at. It names pointing resources that lie in the same workspace or service only.
func inUse(noun string, e *store.ReferencedError) *arm.Error {
	var details []arm.Detail
	hidden := 0
	for _, r := range e.Referrers {
		if len(details) < 10 && homeOf(r.From) == homeOf(e.ID) {
			details = append(details, arm.Detail{Code: "ValidationError", Target: r.From.String(), Message: fmt.Sprintf("%s of it points here.", r.Field)})
		} else {
			hidden++
		}
	}
	if hidden > 0 {
		details = append(details, arm.Detail{Code: "ValidationError", Message: fmt.Sprintf("%d more.", hidden)})
	}
	err := arm.Invalid(details...)
	err.Message = noun + " can't be deleted while it is in use. Change or delete what uses it first:"
	return err
}

// homeOf is the part of an id up to its workspace, or its service.
func homeOf(id arm.ID) string {
	for _, t := range []string{kind.Workspace, kind.Service} {
		if at, ok := id.Ancestor(t); ok {
			return at.Key()
		}
	}
	return ""
}
