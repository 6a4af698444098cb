package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// A PUT or PATCH with preview=true goes through every step of a write and is then taken back: the answer says what it would have made, changed and
// removed besides the resource itself. An import that is previewed is refused for the same reasons as the real one.

// Preview is the answer to a previewed write.
type Preview struct {
	ID        string         `json:"id"`
	Creates   bool           `json:"creates"` // the resource itself isn't there yet
	Added     []PreviewEntry `json:"added"`
	Changed   []PreviewEntry `json:"changed"`
	Removed   []PreviewEntry `json:"removed"`
	Unchanged int            `json:"unchanged"`
}

// PreviewEntry is one further resource, with what lists show of it. Members are the properties that would change.
type PreviewEntry struct {
	ID         string                     `json:"id"`
	Type       string                     `json:"type"`
	Name       string                     `json:"name"`
	Members    []string                   `json:"members,omitempty"`
	Properties map[string]json.RawMessage `json:"properties,omitempty"`
}

// errPreviewed takes a write back.
var errPreviewed = errors.New("control: a preview stores nothing")

// previews says whether a call asks for a preview.
func (c *Call) previews() bool { return strings.EqualFold(c.Query.Get("preview"), "true") }

// noPreview refuses a preview of what can't be previewed, rather than do it.
func (c *Call) noPreview() error {
	if !c.previews() {
		return nil
	}
	return arm.Errorf(http.StatusBadRequest, "InvalidQueryParameterValue", "preview=true is for PUT and PATCH of a resource; nothing was done.")
}

// preview performs a write that isn't kept.
func (w *writing) preview(ctx context.Context) (*Answer, error) {
	w.previewed = &Preview{Added: []PreviewEntry{}, Changed: []PreviewEntry{}, Removed: []PreviewEntry{}}
	_, err := w.c.Store.Update(ctx, w.call.actor(), func(tx store.Tx) error {
		if err := w.transact(tx); err != nil {
			return err
		}
		return errPreviewed
	})
	if !errors.Is(err, errPreviewed) {
		return nil, w.explain(err)
	}
	w.previewed.ID, w.previewed.Creates = w.c.shownAs(w.mount, w.asked, w.ID).String(), w.created
	body, err := arm.Marshal(w.previewed)
	return &Answer{Status: http.StatusOK, Body: body}, err
}

// note compares what extras were before them with what they made.
func (p *Preview) note(c *Control, tx store.Tx, extras []kind.Extra, before map[string]store.Row) error {
	seen := map[string]bool{}
	for _, e := range extras {
		if seen[e.ID.Key()] {
			continue
		}
		seen[e.ID.Key()] = true
		old, was := before[e.ID.Key()]
		now, err := tx.Get(e.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		is := err == nil
		switch {
		case !was && !is:
		case !was:
			p.Added = append(p.Added, c.entry(now, nil))
		case !is:
			p.Removed = append(p.Removed, c.entry(old, nil))
		default:
			if members := differing(old.Body, now.Body); len(members) > 0 {
				p.Changed = append(p.Changed, c.entry(now, members))
			} else {
				p.Unchanged++
			}
		}
	}
	return nil
}

// rowsOf are the rows of extras as they are now.
func rowsOf(tx store.Tx, extras []kind.Extra) (map[string]store.Row, error) {
	out := make(map[string]store.Row, len(extras))
	for _, e := range extras {
		row, err := tx.Get(e.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			out[e.ID.Key()] = row
		}
	}
	return out, nil
}

// entry shows of a row what its kind shows in lists.
func (c *Control) entry(row store.Row, members []string) PreviewEntry {
	out := PreviewEntry{ID: row.ID.String(), Type: row.Kind, Name: row.ID.Name(), Members: members}
	m, ok := c.Registry.Mount(row.Kind)
	if !ok {
		return out
	}
	props := properties(row.Body)
	for _, column := range m.View.Columns {
		if v, ok := props[column]; ok {
			if out.Properties == nil {
				out.Properties = map[string]json.RawMessage{}
			}
			out.Properties[column] = v
		}
	}
	return out
}

// differing are the properties in which two stored bodies differ, but for those that are never shown.
func differing(a, b []byte) []string {
	if bytes.Equal(a, b) {
		return nil
	}
	old, now := properties(a), properties(b)
	var out []string
	for name, v := range now {
		if !bytes.Equal(v, old[name]) {
			out = append(out, name)
		}
	}
	for name := range old {
		if _, still := now[name]; !still {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(out, func(name string) bool { return strings.HasPrefix(name, "atelier") })
}

func properties(body []byte) map[string]json.RawMessage {
	var d struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	_ = json.Unmarshal(body, &d) // our own storage
	return d.Properties
}
