package sqlite

import (
	"fmt"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/store"
)

// Most steps put one row, as their last act but for a look at it. Such a put waits in memory for the step's end, when it is known that nothing of the
// step must be undone: a savepoint costs a copy of each page that is written after it. Whoever looks further or writes more has it written before.

// settle writes the put that waits, so that statements see it and can be undone.
func (t *tx) settle() error {
	if t.waiting == nil {
		return nil
	}
	if err := t.save(); err != nil {
		return err
	}
	return t.finish()
}

// finish writes the put that waits.
func (t *tx) finish() error {
	p := t.waiting
	if p == nil {
		return nil
	}
	t.waiting = nil
	if err := t.write(p); err != nil {
		t.lost = fmt.Errorf("store: put %s: %w", p.now.row.ID, err)
	}
	return t.lost
}

// save makes the savepoint of the step, before its first write.
func (t *tx) save() error {
	if t.saved {
		return nil
	}
	if err := t.s.do("savepoint step"); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	t.saved = true
	return nil
}

// keep ends a step that is to last. What it writes can't be undone alone.
func (t *tx) keep() error {
	if err := t.finish(); err != nil {
		return err
	}
	if t.lost != nil || !t.saved {
		return t.lost
	}
	return t.s.do("release step")
}

// undo ends a step of which nothing is to be left.
func (t *tx) undo() error {
	t.forget()
	if !t.saved {
		return nil
	}
	if err := t.s.do("rollback to step"); err != nil {
		return err
	}
	return t.s.do("release step")
}

// List, Each, Count, Claimed and Referrers are those of the view, which has to hold what the step has put.

func (t *tx) List(q store.Query) ([]store.Row, error) {
	if err := t.settle(); err != nil {
		return nil, err
	}
	return t.view.List(q)
}

func (t *tx) Each(kind string, f func(store.Row) error) error {
	if err := t.settle(); err != nil {
		return err
	}
	return t.view.Each(kind, f)
}

func (t *tx) Count(q store.Query) (int, error) {
	if err := t.settle(); err != nil {
		return 0, err
	}
	return t.view.Count(q)
}

func (t *tx) Claimed(space, value string) (arm.ID, bool, error) {
	if err := t.settle(); err != nil {
		return arm.Root, false, err
	}
	return t.view.Claimed(space, value)
}

func (t *tx) Referrers(id arm.ID) ([]store.Referrer, error) {
	if err := t.settle(); err != nil {
		return nil, err
	}
	return t.view.Referrers(id)
}
