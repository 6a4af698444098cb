package gateway

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// socket is a WebSocket connection of a GraphQL API whose requests are executed here. Unlike a tunnel it understands what passes: each message may ask
// for an operation, and subscribers are told of events until they have enough.
type socket struct {
	admission
	x       *exchange // of the handshake
	dialect *dialect
	wire    *websocket.Conn
	conn    *countedConn

	// server and its connection are what an API that is passed through goes on to; nil where operations are executed here.
	server     *websocket.Conn
	serverConn io.Closer

	turn   sync.Mutex // of resolvers and checks, which share the variables of the handshake
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	events chan happening
	places chan struct{} // holds one for each query or mutation that is being executed

	begun      atomic.Bool // the caller has begun to speak
	mu         sync.Mutex
	operations map[string]*asked
	held       int // bytes of their documents

	ending sync.Once
	reason ending
	timer  *time.Timer
}

// Bounds of one connection.
const (
	socketOperations = 100            // under way at once, subscriptions among them
	socketDocuments  = 256 << 10      // bytes of these together
	socketParallel   = 8              // queries and mutations that are executed at once
	socketEvents     = 64             // that wait for the caller
	socketMessage    = 1024 + 100<<10 // bytes of a message: a request, as in bodies, and what is around it
)

// Endings of sockets alone.
var (
	endBehind = ending{"ClientTooSlow", "The caller is too far behind: too many events wait for it."}
	endSlow   = ending{"ClientTooSlow", "The caller did not take what was sent in time."}
)

// Codes of the protocol; older clients get them as well.
const (
	codeInvalid  websocket.StatusCode = 4400
	codeNotBegun websocket.StatusCode = 4401
	codeNoInit   websocket.StatusCode = 4408
	codeTwice    websocket.StatusCode = 4409
	codeInits    websocket.StatusCode = 4429
)

// agree answers a handshake with yes, as a backend would: policies may still look at the answer and refuse.
func (x *exchange) agree() error {
	x.dropSocket() // of an earlier try
	d := dialectOf(x.r.Header["Sec-Websocket-Protocol"])
	if d == nil {
		return errSubprotocol
	}
	if _, err := policies.GraphQLSchema(x.API); err != nil {
		return &policy.Error{Source: "graphql", Reason: "SchemaInvalid", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	}
	if err := x.enterTunnels(); err != nil {
		return err
	}
	x.release()
	x.socket = newSocket(x, d)
	x.answer = &policy.Response{Status: http.StatusSwitchingProtocols}
	x.Response = x.answer
	return nil
}

func newSocket(x *exchange, d *dialect) *socket {
	s := &socket{
		admission: x.admission(), x: x, dialect: d, events: make(chan happening, socketEvents), places: make(chan struct{}, socketParallel), operations: make(map[string]*asked),
	}
	s.exactly, s.product = x.api, documentOf(x.used.product)
	return s
}

// dropSocket gives back the place of a connection.
func (x *exchange) dropSocket() {
	if x.socket != nil {
		x.gateway.tunnels.leave(x.socket)
		x.socket = nil
	}
}

// serveSocket speaks with the caller until one of them ends the connection. res is the 101 as policies have left it.
func (x *exchange) serveSocket(res *policy.Response) {
	s, up := x.socket, &upgrading{x: x, header: make(http.Header)}
	x.writeHeader(up.header, res, -1)
	wire, err := websocket.Accept(up, x.r, &websocket.AcceptOptions{Subprotocols: []string{s.dialect.name}, InsecureSkipVerify: true}) // origins are for policies to judge
	if err != nil {
		if x.failure == nil {
			x.failure = &policy.Error{Source: "gateway", Reason: "UnexpectedError", Message: err.Error()}
		}
		return
	}
	wire.SetReadLimit(socketMessage)
	s.wire, s.conn = wire, up.conn
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(x.Context))
	s.run()
	x.Traffic = policy.Traffic{In: s.conn.in.Load(), Out: s.conn.out.Load()}
	if s.reason.reason != "" {
		x.failure = &policy.Error{Source: "gateway", Reason: s.reason.reason, Message: s.reason.message}
	}
}

// run takes messages until the connection ends, and leaves nothing of it behind.
func (s *socket) run() {
	g, l := s.x.gateway, &s.x.gateway.limits
	s.timer = time.AfterFunc(time.Hour, s.watch)
	defer s.timer.Stop()
	s.timer.Reset(l.TunnelIdle)
	if !g.tunnels.add(s) {
		go s.end(endShutdown)
	}
	if current := g.table.Load(); current != s.x.table {
		g.reviewTunnels(current)
	}
	defer time.AfterFunc(l.SocketInit, func() {
		if !s.begun.Load() {
			s.close(codeNoInit, "Connection initialisation timeout", ending{})
		}
	}).Stop()
	if sub := s.x.Subscription; sub != nil && sub.End != nil {
		defer time.AfterFunc(sub.End.Sub(g.now()), func() { s.end(endExpired) }).Stop()
	}
	defer func() { // nothing outlives the exchange, which a defect ends, too
		s.close(websocket.StatusNormalClosure, "", ending{})
		s.stopAll()
		s.work.Wait()
	}()
	if s.server != nil {
		s.do(s.relayAnswers)
	} else {
		s.do(s.tellEvents)
	}
	for {
		kind, data, err := s.wire.Read(context.WithoutCancel(s.ctx))
		if err != nil {
			return
		}
		if kind != websocket.MessageText {
			s.close(codeInvalid, "Messages are text.", ending{})
			return
		}
		s.receive(data)
	}
}

// do works on something beside the messages of the caller. A defect there ends the connection, and not the process.
func (s *socket) do(work func()) {
	s.work.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				s.close(websocket.StatusInternalError, "Internal error", ending{"Panic", fmt.Sprint(p)})
			}
		}()
		work()
	})
}

// end ends the connection for a reason of the gateway.
func (s *socket) end(why ending) { s.close(websocket.StatusGoingAway, why.message, why) }

// close ends the connection with a code, once; it returns when it is over. A reason is written to the log.
func (s *socket) close(code websocket.StatusCode, text string, why ending) {
	s.ending.Do(func() {
		s.reason = why
		s.cancel()
		closeSoon(s.wire, s.conn, code, text)
		if s.server != nil {
			closeSoon(s.server, s.serverConn, websocket.StatusGoingAway, "")
		}
	})
}

// closeSoon says why a connection ends, and ends it whether or not the other side listens.
func closeSoon(wire *websocket.Conn, conn io.Closer, code websocket.StatusCode, text string) {
	late := time.AfterFunc(farewell, func() { _ = conn.Close() }) // whatever it is doing
	_ = wire.Close(code, text)
	late.Stop()
	_ = conn.Close()
}

// watch ends the connection when no byte has passed for too long, and comes again when that could be.
func (s *socket) watch() {
	idle := s.x.gateway.limits.TunnelIdle
	silent := time.Duration(time.Now().UnixNano() - s.conn.active.Load())
	switch {
	case s.ctx.Err() != nil:
	case silent >= idle:
		s.end(endIdle)
	default:
		s.timer.Reset(idle - silent)
	}
}

// send writes a message. A caller who doesn't take it in time loses the connection; why is settled before anything of it is torn down.
func (s *socket) send(message []byte) {
	slow := time.AfterFunc(s.x.gateway.limits.BodyIdle, func() { s.close(websocket.StatusTryAgainLater, endSlow.message, endSlow) })
	defer slow.Stop()
	_ = s.wire.Write(context.WithoutCancel(s.ctx), websocket.MessageText, message) // one that fails is the end that the reader finds
}

// receive deals with what the caller says.
func (s *socket) receive(data []byte) {
	m, kind := s.dialect.read(data)
	switch {
	case kind == invalidMessage && !s.dialect.codes:
		s.send(s.dialect.write("connection_error", "", []byte(`{"message":"Invalid message."}`)))
	case kind == invalidMessage:
		s.close(codeInvalid, "Invalid message", ending{})
	case kind == initMessage && s.begun.Swap(true):
		s.close(codeInits, "Too many initialisation requests", ending{})
	case kind == startMessage && !s.begun.Load():
		s.close(codeNotBegun, "Unauthorized", ending{})
	case kind == startMessage:
		s.start(m)
	case s.server != nil:
		s.stop(m.ID)
		s.forward(m)
	case kind == initMessage:
		s.send(s.dialect.write("connection_ack", "", nil))
	case kind == pingMessage:
		s.send(s.dialect.write("pong", "", nil))
	case kind == terminateMessage:
		s.close(websocket.StatusNormalClosure, "", ending{})
	case kind == stopMessage:
		if s.stop(m.ID) && s.dialect.stops {
			s.send(s.dialect.write("complete", m.ID, nil))
		}
	}
}
