package policytest

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/sqldata"
)

// database stands in for the servers of sql-data-source: it answers every query alike and remembers the last.
type database struct {
	rows string // JSON, or the word of an error
	last *sqldata.Query
}

// databaseErrors are the words of errors in place of rows.
var databaseErrors = map[string]sqldata.Kind{
	"refused": sqldata.Refused, "unreachable": sqldata.Unreachable, "too-large": sqldata.TooLarge, "too-late": sqldata.TooLate, "too-many": sqldata.TooMany,
}

func (c *Case) rows(_ bool, a []string) (err error) {
	if _, ok := databaseErrors[a[0]]; ok {
		c.database.rows = a[0]
		return nil
	}
	c.database.rows, err = c.file(a[0])
	return err
}

// queryDatabase is policies.Env.SQL.
func (c *Case) queryDatabase(_ context.Context, q sqldata.Query) (*sqldata.Result, error) {
	d := &c.database
	d.last = &q
	if kind, ok := databaseErrors[d.rows]; ok {
		return nil, &sqldata.Error{Kind: kind, Message: "the database says: " + d.rows}
	}
	if d.rows == "" {
		d.rows = "[]"
	}
	var rows []json.RawMessage
	if err := json.Unmarshal([]byte(d.rows), &rows); err != nil {
		return nil, err
	}
	return &sqldata.Result{JSON: []byte(strings.TrimSpace(d.rows)), Rows: len(rows)}, nil
}

// queried asserts where the last query went and what it held: HOST, [statement=TEXT|FILE], [@NAME=JSON], [@NAME:TYPE=JSON], [token=TOKEN], [user=NAME],
// [certificate=COMMON-NAME].
func (c *Case) queried(yes bool, a []string) error {
	q := c.database.last
	if q == nil || a[0] == "-" {
		if (q == nil) != (a[0] == "-") {
			return errors.New("there was a query, or there was none")
		}
		return nil
	}
	got := []string{q.Target.Host, "statement=" + q.Statement, "token=" + q.Token, "user=" + q.Target.User, fmt.Sprintf("engine=%s", q.Target.Engine)}
	for _, p := range q.Parameters {
		name := "@" + p.Name
		if p.Type != "" {
			name += ":" + p.Type
		}
		got = append(got, name+"="+string(p.JSON))
	}
	if c := q.Certificate; c != nil {
		leaf, err := x509.ParseCertificate(c.Certificate[0])
		if err != nil {
			return err
		}
		got = append(got, "certificate="+leaf.Subject.CommonName)
	}
	for _, want := range a {
		if name, file, ok := strings.Cut(want, "="); ok && c.files[file] != "" {
			want = name + "=" + strings.TrimSpace(c.files[file])
		}
		if slices.Contains(got, want) != yes {
			return fmt.Errorf("the query is %q", got)
		}
	}
	return nil
}
