package sqlite

import "github.com/atelier-apim/atelier/internal/store"

// The log of the database (not the change log) is carried over into the database file beside the writer, so that no update waits for it. Under steady
// writes the writer is always a little ahead, and the log would never begin anew. So when it has become long the writer carries over the rest itself,
// right after it was carried over beside it: then that is what a few commits have added.
const (
	checkpointEvery = 1 << 20  // bytes that commits have written, about; more at once takes the processor and the medium from updates for longer
	longLog         = 64 << 20 // bytes
	pageSize        = 4 << 10
	pagesOfEntry    = 3 // that an entry writes beside its body: of the row, of the change log, of an index
)

// checkpoint carries over whenever it is woken, until the store is closed.
func (s *Store) checkpoint(r *session) {
	defer close(s.checkpointed)
	defer r.close()
	for {
		select {
		case <-s.wake:
			if carryOver(r) > longLog {
				s.long.Store(true)
			}
		case <-s.ended:
			return
		}
	}
}

// carryOver carries over what no reader needs any more and returns how long the log is, in bytes.
func carryOver(r *session) int {
	var busy, pages, carried int
	// A failure is the medium's: the next commit meets it and tells whom it concerns.
	_, _ = r.row("checkpoint", nil, &busy, &pages, &carried)
	return pages * pageSize
}

// committed is told what the writer has committed, after those who wait for it were answered.
func (s *Store) committed(w *session, entries []store.Change) {
	for i := range entries {
		s.written += pagesOfEntry*pageSize + 2*len(entries[i].Body) // in its row and in the change log
	}
	if s.long.CompareAndSwap(true, false) {
		carryOver(w)
		s.written = 0
	}
	if s.written < checkpointEvery {
		return
	}
	select {
	case s.wake <- struct{}{}:
		s.written = 0
	default: // one is waiting already
	}
}
