package gateway

import (
	"bufio"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// upgrading is the caller's connection on its way to become a WebSocket that the gateway itself speaks: the library asks for it as a server's handler
// would, and gets it when the handshake has been answered.
type upgrading struct {
	x      *exchange
	header http.Header
	conn   *countedConn
}

// Header implements http.ResponseWriter.
func (u *upgrading) Header() http.Header { return u.header }

// WriteHeader implements http.ResponseWriter; the head goes out with Hijack, which can still fail.
func (*upgrading) WriteHeader(int) {}

// Write implements http.ResponseWriter. What the library would say of a failure has been said.
func (*upgrading) Write(p []byte) (int, error) { return len(p), nil }

// Hijack implements http.Hijacker.
func (u *upgrading) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, err := u.x.takeOver(u.header)
	if err != nil {
		return nil, nil, err
	}
	u.conn = &countedConn{Conn: conn}
	u.conn.touch()
	return u.conn, bufio.NewReadWriter(bufio.NewReader(u.conn), bufio.NewWriter(u.conn)), nil
}

// countedConn counts the bytes of a connection and knows when the last one passed.
type countedConn struct {
	net.Conn
	in, out, active atomic.Int64
}

func (c *countedConn) touch() { c.active.Store(time.Now().UnixNano()) }

// Read implements net.Conn.
func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.in.Add(int64(n))
		c.touch()
	}
	return n, err
}

// Write implements net.Conn.
func (c *countedConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if n > 0 {
		c.out.Add(int64(n))
		c.touch()
	}
	return n, err
}
