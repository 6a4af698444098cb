package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/atelier-apim/atelier/internal/usage"
)

//go:embed schema.sql
var schema string

// version is that of the schema, kept in user_version.
const version = 1

// Store is a usage.Store in a file.
type Store struct {
	write, read *sql.DB
	writing     sync.Mutex
}

var _ usage.Store = (*Store)(nil)

// Open opens the file at path and makes it when it is missing. A file of a newer version is refused.
func Open(ctx context.Context, path string) (*Store, error) {
	// SQLite would make the file readable for everyone.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open usage: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open usage: %w", err)
	}
	s := &Store{}
	if s.write, err = open(path, "&_txlock=immediate", 1); err == nil {
		if err = s.migrate(ctx); err == nil {
			s.read, err = open(path, "&_pragma=query_only(on)", 2)
		}
	}
	if err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, fmt.Errorf("open usage %s: %w", path, err)
	}
	return s, nil
}

func open(path, more string, connections int) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", Path: abs}
	db, err := sql.Open("sqlite", u.String()+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=trusted_schema(off)"+more)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	return db, nil
}

func (s *Store) migrate(ctx context.Context) error {
	return s.update(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "pragma user_version").Scan(&have); err != nil {
			return err
		}
		switch {
		case have > version:
			return fmt.Errorf("the file has version %d, and this program knows %d: start the version that wrote it, or move the file away to begin anew", have, version)
		case have == version:
			return nil
		}
		_, err := tx.ExecContext(ctx, schema+fmt.Sprintf("\npragma user_version = %d;", version))
		return err
	})
}

// update runs f in a transaction.
func (s *Store) update(ctx context.Context, f func(*sql.Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Close implements usage.Store.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// Homes implements usage.Store.
func (s *Store) Homes(ctx context.Context) ([]usage.Home, error) {
	rows, err := s.read.QueryContext(ctx, "select service, workspace from homes order by service, workspace")
	if err != nil {
		return nil, fmt.Errorf("usage: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end, or failed already
	var out []usage.Home
	for rows.Next() {
		var h usage.Home
		if err := rows.Scan(&h.Service, &h.Workspace); err != nil {
			return nil, fmt.Errorf("usage: %w", err)
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// Forget implements usage.Store. It costs nothing however much there is: Compact drops the sums later.
func (s *Store) Forget(ctx context.Context, h usage.Home) error {
	err := s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "delete from homes where service = ?1 and (?2 = '' or workspace collate nocase = ?2)", h.Service, h.Workspace)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget usage: %w", err)
	}
	return nil
}
