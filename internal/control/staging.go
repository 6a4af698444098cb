package control

import (
	"crypto/rand"
	"encoding/base64"
	"errors"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// linkedAccess refuses a write whose body points at something that the caller may not use, before anything about the target is told.
func (w *writing) linkedAccess() error {
	if w.call.System {
		return nil
	}
	linked := w.mount.Linked(w.Write)
	if len(linked) == 0 {
		return nil
	}
	p := w.c.principal(w.call)
	for _, a := range linked {
		if !w.c.Access.Load().Decide(p, a.Action, a.Scope).Allowed {
			return arm.LinkedForbidden(w.call.Name, w.call.ObjectID, a.Action, a.Scope)
		}
	}
	return nil
}

// store writes the row with what it claims and refers to.
func (w *writing) store(tx store.Tx, l *lookup) error {
	if w.mount.Shape == kind.Link && w.old != nil {
		w.result = w.old // an association that is there already stays as it is
		return nil
	}
	res, err := w.c.put(tx, l, w.Write, w.row)
	if errors.As(err, new(*takenError)) { // what is taken may become free by what the write brings with it: expand tries again
		w.Unclaimed = true
		res, err = w.c.put(tx, l, w.Write, w.row)
	}
	w.result = res
	return err
}

// put stores one write that is valid: references that exist, claims, the row.
func (c *Control) put(tx store.Tx, l *lookup, w *kind.Write, old store.Row) (*kind.Resource, error) {
	refs, err := c.refs(l, w)
	if err != nil {
		return nil, err
	}
	var stated []kind.Claim
	if !w.Unclaimed {
		stated = w.Mount.Claims(w)
	}
	claims := make([]store.Claim, 0, len(stated))
	for _, cl := range stated {
		claims = append(claims, store.Claim{Space: cl.Space, Value: cl.Value, Field: cl.Field})
	}
	res := &kind.Resource{ID: w.ID, Kind: w.Mount.Kind, Head: *w.Head, Value: w.New}
	body, err := c.close(res)
	if err != nil {
		return nil, err
	}
	res.ETag = tagOf(w, old, body)
	now := c.Now().UTC()
	row := store.Row{ID: w.ID, Kind: w.Mount.FullType, Body: body, ETag: res.ETag, Created: old.Created, Modified: now}
	if row.Created.IsZero() {
		row.Created = now
	}
	err = tx.Put(store.Write{Row: row, Claims: claims, Refs: refs})
	var taken *store.ClaimError
	if errors.As(err, &taken) {
		return nil, &takenError{refusal(stated, taken)}
	}
	return res, err
}

// takenError is a refusal because something else holds what was claimed.
type takenError struct{ error }

func (e *takenError) Unwrap() error { return e.error }

// refusal is the answer to a value that another resource holds, in the words of the claim. It never says who holds it.
func refusal(stated []kind.Claim, taken *store.ClaimError) error {
	for _, cl := range stated {
		if cl.Space == taken.Claim.Space && cl.Value == taken.Claim.Value {
			if cl.Refusal != nil {
				return cl.Refusal
			}
			return arm.InvalidField(cl.Field, "%s", cl.Message)
		}
	}
	return taken
}

// refs checks that what the value points at exists, and says what becomes of the row when it goes.
func (c *Control) refs(l *lookup, w *kind.Write) ([]store.Ref, error) {
	var out []store.Ref
	for _, r := range w.Mount.Refs(w) {
		to := l.resolve(r.To)
		row, err := l.r.Get(to)
		switch {
		case errors.Is(err, store.ErrNotFound) && r.Soft:
		case errors.Is(err, store.ErrNotFound):
			return nil, arm.InvalidField(r.Field, "%s points at '%s', which does not exist.", r.Field, r.To)
		case err != nil:
			return nil, err
		default:
			to = row.ID
		}
		ref := store.Ref{To: to, Field: r.Field, OnDelete: store.Restrict}
		if r.Cascade {
			ref.OnDelete = store.Cascade
		}
		out = append(out, ref)
	}
	return out, nil
}

// expand stores or removes the further resources of the write.
func (w *writing) expand(tx store.Tx, l *lookup) error {
	extras, err := w.mount.Expand(w.Write)
	if err != nil {
		return err
	}
	if w.previewed == nil {
		return w.bring(tx, l, extras)
	}
	before, err := rowsOf(tx, extras)
	if err != nil {
		return err
	}
	if err := w.bring(tx, l, extras); err != nil {
		return err
	}
	return w.previewed.note(w.c, tx, extras, before)
}

// bring stores the extras, and then claims what was taken before them.
func (w *writing) bring(tx store.Tx, l *lookup, extras []kind.Extra) error {
	if err := w.c.extras(tx, l, w.Write, extras); err != nil || !w.Unclaimed {
		return err
	}
	w.Unclaimed = false
	var err error
	w.result, err = w.c.put(tx, l, w.Write, w.row)
	return err
}

// explain turns the store's refusals into answers.
func (w *writing) explain(err error) error {
	var used *store.ReferencedError
	if errors.As(err, &used) {
		return inUse(w.mount.Noun, used)
	}
	return err
}

// render answers a write from the state that it made, within its transaction: nobody else has changed that state yet.
func (w *writing) render(tx store.Tx, l *lookup) error {
	row, err := tx.Get(l.resolve(w.result.ID))
	if err != nil {
		return err
	}
	if !row.ID.Equal(w.result.ID) { // what was written has moved: a revision that became current
		if w.result, err = w.c.open(row); err != nil {
			return err
		}
	}
	w.c.veil(w.call, l, w.result, w.result.Value) // it is stored: nobody needs the value any more
	body, err := w.c.show(w.result, w.result.Value, w.c.shownAs(w.mount, w.asked, w.result.ID), &row)
	if err != nil {
		return err
	}
	w.answer = &Answer{Status: w.mount.ReplaceStatus(), Body: body, ETag: w.result.ETag}
	if w.created {
		w.answer.Status = w.mount.CreatedStatus()
	}
	return nil
}

// newTag is a fresh opaque tag.
func newTag() string {
	var b [9]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.StdEncoding.EncodeToString(b[:])
}
