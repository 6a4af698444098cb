package gateway

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/atelier-apim/atelier/internal/gateway/h1"
	"github.com/atelier-apim/atelier/internal/policy"
)

// tunnel is a caller's connection joined to a backend's. What passes is copied and counted and not understood, but for where the frames to the
// caller begin and end: that is where the gateway may say that it ends the connection.
type tunnel struct {
	admission

	caller  net.Conn
	backend io.ReadWriteCloser

	in, out atomic.Int64 // bytes that have passed
	active  atomic.Int64 // when the last byte passed, Unix nanoseconds
	idle    atomic.Int64 // how long none may pass, nanoseconds
	timer   *time.Timer  // calls watch

	writing chan struct{} // holds one while somebody writes to the caller
	frames  frames        // that the caller has got

	ending sync.Once
	ended  chan struct{}
	reason ending
}

// ending is why a tunnel ended.
type ending struct{ reason, message string }

// Endings that the gateway decides on.
var (
	endIdle     = ending{"ConnectionIdle", "No byte passed the connection for too long."}
	endShutdown = ending{"GatewayShutdown", "The gateway shuts down."}
	endRevoked  = ending{"AccessRevoked", "The API, the subscription or its key no longer lets the caller in."}
	endExpired  = ending{"AccessRevoked", "The subscription has come to its end."}
)

// farewell is how long the caller may take to read why its connection ends.
const farewell = time.Second

func newTunnel(x *exchange) *tunnel {
	return &tunnel{admission: x.admission(), ended: make(chan struct{}), writing: make(chan struct{}, 1)}
}

// serveTunnel says yes to the caller and copies until one side ends the connection. res is the backend's 101 as policies have left it.
func (x *exchange) serveTunnel(res *policy.Response) {
	t := x.tunnel
	defer res.Body.Close()
	h := make(http.Header)
	x.writeHeader(h, res, -1)
	h["Upgrade"], h["Connection"], h["Sec-WebSocket-Accept"] = []string{"websocket"}, []string{"Upgrade"}, []string{acceptOf(x.r.Header.Get(wsKey))}
	conn, err := x.takeOver(h)
	if err != nil {
		return
	}
	defer conn.Close() //nolint:errcheck // it is over
	t.caller = conn
	x.copyTunnel(t)
	x.Traffic = policy.Traffic{In: t.in.Load(), Out: t.out.Load()}
	if t.reason.reason != "" {
		x.failure = &policy.Error{Source: "gateway", Reason: t.reason.reason, Message: t.reason.message}
	}
}

// takeOver says yes to a handshake and takes the caller's connection over from the server. After an error the connection is over, and the exchange says
// why.
func (x *exchange) takeOver(h http.Header) (net.Conn, error) {
	conn, buffered, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		x.failure = &policy.Error{Source: "gateway", Reason: "UnexpectedError", Message: "the connection can't be taken over: " + err.Error()}
		x.status = http.StatusInternalServerError
		writeError(x.w, x.status, "Internal server error")
		return nil, err
	}
	_ = conn.SetWriteDeadline(time.Now().Add(x.gateway.limits.BodyIdle))
	if strict, ok := conn.(*h1.Conn); buffered.Reader.Buffered() > 0 || ok && !strict.Through() {
		x.failure = &policy.Error{Source: "request", Reason: "RequestRefused", Message: "The caller sent more before its handshake was answered."}
		x.status = http.StatusBadRequest
		_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		_ = conn.Close()
		return nil, x.failure
	}
	x.status = http.StatusSwitchingProtocols
	var head strings.Builder
	head.WriteString("HTTP/1.1 101 Switching Protocols\r\n")
	_ = h.Write(&head) // to memory
	if _, err := io.WriteString(conn, head.String()+"\r\n"); err != nil {
		x.failure = &policy.Error{Source: "gateway", Reason: "ClientConnectionFailure", Message: err.Error()}
		_ = conn.Close()
		return nil, err
	}
	_ = conn.SetWriteDeadline(time.Time{})
	return conn, nil
}

// copyTunnel copies both ways at once. When one side has said its last, the other may finish.
func (x *exchange) copyTunnel(t *tunnel) {
	l := &x.gateway.limits
	t.idle.Store(int64(l.TunnelIdle))
	t.touch()
	if !x.gateway.tunnels.add(t) {
		t.end(endShutdown)
	}
	if current := x.gateway.table.Load(); current != x.table {
		x.gateway.reviewTunnels(current)
	}
	t.timer = time.AfterFunc(time.Hour, t.watch)
	defer t.timer.Stop()
	t.timer.Reset(l.TunnelIdle)
	if s := x.Subscription; s != nil && s.End != nil {
		defer time.AfterFunc(s.End.Sub(x.gateway.now()), func() { t.end(endExpired) }).Stop()
	}
	both := make(chan struct{})
	go func() {
		defer close(both)
		err := t.copy(t.backend, t.caller, &t.in, make([]byte, l.TunnelBuffer))
		t.half(t.backend, err, l.BodyIdle)
	}()
	err := t.copy(callerSide{t}, t.backend, &t.out, make([]byte, l.TunnelBuffer))
	t.half(t.caller, err, l.BodyIdle)
	<-both
	t.ending.Do(func() { close(t.ended) })
}

// copy copies until from ends or one of them fails; no more than the buffer is held. A peer that doesn't read holds up the other, and is idle.
func (t *tunnel) copy(to io.Writer, from io.Reader, count *atomic.Int64, buffer []byte) error {
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			t.touch()
			if _, werr := to.Write(buffer[:n]); werr != nil {
				return werr
			}
			count.Add(int64(n))
			t.touch()
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// half passes on that one direction has ended: the other has a shorter time to end, too. An error ends both.
func (t *tunnel) half(to any, err error, idle time.Duration) {
	t.idle.Store(min(t.idle.Load(), int64(idle)))
	t.touch()
	t.timer.Reset(idle)
	if err == nil {
		err = closeWrite(to)
	}
	if err != nil {
		t.ending.Do(func() { t.closeBoth(); close(t.ended) })
	}
}

// closeWrite ends one direction of a connection.
func closeWrite(c any) error {
	if strict, ok := c.(*h1.Conn); ok {
		c = strict.Conn
	}
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return http.ErrNotSupported
}

func (t *tunnel) closeBoth() {
	_ = t.backend.Close()
	_ = t.caller.Close()
}

func (t *tunnel) touch() { t.active.Store(time.Now().UnixNano()) }

// callerSide writes to the caller and keeps track of the frames.
type callerSide struct{ *tunnel }

func (c callerSide) Write(p []byte) (int, error) {
	c.writing <- struct{}{}
	defer func() { <-c.writing }()
	c.frames.pass(p)
	return c.caller.Write(p)
}

// end ends the tunnel for a reason of the gateway. The caller is told with a close frame (1001, going away) if it isn't in the middle of another.
func (t *tunnel) end(why ending) {
	t.ending.Do(func() {
		t.reason = why
		_ = t.caller.SetReadDeadline(time.Now().Add(farewell))
		time.AfterFunc(farewell, func() { _ = t.caller.Close() }) // whatever it is doing
		select {
		case t.writing <- struct{}{}:
			if t.frames.between() {
				_ = t.caller.SetWriteDeadline(time.Now().Add(farewell))
				_, _ = t.caller.Write([]byte{0x88, 2, 0x03, 0xe9})
			}
			<-t.writing
		case <-time.After(farewell): // it doesn't read
		}
		_ = closeWrite(t.caller)
		_ = t.backend.Close()
		close(t.ended)
	})
}

// watch ends the tunnel when no byte has passed for too long, and comes again when that could be.
func (t *tunnel) watch() {
	select {
	case <-t.ended:
		return
	default:
	}
	silent, idle := time.Now().UnixNano()-t.active.Load(), t.idle.Load()
	if silent >= idle {
		t.end(endIdle)
		return
	}
	t.timer.Reset(time.Duration(idle - silent))
}
