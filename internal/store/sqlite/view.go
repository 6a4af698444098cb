package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// view is a store.Reader on one session.
type view struct {
	ctx     context.Context
	s       *session
	version uint64
}

var _ store.Reader = (*view)(nil)

// span is the key range of what lies below an id.
type span struct{ key, low, high string }

func below(id arm.ID) span {
	k := id.Key()
	return span{key: k, low: k + "/", high: k + "0"} // '0' is the character after '/'
}

func (v *view) Version() uint64 { return v.version }

func (v *view) Get(id arm.ID) (store.Row, error) {
	r, _, err := v.find(id)
	if err != nil {
		return store.Row{}, err
	}
	if r == nil {
		return store.Row{}, store.ErrNotFound
	}
	return *r, nil
}

// find reads the row of id and its number, nil when there is none.
func (v *view) find(id arm.ID) (*store.Row, int64, error) {
	var r rowText
	found, err := v.s.row("get", []any{id.Key()}, r.dest()...)
	if err == nil && !found {
		return nil, 0, nil
	}
	var row store.Row
	if err == nil {
		row, err = r.row()
	}
	if err != nil {
		return nil, 0, fmt.Errorf("store: get %s: %w", id, err)
	}
	return &row, r.number, nil
}

func (v *view) List(q store.Query) ([]store.Row, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = -1 // SQLite's word for all
	}
	name, args := "list-children", []any{q.Parent.Key()}
	after, some := behind(q.Parent.Key(), q.AfterKey)
	if !some && !q.Under {
		return nil, nil
	}
	var tail []any
	if q.Under {
		at := below(q.Parent)
		name, args, after, tail = "list-under", nil, max(at.low, q.AfterKey), []any{at.high}
	}
	if q.Kind != "" {
		name += "-of-kind"
		args = append(args, strings.ToLower(q.Kind))
	}
	args = append(append(append(args, after), tail...), limit, max(q.Skip, 0))
	var list []store.Row
	err := v.s.rows(v.ctx, name, args, func(scan func(...any) error) error {
		var r rowText
		if err := scan(r.dest()...); err != nil {
			return err
		}
		row, err := r.row()
		list = append(list, row)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: list below %s: %w", q.Parent, err)
	}
	return list, nil
}

func (v *view) Each(kind string, f func(store.Row) error) error {
	var stopped error
	err := v.s.rows(v.ctx, "each-of-kind", []any{strings.ToLower(kind)}, func(scan func(...any) error) error {
		var r rowText
		if err := scan(r.dest()...); err != nil {
			return err
		}
		row, err := r.row()
		if err == nil {
			stopped = f(row)
			err = stopped
		}
		return err
	})
	switch {
	case stopped != nil:
		return stopped
	case err != nil:
		return fmt.Errorf("store: each of %s: %w", kind, err)
	}
	return nil
}

// behind is what follows parent in the key after, for comparison with the same part of children's keys, and whether any child can come after it.
func behind(parent, after string) (string, bool) {
	rest, ok := strings.CutPrefix(after, parent)
	switch {
	case ok:
		return rest, true
	case after < parent:
		return "", true
	default:
		return "", false
	}
}

func (v *view) Count(q store.Query) (int, error) {
	name, args := "count-children", []any{q.Parent.Key()}
	var tail []any
	if q.Under {
		at := below(q.Parent)
		name, args, tail = "count-under", nil, []any{at.low, at.high}
	}
	if q.Kind != "" {
		name += "-of-kind"
		args = append(args, strings.ToLower(q.Kind))
	}
	var n int
	if _, err := v.s.row(name, append(args, tail...), &n); err != nil {
		return 0, fmt.Errorf("store: count below %s: %w", q.Parent, err)
	}
	return n, nil
}

func (v *view) Claimed(space, value string) (arm.ID, bool, error) {
	var text string
	found, err := v.s.row("claimed", []any{space, value}, &text)
	if err != nil || !found {
		return arm.Root, false, err
	}
	id, err := arm.ParseID(text)
	return id, err == nil, err
}

func (v *view) Referrers(id arm.ID) ([]store.Referrer, error) {
	at := below(id)
	var list []store.Referrer
	err := v.s.rows(v.ctx, "referrers", []any{at.key, at.low, at.high}, func(scan func(...any) error) error {
		var from, to string
		var r store.Referrer
		if err := scan(&from, &to, &r.Field, &r.OnDelete); err != nil {
			return err
		}
		var err error
		if r.From, err = arm.ParseID(from); err != nil {
			return err
		}
		r.To, err = arm.ParseID(to)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: referrers of %s: %w", id, err)
	}
	return list, nil
}

// rowText is a row as the database holds it.
type rowText struct {
	number                            int64
	id, kind, etag, created, modified string
	body                              []byte
}

func (r *rowText) dest() []any {
	return []any{&r.number, &r.id, &r.kind, &r.body, &r.etag, &r.created, &r.modified}
}

func (r *rowText) row() (store.Row, error) {
	id, err := arm.ParseID(r.id)
	if err != nil {
		return store.Row{}, err
	}
	created, err := time.Parse(time.RFC3339Nano, r.created)
	if err != nil {
		return store.Row{}, fmt.Errorf("row %s: created: %w", r.id, err)
	}
	modified, err := time.Parse(time.RFC3339Nano, r.modified)
	if err != nil {
		return store.Row{}, fmt.Errorf("row %s: modified: %w", r.id, err)
	}
	return store.Row{ID: id, Kind: r.kind, Body: r.body, ETag: r.etag, Created: created, Modified: modified}, nil
}

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
