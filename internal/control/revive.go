package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/authz"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// What was deleted lies in the change log, so keeping a deleted resource costs nothing until it is wanted back. Backups hold the same rows.

// revival is what a write brings back.
type revival struct {
	kind.Revival
	rows []store.Row // in order of their keys, as they were; secrets sealed for the old ids
}

// recall asks the kind whether the write brings something back, and reads what from the log.
func (w *writing) recall(ctx context.Context) error {
	if !w.mount.Revives() {
		return nil
	}
	var r *kind.Revival
	err := w.c.Store.View(ctx, func(rd store.Reader) (err error) {
		l := w.c.lookup(rd)
		w.Lookup = l
		defer func() { w.Lookup = nil }()
		r, err = w.mount.Revive(w.Write)
		return errors.Join(err, l.err)
	})
	if err != nil || r == nil {
		return err
	}
	rows, err := w.c.past(ctx, *r)
	if err != nil {
		return err
	}
	if len(rows) == 0 || !rows[0].ID.Equal(r.From) {
		return arm.NotFound(w.mount.Noun)
	}
	old, err := w.c.moved(rows[0], r.From, w.ID)
	if err != nil {
		return err
	}
	tags := w.Head.Tags
	keepHead(w.Head, &old.Head)
	if tags == nil {
		w.Head.Tags = old.Head.Tags
	}
	w.New, w.Revived, w.revived = old.Value, r, &revival{*r, rows}
	return nil
}

// past rebuilds from the change log what the last deletion of a scope before the entry that holds the token took away.
func (c *Control) past(ctx context.Context, r kind.Revival) ([]store.Row, error) {
	var last []store.Row
	rows, gone, token := map[string]version{}, map[string]uint64{}, []byte(r.Token)
	for after := uint64(0); ; {
		changes, err := c.Store.Changes(ctx, after, 0)
		if err != nil {
			return nil, fmt.Errorf("read the change log: %w", err)
		}
		ended := len(changes) == 0
		for _, ch := range changes {
			after = ch.Seq
			if ended = bytes.Contains(ch.Body, token); ended {
				break
			}
			id, err := arm.ParseID(ch.ID)
			if err != nil || !id.Within(r.From) {
				continue
			}
			if ch.Verb == store.VerbDelete {
				if id.Equal(r.From) {
					last = alive(rows, gone, r.From) // what this deletion took, should it be the one
				}
				gone[id.Key()] = ch.Seq
				continue
			}
			row := store.Row{ID: id, Kind: ch.Kind, Body: ch.Body, Created: ch.Time, Modified: ch.Time}
			if before, ok := rows[id.Key()]; ok && before.seq > gone[id.Key()] {
				row.Created = before.Created
			}
			rows[id.Key()] = version{row, ch.Seq}
		}
		if ended {
			return last, nil
		}
	}
}

// version is a row as one entry of the log left it.
type version struct {
	store.Row
	seq uint64
}

// alive are the rows that neither they nor anything above them was deleted after they were written, in order of their keys.
func alive(rows map[string]version, gone map[string]uint64, scope arm.ID) []store.Row {
	var out []store.Row
	for _, v := range rows {
		there := true
		for at := v.ID; there && !at.IsRoot() && at.Within(scope); at = at.Parent() {
			there = gone[at.Key()] < v.seq
		}
		if there {
			out = append(out, v.Row)
		}
	}
	slices.SortFunc(out, func(a, b store.Row) int { return strings.Compare(a.ID.Key(), b.ID.Key()) })
	return out
}

// moved opens a row that lay at or below from as it would be at or below to: ids in its properties follow.
func (c *Control) moved(row store.Row, from, to arm.ID) (*kind.Resource, error) {
	res, err := c.open(row)
	if err != nil || from.Equal(to) {
		return res, err
	}
	if res.ID, err = arm.ParseID(to.String() + row.ID.String()[len(from.String()):]); err != nil {
		return nil, err
	}
	b, err := json.Marshal(res.Value)
	if err != nil {
		return nil, err
	}
	pattern := regexp.MustCompile(`(?i)` + regexp.QuoteMeta(from.String()) + `([/"?; ]|$)`)
	b = pattern.ReplaceAll(b, []byte(strings.ReplaceAll(to.String(), "$", "$$")+"$1"))
	v := res.Kind.New()
	if err := json.Unmarshal(b, v); err != nil {
		return nil, fmt.Errorf("move %s: %w", row.ID, err)
	}
	res.Value = v
	return res, nil
}

// bringBack stores what lay below the resource that the write brings back.
func (w *writing) bringBack(tx store.Tx, l *lookup) error {
	if w.revived == nil {
		return nil
	}
	if _, ok := l.Get(w.revived.Record); !ok {
		return arm.Conflict("Conflict", "'%s' was restored or purged by somebody else meanwhile.", w.revived.From)
	}
	if err := w.c.settle(tx, l, w.call, w.revived.rows[1:], w.revived.From, w.ID); err != nil {
		return err
	}
	return tx.Delete(w.revived.Record)
}

// settle stores rows that lay below from so that they lie below to. A row waits for what it points at. What stands in any scope, such as role
// assignments, comes back only to callers who could write it: nobody gains rights by bringing something back.
func (c *Control) settle(tx store.Tx, l *lookup, call *Call, rows []store.Row, from, to arm.ID) error {
	waiting, pointing := map[string]bool{}, map[string]int{}
	var queue []*kind.Resource
	created := map[string]store.Row{}
	for _, row := range rows {
		m, ok := c.Registry.Mount(row.Kind)
		if !ok {
			continue // of a version of ours that has more kinds
		}
		res, err := c.moved(row, from, to)
		if err != nil {
			return err
		}
		if m.Anywhere && c.mayBringBack(call, l, m, row.ID, res) != nil {
			continue
		}
		queue = append(queue, res)
		waiting[res.ID.Key()], created[res.ID.Key()] = true, row
	}
	all := slices.Clone(queue)
	for last := len(queue) + 1; len(queue) > 0; {
		final := len(queue) == last // what still waits points in a circle, or at nothing
		last = len(queue)
		var later []*kind.Resource
		for _, res := range queue {
			stored, err := c.settleOne(tx, l, res, created[res.ID.Key()], waiting, pointing, final)
			if err != nil {
				return err
			}
			if !stored {
				later = append(later, res)
			}
		}
		queue = later
	}
	return errors.Join(c.completeRows(tx, l, all, pointing), l.err)
}

// mayBringBack refuses what the caller could not write where it was.
func (c *Control) mayBringBack(call *Call, l *lookup, m *kind.Mount, was arm.ID, res *kind.Resource) error {
	if !m.Judged() || m.WrittenBy != nil {
		return c.mayWrite(call, m, "write", was)
	}
	var f authz.Facts
	f.Request, f.Resource = m.Facts(&kind.Write{ID: res.ID, Mount: m, New: res.Value, Head: &res.Head, Lookup: l})
	_, err := c.decideOn(call, m.Action("write"), was, f)
	return err
}

// completeRows completes what rows claim and point at on account of rows that came after them: a version set claims the paths of its APIs, and a document
// names what it uses. pointing says at how much each points so far.
func (c *Control) completeRows(tx store.Tx, l *lookup, all []*kind.Resource, pointing map[string]int) error {
	for _, res := range all {
		row, err := tx.Get(res.ID)
		m, ok := c.Registry.Of(res.ID)
		if errors.Is(err, store.ErrNotFound) || !ok {
			continue
		}
		if err != nil {
			return err
		}
		w := &kind.Write{ID: res.ID, Asked: res.ID, Mount: m, New: res.Value, Head: &res.Head, Lookup: l, Kept: true}
		free := slices.ContainsFunc(m.Claims(w), func(cl kind.Claim) bool {
			_, held, err := tx.Claimed(cl.Space, cl.Value)
			return err == nil && !held
		})
		if !free && len(m.Refs(w)) <= pointing[res.ID.Key()] {
			continue
		}
		if _, err := c.put(tx, l, w, row); err != nil {
			return err
		}
	}
	return nil
}

func (c *Control) settleOne(tx store.Tx, l *lookup, res *kind.Resource, was store.Row, waiting map[string]bool, pointing map[string]int, final bool) (bool, error) {
	m, ok := c.Registry.Of(res.ID)
	if !ok {
		return false, fmt.Errorf("restore %s: no such kind", res.ID)
	}
	w := &kind.Write{ID: res.ID, Mount: m, New: res.Value, Head: &res.Head, Lookup: l}
	out := store.Write{Row: store.Row{ID: res.ID, Kind: m.FullType, ETag: newTag(), Created: was.Created, Modified: was.Modified}}
	for _, r := range m.Refs(w) {
		target := l.resolve(r.To)
		row, err := tx.Get(target)
		switch {
		case err == nil:
			target = row.ID
		case !errors.Is(err, store.ErrNotFound):
			return false, err
		case waiting[target.Key()] && !final:
			return false, nil
		case !r.Soft && !waiting[target.Key()]:
			return true, nil // what it pointed at lay elsewhere and is gone
		}
		ref := store.Ref{To: target, Field: r.Field, OnDelete: store.Restrict}
		if r.Cascade {
			ref.OnDelete = store.Cascade
		}
		out.Refs = append(out.Refs, ref)
	}
	for _, cl := range m.Claims(w) {
		out.Claims = append(out.Claims, store.Claim{Space: cl.Space, Value: cl.Value, Field: cl.Field})
	}
	var err error
	if out.Row.Body, err = c.close(res); err != nil {
		return false, err
	}
	var taken *store.ClaimError
	if err := tx.Put(out); errors.As(err, &taken) {
		return false, arm.Conflict("Conflict", "'%s' can't be restored: its %s '%s' is in use now.", res.ID, taken.Claim.Field, taken.Claim.Value)
	} else if err != nil {
		return false, err
	}
	delete(waiting, res.ID.Key())
	pointing[res.ID.Key()] = len(out.Refs)
	return true, nil
}
