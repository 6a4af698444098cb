package gateway

import "github.com/coder/websocket"

// happening is an event on its way to a subscriber.
type happening struct {
	to    *asked
	event any
}

// tell leaves an event for a subscriber, and waits for nobody: a caller that is too far behind loses its connection.
func (s *socket) tell(a *asked, event any) {
	select {
	case s.events <- happening{a, event}:
	default:
		go s.close(websocket.StatusTryAgainLater, endBehind.message, endBehind)
	}
}

// tellEvents works out what subscribers asked of events, one after the other, until the connection ends.
func (s *socket) tellEvents() {
	for {
		select {
		case h := <-s.events:
			h.to.tellEvent(h.event)
		case <-s.ctx.Done():
			return
		}
	}
}

func (a *asked) tellEvent(event any) {
	s := a.socket
	body, err := a.eventBody(event)
	if a.ctx.Err() != nil {
		return
	}
	if err != nil {
		if s.leave(a) {
			s.send(s.dialect.refusal(a.id, a.failed(err)))
		}
		return
	}
	s.send(s.dialect.write(s.dialect.next, a.id, a.result(body)))
}

// eventBody works out what the operation asked of an event, when it is its turn.
func (a *asked) eventBody(event any) ([]byte, error) {
	places := a.x.api.graph.telling
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
		return a.x.runEvent(a.what, event)
	case <-a.ctx.Done():
		return nil, a.ctx.Err()
	}
}
