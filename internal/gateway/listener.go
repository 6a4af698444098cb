package gateway

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway/h1"
)

// strictListener puts the codec before the server: malformed requests never reach it.
type strictListener struct {
	net.Listener
	limits h1.Limits
}

func (l *strictListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return h1.NewConn(c, l.limits), nil
}

// tlsListener accepts connections after their handshake, because only then it shows whether the codec belongs before the server: HTTP/2 goes to
// it as it is, HTTP/1.1 through the codec.
type tlsListener struct {
	net.Listener
	config  *tls.Config
	timeout time.Duration
	limits  h1.Limits
	ready   chan net.Conn
	failed  chan error
	done    chan struct{}
	once    sync.Once
}

func newTLSListener(l net.Listener, config *tls.Config, timeout time.Duration, limits h1.Limits) *tlsListener {
	t := &tlsListener{Listener: l, config: config, timeout: timeout, limits: limits, ready: make(chan net.Conn), failed: make(chan error, 1), done: make(chan struct{})}
	go t.accept()
	return t
}

func (l *tlsListener) accept() {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			l.failed <- err
			return
		}
		go l.handshake(tls.Server(c, l.config))
	}
}

func (l *tlsListener) handshake(c *tls.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), l.timeout)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		_ = c.Close()
		return
	}
	var conn net.Conn = c
	if c.ConnectionState().NegotiatedProtocol != "h2" {
		conn = h1.NewConn(c, l.limits)
	}
	select {
	case l.ready <- conn:
	case <-l.done:
		_ = c.Close()
	}
}

// Accept implements net.Listener.
func (l *tlsListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.ready:
		return c, nil
	case err := <-l.failed:
		return nil, err
	}
}

// Close implements net.Listener.
func (l *tlsListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

// tlsKey is the context key of a connection's TLS state, which the server doesn't see behind the codec.
type tlsKey struct{}

func withTLS(ctx context.Context, c net.Conn) context.Context {
	if strict, ok := c.(*h1.Conn); ok {
		if t, ok := strict.Conn.(*tls.Conn); ok {
			state := t.ConnectionState()
			return context.WithValue(ctx, tlsKey{}, &state)
		}
	}
	return ctx
}

func restoreTLS(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS == nil {
			r.TLS, _ = r.Context().Value(tlsKey{}).(*tls.ConnectionState)
		}
		h.ServeHTTP(w, r)
	})
}
