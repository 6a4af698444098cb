package gateway

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/atelier-apim/atelier/internal/policy"
)

// handshake asks the backend for a WebSocket connection. Its 101 becomes the exchange's answer, which policies may still look at and refuse; any
// other answer is an ordinary one.
func (x *exchange) handshake(o policy.ForwardOptions) error {
	if x.tunnel != nil {
		x.dropTunnel() // of an earlier try
	}
	x.dropSocket()
	var d *dialect // of what is looked into
	if x.Handshake != nil && len(x.Handshake.Checks) > 0 {
		var err error
		if d, err = x.offerOne(); err != nil {
			return err
		}
	}
	if err := x.enterTunnels(); err != nil {
		return err
	}
	x.tunnel = newTunnel(x)
	res, cancel, err := x.callForTunnel(o)
	switch {
	case err != nil:
		x.dropTunnel()
		return err
	case res.StatusCode != http.StatusSwitchingProtocols:
		x.dropTunnel()
		return x.takeAnswer(res, o, cancel)
	}
	backend, ok := res.Body.(io.ReadWriteCloser)
	if !ok {
		res.Body.Close() //nolint:errcheck // given up
		cancel(nil)
		x.dropTunnel()
		return x.backendError(errNoTunnel, nil, 0)
	}
	x.tunnel.backend = backend
	if err := x.takeAnswer(res, o, cancel); err != nil {
		return err
	}
	if d != nil {
		return x.relay(d, backend, res)
	}
	x.incoming.ReadCloser = (*handshakeBody)(x.tunnel)
	x.answer.Header.Del(wsAccept)
	return nil
}

// enterTunnels takes a place among the gateway's connections.
func (x *exchange) enterTunnels() error {
	if x.gateway.tunnels.enter() {
		return nil
	}
	return &policy.Error{
		Source: "gateway", Reason: "ConnectionLimitExceeded", Message: "The gateway has as many WebSocket connections as it may have.",
		Public: "Too many connections. Try again later.", Status: http.StatusServiceUnavailable,
	}
}

var errNoTunnel = errors.New("the backend's answer to the WebSocket handshake is none")

// callForTunnel sends the handshake and checks the answer.
func (x *exchange) callForTunnel(o policy.ForwardOptions) (*http.Response, context.CancelCauseFunc, error) {
	target, err := x.aim()
	if err != nil {
		return nil, nil, err
	}
	req, err := x.backendRequest(target, o)
	if err != nil {
		return nil, nil, err
	}
	var nonce [16]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, nil, err
	}
	key := base64.StdEncoding.EncodeToString(nonce[:])
	req.Method, req.Body, req.GetBody, req.ContentLength = http.MethodGet, nil, nil, 0
	req.Header["Connection"], req.Header["Upgrade"] = []string{"Upgrade"}, []string{"websocket"}
	req.Header[wsKey], req.Header[wsVersion] = []string{key}, []string{"13"}

	timeout := x.gateway.limits.BackendTime
	if o.Timeout > 0 {
		timeout = min(timeout, o.Timeout)
	}
	o.HTTPVersion = "1" // connections of HTTP/2 can't be handed over
	ctx, cancel := context.WithCancelCause(x.Context)
	timer := time.AfterFunc(timeout, func() { cancel(errTimeout) })
	res, err := x.gateway.transport.to(target, mannerOf(target, o.HTTPVersion)).RoundTrip(req.WithContext(ctx))
	if !timer.Stop() && err == nil {
		res.Body.Close() //nolint:errcheck // given up
		err = errTimeout
	}
	if err == nil && res.StatusCode == http.StatusSwitchingProtocols &&
		!(hasToken(res.Header["Upgrade"], "websocket") && hasToken(res.Header["Connection"], "upgrade") && res.Header.Get(wsAccept) == acceptOf(key)) {
		res.Body.Close() //nolint:errcheck // given up
		err = errNoTunnel
	}
	if err != nil {
		cause := context.Cause(ctx)
		cancel(nil)
		return nil, nil, x.backendError(err, cause, timeout)
	}
	return res, cancel, nil
}

// dropTunnel gives up a connection that nobody will use.
func (x *exchange) dropTunnel() {
	if x.tunnel == nil {
		return
	}
	if x.tunnel.backend != nil {
		_ = x.tunnel.backend.Close()
	}
	x.gateway.tunnels.leave(x.tunnel)
	x.tunnel = nil
}

// handshakeBody stands for the body of a 101: there is none to read, and closing it closes the connection to the backend.
type handshakeBody tunnel

func (b *handshakeBody) Read([]byte) (int, error) {
	return 0, errors.New("the answer is a WebSocket connection and has no body")
}

func (b *handshakeBody) Close() error { return b.backend.Close() }
