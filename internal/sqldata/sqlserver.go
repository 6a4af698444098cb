package sqldata

import (
	"cmp"
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"
)

// sqlServer connects to a server. The driver gets its settings one by one: its own reading of connection strings knows names of files.
type sqlServer struct {
	target Target
	inner  *mssql.Connector
}

func newSQLServer(t Target, token string, own *tls.Certificate, dial Dial) (*sqlServer, error) {
	c := msdsn.Config{
		Host: t.Host, Port: uint64(t.Port), Database: t.Database, User: t.User, Password: t.Password, AppName: cmp.Or(t.Application, "atelier"), ReadOnlyIntent: t.ReadOnly,
		Encryption: msdsn.EncryptionRequired, TrustServerCertificate: t.Secrecy < Verified, HostInCertificateProvided: t.NameInCert != "",
		Protocols: []string{"tcp"}, Workstation: "atelier", DialTimeout: t.Connect, ConnTimeout: 0, DisableRetry: true, NoTraceID: true,
		Encoding: msdsn.EncodeParameters{Timezone: time.UTC}, Parameters: map[string]string{}, ProtocolParameters: map[string]any{},
		TLSConfig: tlsConfig(&t, own),
	}
	switch {
	case t.Strict:
		c.Encryption = msdsn.EncryptionStrict
	case t.Secrecy == Tried:
		c.Encryption = msdsn.EncryptionOff // the sign-in alone is encrypted
	}
	s := &sqlServer{target: t}
	if token == "" {
		s.inner = mssql.NewConnectorConfig(c)
	} else {
		inner, err := mssql.NewSecurityTokenConnector(c, func(context.Context) (string, error) { return token, nil })
		if err != nil {
			return nil, err
		}
		s.inner = inner
	}
	s.inner.Dialer = serverDialer{dial}
	return s, nil
}

// serverDialer resolves names where it dials, and knows TCP alone. It finds out which connection it has opened by the context.
type serverDialer struct{ dial Dial }

type openedKey struct{}

// DialContext implements mssql.Dialer. A server may send the driver on to another one, which is dialled here as well.
func (d serverDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	w, err := dialTCP(ctx, d.dial, network, address)
	if err != nil {
		return nil, err
	}
	if opened, ok := ctx.Value(openedKey{}).(**wire); ok {
		*opened = w
	}
	return w, nil
}

// HostName implements mssql.HostDialer.
func (serverDialer) HostName() string { return "" }

// serverSession is a connection of the driver with the wire below it.
type serverSession struct {
	*mssql.Conn
	wire *wire
}

// Connect implements driver.Connector.
func (s *sqlServer) Connect(ctx context.Context) (_ driver.Conn, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Kind: Unreachable, Message: "SQL Server said what the driver can't read"}
		}
	}()
	var w *wire
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, openedKey{}, &w), s.target.Connect)
	defer cancel()
	c, err := s.inner.Connect(ctx)
	if err != nil {
		return nil, s.unreachable(ctx, err)
	}
	conn, ok := c.(*mssql.Conn)
	if !ok || w == nil {
		_ = c.Close()
		return nil, errors.New("sqldata: the driver gives other connections than expected")
	}
	return &serverSession{conn, w}, nil
}

// Driver implements driver.Connector.
func (s *sqlServer) Driver() driver.Driver { return nil }

func (s *sqlServer) unreachable(ctx context.Context, err error) error {
	var said mssql.Error
	if errors.As(err, &said) {
		return &Error{Kind: Unreachable, Message: fmt.Sprintf("SQL Server lets nobody in: %s (%d)", said.Message, said.Number), Cause: err}
	}
	if ctx.Err() != nil {
		err = errors.Join(ctx.Err(), err)
	}
	return unreachable(&s.target, err)
}

// querySQLServer runs the statements as one batch.
func querySQLServer(ctx context.Context, c *sql.Conn, q *Query) (_ *Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Kind: Refused, Message: "SQL Server answered what the driver can't read"}
		}
	}()
	args := make([]any, len(q.Parameters))
	for i := range q.Parameters {
		p := &q.Parameters[i]
		v, err := p.forSQLServer(func(s string) any { return mssql.VarChar(s) })
		if err != nil {
			return nil, err
		}
		args[i] = sql.Named(p.Name, v)
	}
	err = c.Raw(func(dc any) error {
		if s, ok := dc.(*serverSession); ok {
			s.wire.renew()
		}
		return nil
	})
	if err != nil {
		return nil, serverFailed(ctx, err)
	}
	rows, err := c.QueryContext(ctx, q.Statement, args...)
	if err != nil {
		return nil, serverFailed(ctx, err)
	}
	defer rows.Close() //nolint:errcheck // read to its end, or given up
	var out table
	for {
		if err := serverRows(rows, &out); err != nil {
			return nil, serverFailed(ctx, err)
		}
		if !rows.NextResultSet() {
			break
		}
	}
	if err := rows.Err(); err != nil {
		return nil, serverFailed(ctx, err)
	}
	return out.result(), nil
}

func serverRows(rows *sql.Rows, out *table) error {
	columns, err := rows.Columns()
	if err != nil || len(columns) == 0 {
		return err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	if err := out.begin(columns); err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := out.row(); err != nil {
			return err
		}
		for i, v := range values {
			out.column(i)
			out.out = appendSQLServer(out.out, types[i].DatabaseTypeName(), v)
		}
		if err := out.endRow(); err != nil {
			return err
		}
	}
	return rows.Err()
}

func serverFailed(ctx context.Context, err error) error {
	var ours *Error
	var said mssql.Error
	switch {
	case errors.As(err, &ours):
		return ours
	case ctx.Err() != nil:
		return late(ctx)
	case errors.As(err, &said):
		return &Error{Kind: Refused, Message: fmt.Sprintf("SQL Server refused the statement: %s (%d)", said.Message, said.Number), Cause: err}
	}
	return &Error{Kind: Unreachable, Message: "the connection to SQL Server broke", Cause: err}
}

// appendSQLServer appends a value as the driver gives it for a type.
func appendSQLServer(b []byte, typeName string, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return fmt.Append(b, v)
	case int64:
		return fmt.Append(b, v)
	case float64:
		return appendNumber(b, strconv.FormatFloat(v, 'g', -1, 64))
	case string:
		return appendText(b, v)
	case time.Time:
		return appendText(b, v.Format(cmp.Or(timeForms[typeName], "2006-01-02T15:04:05.9999999")))
	case []byte:
		switch {
		case typeName == "UNIQUEIDENTIFIER" && len(v) == 16:
			var id mssql.UniqueIdentifier
			if id.Scan(v) == nil {
				return appendText(b, strings.ToLower(id.String()))
			}
		case typeName == "DECIMAL" || typeName == "MONEY" || typeName == "SMALLMONEY":
			return appendNumber(b, string(v))
		}
		return appendText(b, base64.StdEncoding.EncodeToString(v))
	}
	return appendText(b, fmt.Sprint(v))
}

// timeForms are ISO 8601 with as much as a type holds.
var timeForms = map[string]string{
	"DATE": "2006-01-02", "TIME": "15:04:05.9999999", "DATETIME": "2006-01-02T15:04:05.999", "SMALLDATETIME": "2006-01-02T15:04:05", "DATETIME2": "2006-01-02T15:04:05.9999999",
	"DATETIMEOFFSET": "2006-01-02T15:04:05.9999999Z07:00",
}
