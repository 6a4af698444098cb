package control

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/atelier-apim/atelier/internal/store"
)

// Listener keeps something in memory that follows the store: the authorization index, the directory, the gateways of this process. It is called
// by one goroutine at a time.
type Listener interface {
	// Load takes the whole state, once, before the first Apply.
	Load(r store.Reader) error
	// Apply takes changes in order. It returns when what it keeps is in force.
	Apply(changes []store.Change) error
}

// Feed brings every change to the listeners, in order, before the write that made it is answered.
type Feed struct {
	store     store.Store
	listeners []Listener
	mu        sync.Mutex // held while changes are applied
	at        atomic.Uint64
}

// NewFeed loads the listeners from one state of the store.
func NewFeed(ctx context.Context, s store.Store, listeners ...Listener) (*Feed, error) {
	f := &Feed{store: s, listeners: listeners}
	err := s.View(ctx, func(r store.Reader) error {
		for _, l := range listeners {
			if err := l.Load(r); err != nil {
				return fmt.Errorf("load: %w", err)
			}
		}
		f.at.Store(r.Version())
		return nil
	})
	return f, err
}

// Sync returns when every change up to version is in force. A listener that fails is logged and does not hold up the others: what it
// could not take it must report itself; the write it came from stands.
func (f *Feed) Sync(ctx context.Context, version uint64) error {
	if f.at.Load() >= version {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for f.at.Load() < version {
		changes, err := f.next(ctx)
		if err != nil {
			return fmt.Errorf("follow the change log: %w", err)
		}
		if len(changes) == 0 {
			return nil
		}
		for _, l := range f.listeners {
			if err := l.Apply(changes); err != nil {
				slog.Error("a change could not be put in force", "error", err, "from", changes[0].Seq, "to", changes[len(changes)-1].Seq)
			}
		}
		f.at.Store(changes[len(changes)-1].Seq)
	}
	return nil
}

// pageOfChanges is how many changes are read at once.
const pageOfChanges = 1000

// next are the changes that are not in force yet, up to the end of a commit: what was written together is put in force together.
func (f *Feed) next(ctx context.Context) ([]store.Change, error) {
	var all []store.Change
	at := f.at.Load()
	for {
		changes, err := f.store.Changes(ctx, at, pageOfChanges)
		all = append(all, changes...)
		if err != nil || len(changes) < pageOfChanges {
			return all, err
		}
		at = changes[len(changes)-1].Seq
	}
}

// Run follows changes that others commit, until ctx ends.
func (f *Feed) Run(ctx context.Context) {
	for {
		changed := f.store.Changed()
		if err := f.Sync(ctx, ^uint64(0)); err != nil && ctx.Err() == nil {
			slog.Error("the change log can't be followed", "error", err)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
