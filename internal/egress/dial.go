package egress

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
)

// NewDial returns a function that tries to open a TCP connection to an address under the rules of New, and closes it again. Its error is for the
// person who gave the address.
func NewDial(allow []netip.Prefix) func(ctx context.Context, address string) error {
	dialer := &net.Dialer{Timeout: Timeout, Control: func(_, address string, _ syscall.RawConn) error {
		return check(address, allow)
	}}
	return func(ctx context.Context, address string) error {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		switch {
		case errors.Is(err, errRefused):
			return errRefused
		case err != nil:
			return errors.New("it does not answer")
		}
		return conn.Close()
	}
}
