package sqlite

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// tx is a store.Tx: the view of the writer's session, and the end of the change log as it will be.
type tx struct {
	view
	actor     store.Actor
	actorText string
	now       time.Time
	head      store.Chain
	cache     *rowCache
	touched   []string       // keys that this step cached
	coined    []string       // words that this step gave numbers
	entries   []store.Change // that the group added to the log, those of this step last
	waiting   *pending       // the last put, while only the cache has it
	saved     bool           // there is a savepoint to go back to
	lost      error          // why a put that was accepted could not be written: the step must be undone
}

var _ store.Tx = (*tx)(nil)

func (t *tx) Put(w store.Write) error {
	id := w.Row.ID
	if id.IsRoot() {
		return errors.New("store: put: the root is a scope, not a row")
	}
	if !utf8.ValidString(id.String()) || !utf8.ValidString(w.Row.Kind) {
		return fmt.Errorf("store: put %q: the id is not UTF-8", id)
	}
	if len(w.Row.Body) == 0 { // other bodies are read for the hash of the entry
		return fmt.Errorf("store: put %s: the body is not JSON", id)
	}
	if err := t.settle(); err != nil {
		return err
	}
	p, err := t.plan(w)
	if err != nil {
		var taken *store.ClaimError
		if errors.As(err, &taken) {
			return taken
		}
		return fmt.Errorf("store: put %s: %w", id, err)
	}
	if p.change, err = t.append(store.VerbPut, id, w.Row.Kind, p.now.row.Body); err != nil {
		return err
	}
	t.waiting = p
	t.remember(id, p.now)
	return nil
}

func (t *tx) Delete(id arm.ID) error {
	if err := t.settle(); err != nil {
		return err
	}
	target, err := t.Get(id)
	if err != nil {
		return err
	}
	doomed, err := t.doom(target.ID)
	if err != nil {
		return err
	}
	if err := t.save(); err != nil {
		return err
	}
	// Last found, first deleted: a row goes before what it points at.
	for i := len(doomed) - 1; i >= 0; i-- {
		row, err := t.Get(doomed[i])
		if errors.Is(err, store.ErrNotFound) {
			continue // it lay below another doomed row
		}
		if err != nil {
			return err
		}
		t.cache.clear() // what goes is a range of keys
		at := below(row.ID)
		for _, name := range [...]string{"delete-claims", "delete-refs", "delete-resources", "delete-words"} {
			if _, err := t.s.exec(name, at.key, at.low, at.high); err != nil {
				return fmt.Errorf("store: delete %s: %w", row.ID, err)
			}
		}
		c, err := t.append(store.VerbDelete, row.ID, row.Kind, nil)
		if err == nil {
			err = t.log(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// doom finds every row that must go with id: id first, then what points at it or below it with Cascade, and what points at these. A
// Restrict reference from a row that stays refuses it all.
func (t *tx) doom(id arm.ID) ([]arm.ID, error) {
	doomed := []arm.ID{id}
	dies := func(row arm.ID) bool {
		for _, d := range doomed {
			if row.Within(d) {
				return true
			}
		}
		return false
	}
	var strict []store.Referrer
	for i := 0; i < len(doomed); i++ {
		from, err := t.Referrers(doomed[i])
		if err != nil {
			return nil, err
		}
		for _, r := range from {
			switch {
			case r.OnDelete != store.Cascade:
				strict = append(strict, r)
			case !dies(r.From):
				doomed = append(doomed, r.From)
			}
		}
	}
	refused := &store.ReferencedError{ID: id}
	for _, r := range strict {
		if !dies(r.From) {
			refused.Referrers = append(refused.Referrers, r)
		}
	}
	if refused.Referrers != nil {
		return nil, refused
	}
	return doomed, nil
}

// append makes the next entry of the change log. It keeps body.
func (t *tx) append(verb string, id arm.ID, kind string, body []byte) (store.Change, error) {
	c := store.Change{
		Seq: t.head.Seq + 1, Time: t.now, Actor: t.actor, Verb: verb, ID: id.String(), Kind: kind, Body: body, Prev: t.head.Hash,
	}
	var err error
	if c.Hash, err = c.Digest(); err != nil {
		return c, fmt.Errorf("store: %w", err)
	}
	t.entries = append(t.entries, c)
	t.head = store.Chain{Seq: c.Seq, Hash: c.Hash}
	t.version = c.Seq
	return c, nil
}

// log writes an entry of the change log.
func (t *tx) log(c store.Change) error {
	if _, err := t.s.exec("log", c.Seq, timeText(c.Time), t.actorText, c.Verb, c.ID, c.Kind, none(c.Body), c.Prev, c.Hash); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// none is what a column that is never null holds of a body: nothing for none.
func none(body []byte) []byte {
	if body == nil {
		return []byte{}
	}
	return body
}
