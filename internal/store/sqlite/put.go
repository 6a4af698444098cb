package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// pending is a put that nothing stands in the way of.
type pending struct {
	old, now           *cachedRow
	claims             []store.Claim
	refs               []store.Ref
	newClaims, newRefs bool
	change             store.Change // its entry of the log
}

// plan finds out what a put has to change, or why it can't be. What a row claims and refers to seldom changes after its first write, and each index
// entry that is rewritten costs a page in the log; so both are compared. Nothing is written, so that a refused put leaves nothing behind even when the
// caller goes on.
func (t *tx) plan(w store.Write) (*pending, error) {
	old, err := t.promises(w.Row.ID)
	if err != nil {
		return nil, err
	}
	p := &pending{old: old, now: stored(w, old.number), refs: w.Refs, newClaims: !sameSet(old.claims, w.Claims)}
	p.claims, p.newRefs = p.now.claims, !sameSet(old.refs, p.now.refs)
	if p.newClaims {
		err = t.claimsFree(w.Row.ID, old.claims, w.Claims)
	}
	return p, err
}

// write stores what was planned.
func (t *tx) write(p *pending) (err error) {
	if p.now.number, err = t.putRow(p.now.row, p.old); err != nil {
		return err
	}
	if p.newClaims {
		if err := t.putClaims(p.now.number, p.old.claims, p.claims); err != nil {
			return err
		}
	}
	if p.newRefs {
		if err := t.putRefs(p.now.number, p.old.refs, p.refs); err != nil {
			return err
		}
	}
	return t.log(p.change)
}

// sameSet says whether both hold the same members. Both are short.
func sameSet[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for _, m := range a {
		if !slices.Contains(b, m) {
			return false
		}
	}
	return true
}

// promisesOf reads what the row of a number claims and refers to.
func (t *tx) promisesOf(number int64) (claims []store.Claim, refs []refText, err error) {
	err = t.s.rows(context.Background(), "promises-of", []any{number}, func(scan func(...any) error) error {
		var mark int
		var first, value, field string
		if err := scan(&mark, &first, &value, &field); err != nil {
			return err
		}
		if mark < 0 {
			claims = append(claims, store.Claim{Space: first, Value: value, Field: field})
		} else {
			refs = append(refs, refText{first, field, store.OnDelete(mark)})
		}
		return nil
	})
	return claims, refs, err
}

// claimsFree refuses claims that another row holds; those that the row held before are its own.
func (t *tx) claimsFree(id arm.ID, held, claims []store.Claim) error {
	for _, c := range claims {
		if slices.Contains(held, c) {
			continue
		}
		owner, taken, err := t.Claimed(c.Space, c.Value)
		if err != nil {
			return err
		}
		if taken && !owner.Equal(id) {
			return &store.ClaimError{Claim: c, Owner: owner}
		}
	}
	return nil
}

// putRow updates the row in place or adds it, and returns its number.
func (t *tx) putRow(r store.Row, old *cachedRow) (int64, error) {
	id, created, modified := r.ID.String(), timeText(r.Created), timeText(r.Modified)
	if !old.absent {
		if _, err := t.s.exec("update-resource", old.number, r.Body, r.ETag, created, modified); err != nil {
			return 0, err
		}
		return old.number, t.rename(r, old)
	}
	kind, err := t.word("kind " + strings.ToLower(r.Kind))
	if err != nil {
		return 0, err
	}
	above := r.ID.Parent().Key()
	parent, err := t.word(above)
	if err != nil {
		return 0, err
	}
	key := r.ID.Key()
	res, err := t.s.exec("insert-resource", key, id, parent, strings.TrimPrefix(key, above), r.Kind, kind, r.Body, r.ETag, created, modified)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// rename gives a row that is there the kind and the casing of its id that it is written with, which seldom differ from those it has.
func (t *tx) rename(r store.Row, old *cachedRow) error {
	if r.Kind == old.row.Kind && r.ID.String() == old.row.ID.String() {
		return nil
	}
	kind, err := t.word("kind " + strings.ToLower(r.Kind))
	if err != nil {
		return err
	}
	_, err = t.s.exec("rename-resource", old.number, r.Kind, kind, r.ID.String())
	return err
}

func (t *tx) putClaims(number int64, held, claims []store.Claim) error {
	if len(held) > 0 {
		if _, err := t.s.exec("drop-claims", number); err != nil {
			return err
		}
	}
	for _, c := range claims {
		space, err := t.word("space " + c.Space)
		if err != nil {
			return err
		}
		if _, err := t.s.exec("put-claim", space, c.Value, number, c.Field); err != nil {
			return err
		}
	}
	return nil
}

// refText is a reference as the database holds it.
type refText struct {
	to, field string
	onDelete  store.OnDelete
}

func refTexts(refs []store.Ref) []refText {
	list := make([]refText, len(refs))
	for i, r := range refs {
		list[i] = refText{r.To.String(), r.Field, r.OnDelete}
	}
	return list
}

func (t *tx) putRefs(number int64, held []refText, refs []store.Ref) error {
	if len(held) > 0 {
		if _, err := t.s.exec("drop-refs", number); err != nil {
			return err
		}
	}
	for _, r := range refs {
		if _, err := t.s.exec("put-ref", number, r.Field, r.To.Key(), r.To.String(), int(r.OnDelete)); err != nil {
			return err
		}
	}
	return nil
}
