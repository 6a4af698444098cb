package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/policy"
)

// A connection that goes on to the server of a GraphQL API is a tunnel, unless policies check its requests: then each message is read and looked at, and
// what goes on is written anew, so that the server can't read anything else in it.

// maxRelayed is the most bytes of a message of the server.
const maxRelayed = 8 << 20

// offerOne makes the handshake that goes on to the server one for a subprotocol that can be looked into, without compression.
func (x *exchange) offerOne() (*dialect, error) {
	d := dialectOf(x.r.Header["Sec-Websocket-Protocol"])
	if d == nil {
		return nil, errSubprotocol
	}
	x.Request.Header.Set("Sec-WebSocket-Protocol", d.name)
	x.Request.Header.Del("Sec-WebSocket-Extensions")
	return d, nil
}

var errSubprotocol = &policy.Error{
	Source: "graphql", Reason: "SubprotocolNotAcceptable", Message: "The handshake offers no subprotocol of GraphQL.", Status: http.StatusBadRequest,
	Public: "A WebSocket connection to this API needs one of the subprotocols " + transportWS.name + " and " + legacyWS.name + ".",
}

// relay makes the server's connection, which has the tunnel's place, one that is looked into.
func (x *exchange) relay(d *dialect, server io.ReadWriteCloser, res *http.Response) error {
	chosen := res.Header.Get("Sec-Websocket-Protocol")
	wire, err := speakOver(server)
	if err != nil || chosen != d.name {
		x.dropTunnel()
		return x.backendError(errNoTunnel, nil, 0)
	}
	wire.SetReadLimit(maxRelayed)
	x.socket, x.tunnel = newSocket(x, d), nil
	x.socket.server, x.socket.serverConn = wire, server
	x.incoming.ReadCloser = closing{server}
	for _, name := range [...]string{wsAccept, "Sec-Websocket-Protocol", "Sec-Websocket-Extensions"} {
		x.answer.Header.Del(name)
	}
	return nil
}

// closing stands for the body of a 101: there is none to read.
type closing struct{ io.Closer }

func (closing) Read([]byte) (int, error) { return 0, io.EOF }

// speakOver makes a WebSocket of a connection whose handshake is over. The library makes its own: it gets an answer without anybody being asked.
func speakOver(conn io.ReadWriteCloser) (*websocket.Conn, error) {
	agreed := roundTrip(func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, wsAccept: {acceptOf(r.Header.Get(wsKey))}}
		return &http.Response{StatusCode: http.StatusSwitchingProtocols, Header: h, Body: conn, Request: r}, nil
	})
	wire, _, err := websocket.Dial(context.Background(), "ws://server", &websocket.DialOptions{HTTPClient: &http.Client{Transport: agreed}}) //nolint:bodyclose // the connection's
	return wire, err
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// forward passes on what the caller says.
func (s *socket) forward(m wireMessage) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), s.x.gateway.limits.BodyIdle)
	defer cancel()
	// An error ends the server's connection, and whoever reads from it says so.
	_ = s.server.Write(ctx, websocket.MessageText, s.dialect.write(m.Type, m.ID, m.Payload))
}

// request is what goes on of an operation that has been checked: its payload as policies have left it.
func (a *asked) request(m wireMessage) (wireMessage, error) {
	body, err := a.x.Request.Body.Bytes(true)
	m.Payload = body
	return m, err
}

// relayAnswers passes on what the server says until it ends.
func (s *socket) relayAnswers() {
	for {
		kind, data, err := s.server.Read(context.WithoutCancel(s.ctx))
		var ended websocket.CloseError
		switch {
		case errors.As(err, &ended):
			s.close(ended.Code, ended.Reason, ending{})
			return
		case err != nil || kind != websocket.MessageText:
			s.close(websocket.StatusBadGateway, "The server has gone.", ending{})
			return
		}
		s.send(s.answer(data))
	}
}

// answer is what the caller gets of a message of the server.
func (s *socket) answer(data []byte) []byte {
	var m wireMessage
	if json.Unmarshal(data, &m) != nil {
		return data
	}
	a := s.operation(m.ID)
	switch {
	case a == nil:
	case m.Type == "complete" || m.Type == "error":
		s.leave(a)
	case m.Type == s.dialect.next && len(a.x.AtEnd) > 0:
		return s.dialect.write(m.Type, m.ID, a.result(m.Payload))
	}
	return data
}
