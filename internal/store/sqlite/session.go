package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"strings"
)

//go:embed queries.sql
var queriesText string

// queries are the statements of queries.sql by name.
var queries = parseQueries(queriesText)

func parseQueries(text string) map[string]string {
	m := map[string]string{}
	for i, part := range strings.Split(text, "-- name: ") {
		if i > 0 { // the first part is the head of the file
			name, body, _ := strings.Cut(part, "\n")
			m[strings.TrimSpace(name)] = strings.TrimSpace(body)
		}
	}
	return m
}

// session is one connection with the statements that were prepared on it so far. It is used by one goroutine at a time.
//
// Its statements never run under the caller's context: the driver would need a goroutine for each, and an interrupted write would take
// the whole group's transaction with it. Callers look at their context between rows instead.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

func (s *session) stmt(name string) (*sql.Stmt, error) {
	if st, ok := s.stmts[name]; ok {
		return st, nil
	}
	text, ok := queries[name]
	if !ok {
		return nil, fmt.Errorf("queries.sql has no statement %q", name)
	}
	st, err := s.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", name, err)
	}
	s.stmts[name] = st
	return st, nil
}

func (s *session) exec(name string, args ...any) (sql.Result, error) {
	st, err := s.stmt(name)
	if err != nil {
		return nil, err
	}
	res, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return res, nil
}

// row runs a query of at most one row and reports whether there was one.
func (s *session) row(name string, args []any, dest ...any) (bool, error) {
	found := false
	err := s.rows(context.Background(), name, args, func(scan func(...any) error) error {
		found = true
		return scan(dest...)
	})
	return found, err
}

// rows runs a query and hands every row to each, which must call scan once.
func (s *session) rows(ctx context.Context, name string, args []any, each func(scan func(...any) error) error) error {
	st, err := s.stmt(name)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(rows.Scan); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// do runs a statement that has neither arguments nor a result: begin, savepoint, commit and their kin.
func (s *session) do(text string) error {
	st, ok := s.stmts[text]
	if !ok {
		var err error
		if st, err = s.conn.PrepareContext(context.Background(), text); err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		s.stmts[text] = st
	}
	if _, err := st.ExecContext(context.Background()); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

func (s *session) close() {
	for _, st := range s.stmts {
		st.Close()
	}
	s.conn.Close()
}
