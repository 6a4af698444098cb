package control

import (
	"errors"
	"fmt"
	"slices"

	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// extras stores or removes the further resources of a write, each under the rules of its own kind. What goes goes first; then whatever is about to
// claim something else lets go of what it holds, so that values may change hands among them; then all are stored.
func (c *Control) extras(tx store.Tx, l *lookup, by *kind.Write, extras []kind.Extra) error {
	var staged []*extra
	for _, e := range extras {
		if e.Delete {
			if err := tx.Delete(e.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
	for _, e := range extras {
		if e.Delete {
			continue
		}
		x, err := c.ready(tx, l, by, e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.ID, err)
		}
		staged = append(staged, x)
	}
	for _, x := range staged {
		if err := x.release(tx); err != nil {
			return err
		}
	}
	for _, x := range staged {
		if _, err := c.put(tx, l, x.Write, x.row); err != nil {
			return fmt.Errorf("%s: %w", x.ID, err)
		}
	}
	return nil
}

// extra is a further resource on its way.
type extra struct {
	*kind.Write
	row store.Row // what is there now
}

// stage stores one further resource under the rules of its own kind.
func (c *Control) stage(tx store.Tx, l *lookup, by *kind.Write, e kind.Extra) error {
	return c.extras(tx, l, by, []kind.Extra{e})
}

// ready applies the rules of its kind to one further resource.
func (c *Control) ready(tx store.Tx, l *lookup, by *kind.Write, e kind.Extra) (*extra, error) {
	m, ok := c.Registry.Of(e.ID)
	if !ok {
		return nil, fmt.Errorf("no kind %s", e.ID.Type())
	}
	w := &kind.Write{ID: e.ID, Asked: e.ID, Mount: m, New: e.Value, Head: &kind.Head{}, Lookup: l, Query: by.Query, Caller: by.Caller}
	row, err := tx.Get(e.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	if err == nil {
		old, err := c.open(row)
		if err != nil {
			return nil, err
		}
		w.ID, w.Old, w.OldHead = row.ID, old.Value, &old.Head
	}
	if !e.Created.IsZero() {
		row.Created = e.Created
	}
	if e.Kept {
		w.Kept = true
		return &extra{w, row}, nil
	}
	for _, step := range []func(*kind.Write) error{m.Default, func(w *kind.Write) error { return m.Check(w.New) }, m.Validate} {
		if err := step(w); err != nil {
			return nil, err
		}
	}
	return &extra{w, row}, nil
}

// release gives up what the stored row claims when the new one claims something else.
func (x *extra) release(tx store.Tx) error {
	if x.Old == nil {
		return nil
	}
	was := *x.Write
	was.New = x.Old
	if slices.EqualFunc(x.Mount.Claims(&was), x.Mount.Claims(x.Write), sameClaim) {
		return nil
	}
	return tx.Put(store.Write{Row: x.row})
}

func sameClaim(a, b kind.Claim) bool { return a.Space == b.Space && a.Value == b.Value }

// tagOf is the tag of a row that is about to be stored: what is kept and unchanged keeps it.
func tagOf(w *kind.Write, old store.Row, body []byte) string {
	if w.SameTag && old.ETag != "" {
		return old.ETag
	}
	if w.Kept && old.ETag != "" && slices.Equal(old.Body, body) {
		return old.ETag
	}
	return newTag()
}
