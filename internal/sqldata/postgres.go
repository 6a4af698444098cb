package sqldata

import (
	"cmp"
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// maxMessage bounds one message of the server, a row above all.
const maxMessage = MaxResult + 1<<20

// postgres connects to a server. database/sql keeps its connections; statements go past it, because it knows neither several of them nor types by number.
type postgres struct {
	target      Target
	password    string
	dial        Dial
	certificate *tls.Certificate
}

// base is a configuration that names everything itself: nothing of this machine's environment and files may reach a stranger's server.
const base = "host=localhost port=5432 user=nobody password=none dbname=none application_name=none connect_timeout=15 sslmode=disable sslcertmode=disable " +
	"sslnegotiation=postgres target_session_attrs=any channel_binding=prefer min_protocol_version=3.0 max_protocol_version=3.0 require_auth='' sslrootcert='' sslcert='' sslkey=''"

func (p *postgres) config(w **wire) (*pgconn.Config, error) {
	c, err := pgconn.ParseConfig(base)
	if err != nil {
		return nil, &Error{Kind: Unreachable, Message: "the variables PG… of this process keep PostgreSQL from being reached", Cause: err}
	}
	t := &p.target
	c.Host, c.Port, c.Database, c.User, c.Password = t.Host, t.Port, t.Database, t.User, p.password
	c.ConnectTimeout, c.Fallbacks, c.TLSConfig = t.Connect, nil, nil
	c.KerberosSrvName, c.KerberosSpn, c.SSLNegotiation, c.SSLCertMode = "", "", "", ""
	c.ChannelBinding, c.RequireAuth, c.OAuthTokenProvider = "prefer", "", nil
	c.MaxProtocolMessageBodyLen = maxMessage
	c.RuntimeParams = map[string]string{"application_name": cmp.Or(t.Application, "atelier"), "client_encoding": "UTF8", "DateStyle": "ISO", "TimeZone": "UTC"}
	if t.SearchPath != "" {
		c.RuntimeParams["search_path"] = t.SearchPath
	}
	c.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil } // names are resolved where they are dialled
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		fresh, err := dialTCP(ctx, p.dial, network, address)
		if err != nil {
			return nil, err
		}
		*w = fresh
		return fresh, nil
	}
	if t.Secrecy > Clear {
		c.TLSConfig = tlsConfig(t, p.certificate)
	}
	if t.Secrecy == Tried {
		c.Fallbacks = []*pgconn.FallbackConfig{{Host: t.Host, Port: t.Port}}
	}
	return c, nil
}

// Connect implements driver.Connector.
func (p *postgres) Connect(ctx context.Context) (driver.Conn, error) {
	s := &session{}
	c, err := p.config(&s.wire)
	if err != nil {
		return nil, err
	}
	if s.pg, err = pgconn.ConnectConfig(ctx, c); err != nil {
		return nil, p.unreachable(err)
	}
	return s, nil
}

// unreachable says why there is no connection; what the driver says holds the settings.
func (p *postgres) unreachable(err error) error {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		return &Error{Kind: Unreachable, Message: fmt.Sprintf("PostgreSQL lets nobody in: %s (%s)", said.Message, said.Code), Cause: err}
	}
	return unreachable(&p.target, err)
}

// Driver implements driver.Connector.
func (p *postgres) Driver() driver.Driver { return nil }

// session is one connection.
type session struct {
	pg   *pgconn.PgConn
	wire *wire
	used bool
}

var errPast = errors.New("sqldata: statements go past database/sql")

// Prepare, Begin and Close implement driver.Conn.
func (s *session) Prepare(string) (driver.Stmt, error) { return nil, errPast }

func (s *session) Begin() (driver.Tx, error) { return nil, errPast }

func (s *session) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return s.pg.Close(ctx)
}

// IsValid implements driver.Validator.
func (s *session) IsValid() bool { return !s.pg.IsClosed() && s.pg.TxStatus() == 'I' }

// ResetSession implements driver.SessionResetter: what the statement before has set, locked or made for itself is gone.
func (s *session) ResetSession(ctx context.Context) error {
	if !s.used {
		return nil
	}
	s.wire.renew()
	if _, err := s.pg.Exec(ctx, "DISCARD ALL").ReadAll(); err != nil {
		return driver.ErrBadConn
	}
	return nil
}

// queryPostgres runs the statements one after another, several of them in one transaction.
func queryPostgres(ctx context.Context, c *sql.Conn, q *Query) (*Result, error) {
	all, err := q.split()
	if err != nil {
		return nil, err
	}
	var out table
	err = c.Raw(func(dc any) error {
		s := dc.(*session)
		s.wire.renew()
		s.used = true
		if err := s.run(ctx, q, all, &out); err != nil {
			return s.failed(ctx, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out.result(), nil
}

func (s *session) run(ctx context.Context, q *Query, all []single, out *table) error {
	if len(all) > 1 {
		if err := s.one(ctx, "BEGIN", nil, out); err != nil {
			return err
		}
	}
	for _, one := range all {
		values := make([][]byte, len(one.names))
		for i, name := range one.names {
			value, err := q.parameter(name).forPostgres()
			if err != nil {
				return err
			}
			values[i] = value
		}
		if err := s.one(ctx, one.text, values, out); err != nil {
			return err
		}
	}
	if len(all) > 1 && s.pg.TxStatus() != 'I' {
		return s.one(ctx, "COMMIT", nil, out)
	}
	return nil
}

// one runs a statement. A result without columns leaves the rows of the one before.
func (s *session) one(ctx context.Context, text string, values [][]byte, out *table) error {
	r := s.pg.ExecParams(ctx, text, values, nil, nil, nil)
	err := rows(r, out)
	if err != nil {
		return err // the connection is given up with what is still to come
	}
	_, err = r.Close()
	return err
}

func rows(r *pgconn.ResultReader, out *table) error {
	fields := r.FieldDescriptions()
	if len(fields) == 0 {
		return nil
	}
	columns := make([]string, len(fields))
	for i := range fields {
		columns[i] = fields[i].Name
	}
	if err := out.begin(columns); err != nil {
		return err
	}
	for r.NextRow() {
		if err := out.row(); err != nil {
			return err
		}
		for i, v := range r.Values() {
			out.column(i)
			if v == nil {
				out.out = append(out.out, "null"...)
			} else {
				out.out = appendPostgres(out.out, fields[i].DataTypeOID, string(v))
			}
		}
		if err := out.endRow(); err != nil {
			return err
		}
	}
	return nil
}

// failed turns an error into one of ours. A connection in the middle of something is of no more use.
func (s *session) failed(ctx context.Context, err error) error {
	var ours *Error
	var said *pgconn.PgError
	isOurs := errors.As(err, &ours)
	if isOurs || s.pg.TxStatus() != 'I' || s.pg.IsBusy() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = s.pg.Conn().SetDeadline(time.Now().Add(time.Second))
		_ = s.pg.Close(closing) //nolint:errcheck // it is given up
	}
	switch {
	case isOurs:
		return ours
	case ctx.Err() != nil:
		return late(ctx)
	case errors.As(err, &said):
		return &Error{Kind: Refused, Message: fmt.Sprintf("PostgreSQL refused the statement: %s (%s)", said.Message, said.Code), Cause: err}
	}
	return &Error{Kind: Unreachable, Message: "the connection to PostgreSQL broke", Cause: err}
}
