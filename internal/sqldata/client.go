package sqldata

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Query is one or several statements with their parameters, for a target.
type Query struct {
	Home       string // whose it is: the service or a workspace
	Target     Target
	Token      string // of the service's identity, "" for the target's password
	Statement  string
	Parameters []Parameter
	// Certificate is shown to a server that asks for one; nil for none. CertificateID is the same for certificates that are.
	Certificate   *tls.Certificate
	CertificateID [sha256.Size]byte
}

// MaxStatement is the longest text of statements.
const MaxStatement = 256 << 10

// Check finds out what can be known of a query before anything is asked: that its parameters have names of their own, and of PostgreSQL that
// the statement uses no others.
func (q *Query) Check() error {
	if len(q.Statement) > MaxStatement {
		return refused("the statement has more than %d KiB", MaxStatement>>10)
	}
	if strings.TrimSpace(q.Statement) == "" {
		return refused("there is no statement")
	}
	seen := map[string]bool{}
	for _, p := range q.Parameters {
		name := strings.ToLower(p.Name)
		if seen[name] {
			return refused("the parameter @%s is there twice", p.Name)
		}
		seen[name] = true
	}
	if q.Target.Engine == PostgreSQL {
		_, err := q.split()
		return err
	}
	return nil
}

// split is the statement as PostgreSQL takes it.
func (q *Query) split() ([]single, error) {
	all, err := splitPostgres(q.Statement, func(name string) (string, bool) {
		p := q.parameter(name)
		if p == nil {
			return "", false
		}
		return sqlTypes[p.Type].postgres, true
	})
	if err != nil {
		return nil, &Error{Kind: Refused, Message: err.Error()}
	}
	return all, nil
}

func (q *Query) parameter(name string) *Parameter {
	for i := range q.Parameters {
		if strings.EqualFold(q.Parameters[i].Name, name) {
			return &q.Parameters[i]
		}
	}
	return nil
}

// Client runs queries over connections that it keeps. Nothing is made before the first query. It is safe for concurrent use.
type Client struct {
	dial  Dial
	pools pools
	gates gates
}

// New makes a client that connects by dial.
func New(dial Dial) *Client { return &Client{dial: dial} }

// Query runs the statements in order; the last result counts. Its error is an *Error, or of the context.
func (c *Client) Query(ctx context.Context, q Query) (*Result, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, q.Target.Command)
	defer cancel()
	leave, err := c.gates.enter(ctx, q.Home)
	if err != nil {
		return nil, err
	}
	defer leave()
	p, err := c.pools.take(&q, c.dial)
	if err != nil {
		return nil, err
	}
	defer c.pools.put(p)
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, connectFailed(ctx, &q.Target, err)
	}
	defer conn.Close() //nolint:errcheck // it goes back
	if q.Target.Engine == PostgreSQL {
		return queryPostgres(ctx, conn, &q)
	}
	return querySQLServer(ctx, conn, &q)
}

// Close lets go of the connections; queries under way go on.
func (c *Client) Close() { c.pools.close() }

func connectFailed(ctx context.Context, t *Target, err error) error {
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return ours
	case ctx.Err() != nil:
		return late(ctx)
	}
	return unreachable(t, err)
}

// late is the error of a context that has ended: ours when it is about the time of the query.
func late(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		return &Error{Kind: TooLate, Message: "the database did not answer in time", Cause: context.DeadlineExceeded}
	}
	return ctx.Err()
}

// key says which queries may share connections. It holds no secret.
func (q *Query) key() [sha256.Size]byte {
	t := q.Target
	t.Command = 0 // is about a query, not about connections
	return sha256.Sum256(fmt.Appendf(nil, "%q %+q %q %x", q.Home, fmt.Sprintf("%#v", t), q.Token, q.CertificateID))
}

func open(q *Query, dial Dial) (*sql.DB, error) {
	var db *sql.DB
	if q.Target.Engine == PostgreSQL {
		db = sql.OpenDB(&postgres{target: q.Target, password: cmp.Or(q.Token, q.Target.Password), dial: dial, certificate: q.Certificate})
	} else {
		server, err := newSQLServer(q.Target, q.Token, q.Certificate, dial)
		if err != nil {
			return nil, err
		}
		db = sql.OpenDB(server)
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxIdle)
	db.SetConnMaxIdleTime(idleTime)
	db.SetConnMaxLifetime(lifeTime)
	return db, nil
}

// Bounds of connections.
const (
	maxConnections = 8  // of one connection string of one home
	maxIdle        = 2  // of these, while nobody needs them
	maxPools       = 64 // connection strings of a client
	maxHomePools   = 8  // of these of one home
	idleTime       = time.Minute
	lifeTime       = 30 * time.Minute
)
