package sqldata

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
)

// maxWire is what is read from a server for one query, whatever it means: a result in UTF-16, and more.
const maxWire = 2*MaxResult + 1<<20

// Dial opens a connection to an address, a name or a number with a port, or refuses to.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// wire is a connection that ends when a server sends more than it may for one query.
type wire struct {
	net.Conn
	left atomic.Int64
}

func newWire(c net.Conn) *wire {
	w := &wire{Conn: c}
	w.renew()
	return w
}

// renew begins a query.
func (w *wire) renew() { w.left.Store(maxWire) }

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if w.left.Add(int64(-n)) < 0 {
		_ = w.Close()
		return n, errWire
	}
	return n, err
}

var errWire = &Error{Kind: TooLarge, Message: fmt.Sprintf("the server sent more than %d MiB for one query", maxWire>>20)}

// dialTCP dials nothing but TCP.
func dialTCP(ctx context.Context, dial Dial, network, address string) (*wire, error) {
	if network != "tcp" {
		return nil, &Error{Kind: Unreachable, Message: "only TCP is spoken to databases"}
	}
	c, err := dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return newWire(c), nil
}
