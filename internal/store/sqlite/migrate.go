package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one numbered step of the schema. A file that has been released is never edited: the checksum would no longer match.
type migration struct {
	number   int
	name     string
	text     string
	checksum string
}

// migrations reads the numbered files of dir in order; the numbers must be 1, 2, 3 ….
func migrations(dir fs.FS) ([]migration, error) {
	names, err := fs.Glob(dir, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	all := make([]migration, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimPrefix(name, "migrations/")
		number, _, _ := strings.Cut(base, "_")
		n, err := strconv.Atoi(number)
		if err != nil || n != len(all)+1 {
			return nil, fmt.Errorf("migration %s should have number %d", base, len(all)+1)
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{n, base, string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// migrate brings the schema up to date in one transaction, so that a process killed half-way leaves the old schema.
func migrate(ctx context.Context, conn *sql.Conn, now time.Time) error {
	all, err := migrations(migrationFiles)
	if err != nil {
		return err
	}
	return applyMigrations(ctx, conn, all, now)
}

func applyMigrations(ctx context.Context, conn *sql.Conn, all []migration, now time.Time) (err error) {
	if _, err := conn.ExecContext(ctx, "begin immediate"); err != nil {
		return fmt.Errorf("lock the schema: %w", err)
	}
	defer func() {
		if err != nil {
			// The first error is the one to tell; a rollback that fails leaves the connection to be closed by the caller.
			_, _ = conn.ExecContext(context.Background(), "rollback")
		}
	}()
	if _, err := conn.ExecContext(ctx, "create table if not exists migrations "+
		"(number integer primary key, name text not null, checksum text not null, applied text not null) strict"); err != nil {
		return fmt.Errorf("read the schema's history: %w", err)
	}
	done, err := applied(ctx, conn, all)
	if err != nil {
		return err
	}
	for _, m := range all[done:] {
		if _, err := conn.ExecContext(ctx, m.text); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		if _, err := conn.ExecContext(ctx, "insert into migrations values ($1, $2, $3, $4)",
			m.number, m.name, m.checksum, now.UTC().Format(time.RFC3339)); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	if _, err := conn.ExecContext(ctx, "commit"); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// applied counts the migrations that the database has, and refuses a history that is not the beginning of ours.
func applied(ctx context.Context, conn *sql.Conn, all []migration) (int, error) {
	rows, err := conn.QueryContext(ctx, "select name, checksum from migrations order by number")
	if err != nil {
		return 0, fmt.Errorf("read the schema's history: %w", err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var name, checksum string
		if err := rows.Scan(&name, &checksum); err != nil {
			return 0, fmt.Errorf("read the schema's history: %w", err)
		}
		switch {
		case n >= len(all):
			return 0, fmt.Errorf("the database has migration %s, which this program does not know: it was written by a newer version; start that version or restore a backup", name)
		case checksum != all[n].checksum:
			return 0, fmt.Errorf("migration %s of the database differs from %s of this program: the two don't belong together", name, all[n].name)
		}
		n++
	}
	return n, rows.Err()
}
