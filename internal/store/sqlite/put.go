package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// putAll stores the row and what it promises. What a row claims and refers to seldom changes after its first write, and each index entry
// that is rewritten costs a page in the log; so both are compared first.
func (t *tx) putAll(w store.Write) error {
	id := w.Row.ID
	old, err := t.promises(id)
	if err != nil {
		return err
	}
	newClaims := !sameSet(old.claims, w.Claims)
	if newClaims {
		// Looked up before anything is written, so that a refused put leaves nothing behind even when the caller goes on.
		if err := t.claimsFree(id, old.claims, w.Claims); err != nil {
			return err
		}
	}
	if err := t.putRow(w.Row, old); err != nil {
		return err
	}
	if newClaims {
		if err := t.putClaims(id, old.claims, w.Claims); err != nil {
			return err
		}
	}
	if refs := refTexts(w.Refs); !sameSet(old.refs, refs) {
		if err := t.putRefs(id, old.refs, w.Refs); err != nil {
			return err
		}
	}
	t.remember(id, stored(w))
	return nil
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

func (t *tx) claimsOf(id arm.ID) ([]store.Claim, error) {
	var list []store.Claim
	err := t.s.rows(context.Background(), "claims-of", []any{id.Key()}, func(scan func(...any) error) error {
		var c store.Claim
		err := scan(&c.Space, &c.Value, &c.Field)
		list = append(list, c)
		return err
	})
	return list, err
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

// putRow updates the row in place, which touches no index, unless it is new or has become another kind.
func (t *tx) putRow(r store.Row, old *cachedRow) error {
	key, id, body, created, modified := r.ID.Key(), r.ID.String(), string(r.Body), timeText(r.Created), timeText(r.Modified)
	if !old.absent && old.row.Kind == r.Kind {
		_, err := t.s.exec("update-resource", key, r.Kind, id, body, r.ETag, created, modified)
		return err
	}
	if !old.absent {
		if _, err := t.s.exec("drop-resource", key); err != nil {
			return err
		}
	}
	_, err := t.s.exec("insert-resource", key, id, r.ID.Parent().Key(), r.Kind, strings.ToLower(r.Kind), body, r.ETag, created, modified)
	return err
}

func (t *tx) putClaims(id arm.ID, held, claims []store.Claim) error {
	if len(held) > 0 {
		if _, err := t.s.exec("drop-claims", id.Key()); err != nil {
			return err
		}
	}
	for _, c := range claims {
		if _, err := t.s.exec("put-claim", c.Space, c.Value, id.Key(), c.Field); err != nil {
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

func (t *tx) refsOf(id arm.ID) ([]refText, error) {
	var list []refText
	err := t.s.rows(context.Background(), "refs-of", []any{id.Key()}, func(scan func(...any) error) error {
		var r refText
		err := scan(&r.to, &r.field, &r.onDelete)
		list = append(list, r)
		return err
	})
	return list, err
}

func (t *tx) putRefs(id arm.ID, held []refText, refs []store.Ref) error {
	if len(held) > 0 {
		if _, err := t.s.exec("drop-refs", id.Key()); err != nil {
			return err
		}
	}
	for _, r := range refs {
		if _, err := t.s.exec("put-ref", id.Key(), r.Field, r.To.Key(), r.To.String(), int(r.OnDelete)); err != nil {
			return err
		}
	}
	return nil
}
