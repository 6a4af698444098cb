package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"

	"github.com/atelier-apim/atelier/internal/store"
)

// Bounds of one group: after either, the writer commits although more updates wait, so that none waits long for its answer.
const (
	groupSize = 128
	groupTime = 10 * time.Millisecond
)

// job is one call of Update on its way through the writer. Its function runs on the caller's goroutine while the writer waits, so that a
// panic or a runtime.Goexit in it never reaches the writer.
type job struct {
	ctx   context.Context
	actor store.Actor
	turn  chan *tx    // the writer hands over the transaction
	ran   chan error  // the caller hands it back with the function's error
	reply chan answer // after the commit, or instead of the turn
}

type answer struct {
	version uint64
	err     error
}

// ended is a job of a group that waits for the commit, and the version after it.
type ended struct {
	job     *job
	version uint64
}

// errAbandoned marks a function that neither returned nor panicked (runtime.Goexit).
var errAbandoned = errors.New("store: the update's goroutine ended before it returned")

// Update queues f and answers after the commit.
func (s *Store) Update(ctx context.Context, actor store.Actor, f func(store.Tx) error) (uint64, error) {
	if err := s.Err(); err != nil {
		return 0, err
	}
	j := jobs.Get().(*job)
	j.ctx, j.actor = ctx, actor
	select {
	case s.jobs <- j:
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-s.closed:
		return 0, store.ErrClosed
	}
	select {
	case t := <-j.turn:
		j.run(t, f)
	case <-ctx.Done():
		return 0, ctx.Err() // the writer sees the same and skips the job
	case a := <-j.reply:
		j.done()
		return a.version, a.err
	}
	// From here on the outcome is the commit's, whatever the context says: an answer of "cancelled" could be wrong.
	a := <-j.reply
	j.done()
	return a.version, a.err
}

// jobs are those that were answered: their channels are empty, and nobody else knows them any more.
var jobs = sync.Pool{New: func() any { return &job{turn: make(chan *tx), ran: make(chan error), reply: make(chan answer, 1)} }}

// done gives a job back that was answered.
func (j *job) done() {
	j.ctx, j.actor = nil, store.Actor{}
	jobs.Put(j)
}

func (j *job) run(t *tx, f func(store.Tx) error) {
	err := errAbandoned
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: update panicked: %v", p)
		}
		j.ran <- err
	}()
	err = f(t)
}

// write is the writer's life: one group after the other until the store is closed.
func (s *Store) write(w *session) {
	defer close(s.ended)
	defer w.close()
	for {
		select {
		case j := <-s.jobs:
			s.group(w, j)
		case <-s.closed:
			return
		}
	}
}

// group runs first and whatever is queued behind it in one transaction, commits, and answers them all.
func (s *Store) group(w *session, first *job) {
	head, err := s.begin(w)
	if err != nil {
		first.reply <- answer{err: err}
		return
	}
	s.cache.begin(head)
	start, begun := time.Now(), head
	entries, done := s.entries[:0], s.done[:0]
	defer func() {
		clear(entries)
		clear(done)
		if cap(entries) <= recentEntries {
			s.entries = entries
		}
		s.done = done
	}()
	for j, n := first, 1; ; n++ {
		next, logged, err := s.step(w, j, head, entries)
		switch {
		case err == nil:
			head, entries = next, logged
			done = append(done, ended{j, head.Seq})
		case next == head:
			j.reply <- answer{err: err} // only this one is undone
		default:
			done = append(done, ended{j, 0})
			s.abandon(w, done, err)
			return
		}
		if n == groupSize || time.Since(start) > groupTime {
			break
		}
		if j = s.queued(); j == nil {
			break
		}
	}
	s.cache.at = head
	s.commit(w, done, head, entries, head != begun)
}

// queued takes a job that waits, or nil.
func (s *Store) queued() *job {
	select {
	case j := <-s.jobs:
		return j
	default:
		return nil
	}
}

// begin opens the transaction and reads where the log ends: another process may have written since.
func (s *Store) begin(w *session) (store.Chain, error) {
	if err := s.Err(); err != nil {
		return store.Chain{}, err
	}
	if err := w.do("begin immediate"); err != nil {
		return store.Chain{}, fmt.Errorf("store: %w", err)
	}
	head, err := lastChange(w)
	if err != nil {
		_ = w.do("rollback") // the read's error is the one to tell
		return store.Chain{}, fmt.Errorf("store: %w", err)
	}
	return head, nil
}

// broken is the chain that step returns when the whole transaction is lost.
var broken = store.Chain{Hash: "broken"}

// step runs one function. It returns the new end of the log, and entries with those that led there; head and an error when the function's writes were
// undone; broken and an error when even that failed, or what can't be undone.
func (s *Store) step(w *session, j *job, head store.Chain, entries []store.Change) (store.Chain, []store.Change, error) {
	who := valid(j.actor)
	actor, err := json.Marshal(who)
	if err != nil {
		return head, nil, fmt.Errorf("store: actor: %w", err)
	}
	t := &tx{
		view:  view{ctx: context.Background(), s: w, version: head.Seq},
		actor: who, actorText: string(actor), now: s.now().UTC().Round(0), head: head, cache: &s.cache, entries: entries,
	}
	select {
	case j.turn <- t:
		err = <-j.ran
	case <-j.ctx.Done():
		err = j.ctx.Err()
	}
	if err != nil {
		if undo := t.undo(); undo != nil {
			return broken, nil, errors.Join(err, undo)
		}
		return head, nil, err
	}
	if err := t.keep(); err != nil {
		return broken, nil, err
	}
	return t.head, t.entries, nil
}

// valid is a without bytes that JSON can't carry: the entry that is read back must have the hash of the entry that was written.
func valid(a store.Actor) store.Actor {
	for _, p := range [...]*string{&a.ObjectID, &a.Name, &a.IP, &a.Request} {
		*p = strings.ToValidUTF8(*p, "?")
	}
	return a
}

func (s *Store) commit(w *session, done []ended, head store.Chain, entries []store.Change, wrote bool) {
	if wrote {
		if err := recordHead(w, head); err != nil {
			s.abandon(w, done, err)
			return
		}
	}
	if err := w.do("commit"); err != nil {
		s.abandon(w, done, err)
		return
	}
	if wrote {
		s.announce(entries)
	}
	for _, d := range done {
		d.job.reply <- answer{version: d.version}
	}
	if wrote {
		s.committed(w, entries)
	}
}

// abandon gives up the group. Nobody in it was answered, so nothing is lost; but where the cause says nothing of the medium nobody knows what that
// holds, and the store takes no further write.
func (s *Store) abandon(w *session, done []ended, cause error) {
	s.cache.clear()
	_ = w.do("rollback") // SQLite may have rolled back already
	err := fmt.Errorf("store: the write was not stored: %w", cause)
	if !harmless(cause) {
		s.fail(cause)
		err = s.Err()
	}
	for _, d := range done {
		d.job.reply <- answer{err: err}
	}
}

// harmless says whether the cause leaves the medium as it was: a full disk, a lock of another process, or a statement that was refused for what it would
// have stored. A later write may succeed.
func harmless(err error) bool {
	const busy, full, tooBig, constraint, mismatch = 5, 13, 18, 19, 20 // sqlite.org/rescode.html
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case busy, full, tooBig, constraint, mismatch:
		return true
	}
	return false
}
