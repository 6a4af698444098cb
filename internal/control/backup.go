package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/store"
)

// dump is a resource with everything below it, as a document. Its secrets stay sealed under the installation's key.
type dump struct {
	Scope string    `json:"scope"`
	Rows  []dumpRow `json:"rows"`
}

type dumpRow struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`
	Body     json.RawMessage `json:"body"`
	Created  time.Time       `json:"created"`
	Modified time.Time       `json:"modified"`
}

// state does kind.State on behalf of a caller.
type state struct {
	c    *Control
	call *Call
}

var _ kind.State = state{}

func (s state) Dump(ctx context.Context, scope arm.ID) ([]byte, error) {
	d := dump{Scope: scope.String()}
	err := s.c.Store.View(ctx, func(r store.Reader) error {
		root, err := r.Get(scope)
		if err != nil {
			return err
		}
		rows, err := r.List(store.Query{Parent: scope, Under: true})
		if err != nil {
			return err
		}
		for _, row := range append([]store.Row{root}, rows...) {
			if ofAccess(row.Kind) {
				continue
			}
			d.Rows = append(d.Rows, dumpRow{row.ID.String(), row.Kind, row.Body, row.Created, row.Modified})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("back up %s: %w", scope, err)
	}
	return json.Marshal(d)
}

// Reinstate stores what the document holds over what is there, and removes what it doesn't hold. The resource's own row keeps its name and place.
func (s state) Reinstate(ctx context.Context, scope arm.ID, document []byte) error {
	var d dump
	if err := json.Unmarshal(document, &d); err != nil {
		return arm.Errorf(400, "ValidationError", "The backup can't be read: %s.", err)
	}
	from, err := arm.ParseID(d.Scope)
	if err != nil {
		return arm.Errorf(400, "ValidationError", "The backup can't be read: %s.", err)
	}
	if !from.Equal(scope) {
		// What a backup holds is as secret as what it was made of.
		if err := s.c.allow(s.call, kind.Service+"/backup/action", from); err != nil {
			return err
		}
	}
	rows, kept := make([]store.Row, 0, len(d.Rows)), map[string]bool{}
	for _, r := range d.Rows {
		if ofAccess(r.Kind) {
			continue
		}
		id, err := arm.ParseID(r.ID)
		if err != nil || !id.Within(from) {
			return arm.Errorf(400, "ValidationError", "The backup holds '%s', which is no part of '%s'.", r.ID, from)
		}
		rows = append(rows, store.Row{ID: id, Kind: r.Kind, Body: r.Body, Created: r.Created, Modified: r.Modified})
		kept[scope.Key()+id.Key()[len(from.Key()):]] = true
	}
	version, err := s.c.Store.Update(ctx, s.call.actor(), func(tx store.Tx) error {
		l := s.c.lookup(tx)
		there, err := tx.List(store.Query{Parent: scope, Under: true})
		if err != nil {
			return err
		}
		if err := makeRoom(tx, there, kept); err != nil {
			return err
		}
		return s.c.settle(tx, l, s.call, rows, from, scope)
	})
	var used *store.ReferencedError
	if errors.As(err, &used) {
		return inUse("What the backup doesn't hold", used)
	}
	if err != nil {
		return err
	}
	return s.c.Feed.Sync(ctx, version)
}

// makeRoom removes what a backup doesn't hold. What is there lets go of what it points at and claims first: the rows that are about to be stored say that
// anew, and what goes together may point at each other.
func makeRoom(tx store.Tx, there []store.Row, kept map[string]bool) error {
	for _, row := range there {
		if ofAccess(row.Kind) {
			continue
		}
		if err := tx.Put(store.Write{Row: row}); err != nil {
			return err
		}
	}
	for _, row := range there {
		if kept[row.ID.Key()] || ofAccess(row.Kind) {
			continue
		}
		if err := tx.Delete(row.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// ofAccess says whether a row gives or takes rights. Backups hold none of these: who may restore a service could otherwise bring back a right that was
// taken away meanwhile.
func ofAccess(kind string) bool {
	return strings.HasPrefix(strings.ToLower(kind), "microsoft.authorization/")
}
