package sqlite

import (
	"context"
	"database/sql/driver"
	_ "embed"
	"errors"
	"fmt"
	"io"
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

// session is one connection with the statements that were prepared on it so far. It is used by one goroutine at a time. It is the driver's own, not one
// of database/sql: the layers between, which are for pools of connections that may fail, cost more than most statements.
//
// Its statements never run under the caller's context: the driver would need a goroutine for each, and an interrupted write would take
// the whole group's transaction with it. Callers look at their context between rows instead.
type session struct {
	conn  conn
	stmts map[string]*statement
	args  []driver.NamedValue // of the statement that runs
}

// conn is a connection of the driver.
type conn struct{ driver.Conn }

// ExecContext runs a text of any number of statements without arguments.
func (c conn) ExecContext(ctx context.Context, text string) (driver.Result, error) {
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, text, nil)
}

// statement is a prepared statement, and room for a row of its result.
type statement struct {
	driver.Stmt
	row []driver.Value
}

func newSession(d driver.Driver, name string) (*session, error) {
	c, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn{c}, stmts: map[string]*statement{}}, nil
}

// stmt is the statement of a name in queries.sql.
func (s *session) stmt(name string) (*statement, error) {
	if st, ok := s.stmts[name]; ok {
		return st, nil
	}
	text, ok := queries[name]
	if !ok {
		return nil, fmt.Errorf("queries.sql has no statement %q", name)
	}
	return s.prepare(name, text)
}

func (s *session) prepare(name, text string) (*statement, error) {
	st, err := s.conn.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("prepare %s: %w", name, err)
	}
	s.stmts[name] = &statement{Stmt: st}
	return s.stmts[name], nil
}

func (s *session) exec(name string, args ...any) (driver.Result, error) {
	st, err := s.stmt(name)
	if err != nil {
		return nil, err
	}
	return s.run(st, name, args)
}

// do runs a statement that has neither arguments nor a result: begin, savepoint, commit and their kin.
func (s *session) do(text string) error {
	st, ok := s.stmts[text]
	if !ok {
		var err error
		if st, err = s.prepare(text, text); err != nil {
			return err
		}
	}
	_, err := s.run(st, text, nil)
	return err
}

func (s *session) run(st *statement, name string, args []any) (driver.Result, error) {
	if err := s.bind(args); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	res, err := st.Stmt.(driver.StmtExecContext).ExecContext(context.Background(), s.args)
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
	if err := s.bind(args); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	rows, err := st.Stmt.(driver.StmtQueryContext).QueryContext(context.Background(), s.args)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer rows.Close()
	if st.row == nil {
		st.row = make([]driver.Value, len(rows.Columns()))
	}
	scan := func(dest ...any) error { return assign(dest, st.row) }
	for {
		switch err := rows.Next(st.row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := each(scan); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
}

func (s *session) close() {
	for _, st := range s.stmts {
		st.Close()
	}
	s.conn.Close()
}
