package sqlite

import (
	"context"
	"fmt"

	"github.com/atelier-apim/atelier/internal/store"
)

// pool lends read-only sessions.
type pool struct {
	free chan *session
	size int
}

func (p *pool) fill(ctx context.Context, connect func() (*session, error), n int) error {
	p.free = make(chan *session, n)
	for range n {
		s, err := connect()
		if err != nil {
			return err
		}
		p.size++
		p.free <- s
		if _, err := s.conn.ExecContext(ctx, "pragma query_only = on"); err != nil {
			return err
		}
	}
	return nil
}

// close takes every session back before it ends them: it waits for the views that run.
func (p *pool) close() {
	for ; p.size > 0; p.size-- {
		s := <-p.free
		s.close()
	}
}

// lend gives f a session of p for as long as it runs.
func (s *Store) lend(ctx context.Context, p *pool, f func(*session) error) error {
	select {
	case <-s.closed:
		return store.ErrClosed
	default:
	}
	var r *session
	select {
	case r = <-p.free:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return store.ErrClosed
	}
	defer func() { p.free <- r }()
	return f(r)
}

// read lends a session inside a deferred transaction, which pins one state from the first read to the end.
func (s *Store) read(ctx context.Context, p *pool, f func(*session) error) error {
	return s.lend(ctx, p, func(r *session) error {
		if err := r.do("begin deferred"); err != nil {
			return fmt.Errorf("store: %w", err)
		}
		defer func() {
			// Ends the snapshot even when f panics. There is nothing to commit, and a rollback of a reader can't lose anything.
			_ = r.do("rollback")
		}()
		return f(r)
	})
}

// View runs f on one consistent state, that of the last commit. Views run beside each other and beside updates.
func (s *Store) View(ctx context.Context, f func(store.Reader) error) error {
	return s.read(ctx, &s.readers, func(r *session) error {
		h, err := lastChange(r)
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		return f(&view{ctx: ctx, s: r, version: h.Seq})
	})
}
