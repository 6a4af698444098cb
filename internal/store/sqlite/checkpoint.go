package sqlite

import "context"

// The log of the database (not the change log) is carried over into the database file beside the writer, so that no update waits for it: every
// checkpointEvery commits. Under steady writes the writer is always a little ahead and the log would never begin anew; so the writer itself
// carries over what is left, little by then, when the log has writerCheckpoint pages.
const (
	checkpointEvery  = 64
	writerCheckpoint = "16000" // 64 MB
)

// checkpoint carries over whenever it is woken, until the store is closed.
func (s *Store) checkpoint(r *session) {
	defer close(s.checkpointed)
	defer r.close()
	for {
		select {
		case <-s.wake:
			// A failure is the medium's: the next commit meets it and tells whom it concerns.
			_, _ = r.conn.ExecContext(context.Background(), "pragma wal_checkpoint(passive)")
		case <-s.ended:
			return
		}
	}
}

// committed counts a commit of the writer.
func (s *Store) committed() {
	if s.commits++; s.commits%checkpointEvery != 0 {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default: // one is waiting already
	}
}
