package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/atelier-apim/atelier/internal/store"
)

// Options are what a caller may choose; the zero value is right for production.
type Options struct {
	Now     func() time.Time // the clock of the change log; time.Now
	Readers int              // how many views run beside each other; 4
}

// followers is how many readers of the change log run beside each other. They are short.
const followers = 2

// Store is a store.Store in a SQLite file.
type Store struct {
	db  *sql.DB // for what runs before the sessions; the driver, and connections that come and go
	now func() time.Time

	readers   pool // for views
	followers pool // for the change log: a view may look something up that follows the log first, and must not wait for other views

	jobs   chan *job
	closed chan struct{} // closed by Close: no new job is taken
	ended  chan struct{} // closed when the writer has stopped
	once   sync.Once

	// The writer's own: what it knows of rows, and room for the group that it works on.
	cache   rowCache
	entries []store.Change
	done    []ended

	written      int           // bytes that the writer has committed since a checkpoint was asked for, about
	wake         chan struct{} // asks for a checkpoint
	long         atomic.Bool   // the log of the database is long, and all but its end is carried over
	checkpointed chan struct{} // closed when no checkpoint runs any more

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at each commit
	recent  recent        // the end of the log
	failure error         // why the store is read-only; nil while it is not
}

var _ store.Store = (*Store)(nil)

// Open opens the database at path, making the file when it is missing and bringing an older schema up to date. A schema that is newer
// than this program, or whose migrations differ from this program's, is refused.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	// The file is made here, because SQLite would make it readable for everyone. Its -wal and -shm files take over the mode.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	name := dsn(path)
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db.SetMaxIdleConns(-1)
	s := &Store{
		db: db, now: o.Now, jobs: make(chan *job),
		closed: make(chan struct{}), ended: make(chan struct{}), changed: make(chan struct{}),
		wake: make(chan struct{}, 1), checkpointed: make(chan struct{}),
	}
	if err := s.start(ctx, name, o.Readers); err != nil {
		s.readers.close()
		s.followers.close()
		db.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return s, nil
}

// dsn names the file so that no character of the path is taken for a parameter. Every connection waits for a lock of another process
// instead of failing at once.
func dsn(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	u := url.URL{Scheme: "file", Path: abs}
	return u.String() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=trusted_schema(off)"
}

func (s *Store) start(ctx context.Context, name string, readers int) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	connect := func() (*session, error) { return newSession(s.db.Driver(), name) }
	write, err := connect()
	if err != nil {
		return err
	}
	// The cache is filled as pages are used: a small database never takes so much. Of a large one it is no more than 32 MB, because a commit after
	// pages were split looks through all of it.
	if _, err := write.conn.ExecContext(ctx, "pragma cache_size = -32768; pragma wal_autocheckpoint = 0"); err != nil {
		write.close()
		return err
	}
	carry, err := connect()
	if err != nil {
		write.close()
		return err
	}
	if err := errors.Join(s.readers.fill(ctx, connect, readers), s.followers.fill(ctx, connect, followers)); err != nil {
		write.close()
		carry.close()
		return err
	}
	go s.checkpoint(carry)
	go s.write(write)
	return nil
}

// migrate brings the schema up to date.
func (s *Store) migrate(ctx context.Context) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(migrate(ctx, conn, s.now()), conn.Close())
}

// Changed returns a channel that is closed at the next commit.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *Store) announce(entries []store.Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent.add(entries)
	close(s.changed)
	s.changed = make(chan struct{})
}

// Err is why the store takes no writes: nil while it does, otherwise an error that wraps store.ErrReadOnly and the medium's failure.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

func (s *Store) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure == nil {
		s.failure = fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
}

// Close ends the store: updates that are queued already are finished, later calls are store.ErrClosed. It waits for views that run.
func (s *Store) Close() error {
	s.once.Do(func() { close(s.closed) })
	<-s.ended
	<-s.checkpointed
	s.readers.close()
	s.followers.close()
	return s.db.Close()
}
