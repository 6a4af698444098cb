package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
)

// asked is an operation that a caller has asked for over a connection and that is under way.
type asked struct {
	socket *socket
	id     string
	size   int
	ctx    context.Context
	cancel context.CancelFunc
	x      *exchange // its own, with the facts of the handshake's
	what   *graphql.Operation
	topic  *topic // that it has subscribed to; nil for a query or mutation
}

// start begins an operation: what it asks is read, checked and, if it subscribes, subscribed to before the next message is looked at.
func (s *socket) start(m wireMessage) {
	if s.operation(m.ID) != nil {
		if s.dialect.codes {
			s.close(codeTwice, "Subscriber for "+clipped(m.ID)+" already exists", ending{})
			return
		}
		s.stop(m.ID)
	}
	a := &asked{socket: s, id: m.ID, size: len(m.Payload)}
	if !s.take(a) {
		s.send(s.dialect.refusal(m.ID, []graphql.Problem{{Message: "The connection has as many operations under way as it may have. Complete one, or ask over another connection."}}))
		return
	}
	a.ctx, a.cancel = context.WithCancel(s.ctx)
	if problems := a.prepare(m.Payload); problems != nil {
		s.leave(a)
		s.send(s.dialect.refusal(m.ID, problems))
		return
	}
	switch {
	case s.server != nil:
		on, err := a.request(m)
		if err != nil {
			s.leave(a)
			s.send(s.dialect.refusal(m.ID, a.failed(err)))
			return
		}
		s.forward(on)
	case a.topic != nil:
		s.x.gateway.publications.subscribe(*a.topic, a)
	default:
		s.do(a.execute)
	}
}

// clipped keeps a close reason within what a frame can hold.
func clipped(id string) string {
	if len(id) > 60 {
		return strings.ToValidUTF8(id[:60], "") + "…"
	}
	return id
}

func (s *socket) operation(id string) *asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.operations[id]
}

// take notes an operation; false when there is no room.
func (s *socket) take(a *asked) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.operations) >= socketOperations || s.held+a.size > socketDocuments {
		return false
	}
	s.operations[a.id] = a
	s.held += a.size
	return true
}

// leave forgets an operation; false when that has been done.
func (s *socket) leave(a *asked) bool {
	s.mu.Lock()
	there := s.operations[a.id] == a
	if there {
		delete(s.operations, a.id)
		s.held -= a.size
	}
	s.mu.Unlock()
	a.cancel()
	if a.topic != nil {
		s.x.gateway.publications.unsubscribe(*a.topic, a)
	}
	return there
}

// stop ends an operation that the caller wants no more of; false when there is none.
func (s *socket) stop(id string) bool {
	a := s.operation(id)
	return a != nil && s.leave(a)
}

func (s *socket) stopAll() {
	s.mu.Lock()
	all := slices.Collect(maps.Values(s.operations))
	s.mu.Unlock()
	for _, a := range all {
		s.leave(a)
	}
}

// prepare reads an operation and checks it as the body of a POST would be; problems say why it is not executed.
func (a *asked) prepare(payload []byte) []graphql.Problem {
	schema, err := policies.GraphQLSchema(a.socket.x.API)
	if err != nil {
		return a.failed(err)
	}
	a.begin(payload)
	if err := a.check(); err != nil {
		return a.refused(err)
	}
	if a.socket.server != nil {
		return nil // the server reads it
	}
	r, err := policies.ReadGraphQL(&a.x.Request, graphql.MaxRequest)
	if err != nil {
		return []graphql.Problem{{Message: graphql.Sentence(err)}}
	}
	var problems []graphql.Problem
	if a.what, problems = schema.Prepare(r, graphLimits); problems != nil {
		return problems
	}
	if a.what.Kind() != "subscription" {
		return nil
	}
	field, p := a.what.Subscribed()
	if p != nil {
		return []graphql.Problem{*p}
	}
	t := topicOf(a.x.api, field)
	a.topic = &t
	return nil
}

// begin makes the operation's exchange: the facts and variables of the handshake, and the request as a POST would bring it.
func (a *asked) begin(payload []byte) {
	c := a.socket.x
	x := &exchange{gateway: c.gateway, table: c.gateway.table.Load(), r: c.r, api: c.api, operation: c.operation, loop: c.loop, over: a.socket}
	x.Exchange = policy.Exchange{
		Context: a.ctx, ID: c.ID, Received: c.gateway.now().UTC(), Host: x, Deployment: c.Deployment, API: c.api.facts, Operation: c.Operation, Product: c.Product,
		Subscription: c.Subscription, User: c.User, Workspace: c.Workspace, Backend: c.Backend, Memory: c.Memory, Tracing: c.Tracing, Section: policy.Inbound,
		Request: c.Request,
	}
	x.Request.Method, x.Request.Body = http.MethodPost, policy.NewBody(payload)
	x.Request.Header = slices.DeleteFunc(slices.Clone(c.Request.Header), func(f policy.Field) bool {
		return len(f.Name) >= len("Sec-WebSocket-") && strings.EqualFold(f.Name[:len("Sec-WebSocket-")], "Sec-WebSocket-")
	})
	x.Request.Header.Set("Content-Type", "application/json")
	x.Request.URL.Query, x.Backend.Query = withoutRequest(c.Request.URL.Query), withoutRequest(c.Backend.Query)
	a.socket.turn.Lock()
	x.Variables = maps.Clone(c.Variables)
	a.socket.turn.Unlock()
	a.x = x
}

// withoutRequest is the query of a handshake's URL when nothing of a request stands in it, and else none: the request is the message.
func withoutRequest(query string) string {
	if graphql.Beside(query) {
		return ""
	}
	return query
}

// check runs what policies have left at the handshake for every operation.
func (a *asked) check() error {
	a.socket.turn.Lock()
	defer a.socket.turn.Unlock()
	for _, step := range a.socket.x.Handshake.Checks {
		if err := step(&a.x.Exchange); err != nil {
			return err
		}
	}
	return nil
}

// refused are the problems of a request that a policy has refused.
func (a *asked) refused(err error) []graphql.Problem {
	var e *policy.Error
	var told struct{ Errors []graphql.Problem }
	if errors.As(err, &e) && e.Body != nil && json.Unmarshal(e.Body, &told) == nil && len(told.Errors) > 0 {
		return told.Errors
	}
	return a.failed(err)
}

// failed logs an error that is not the caller's, and is what the caller may know of it.
func (a *asked) failed(err error) []graphql.Problem {
	x := a.socket.x
	x.Trace(&x.Exchange, policy.TraceRecord{Source: "graphql", Severity: "error", Message: err.Error()})
	return []graphql.Problem{{Message: "The operation can't be executed; the activity id is " + policy.FormatID(x.ID) + "."}}
}

// execute answers a query or mutation.
func (a *asked) execute() {
	s := a.socket
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-a.ctx.Done():
		return
	}
	defer a.x.Afresh()()
	body, err := a.x.runResolvers(a.what, graphTime)
	if err != nil {
		if s.leave(a) {
			s.send(s.dialect.refusal(a.id, a.failed(err)))
		}
		return
	}
	message := s.dialect.write(s.dialect.next, a.id, a.result(body))
	if s.leave(a) && s.ctx.Err() == nil {
		s.send(message)
		s.send(s.dialect.write("complete", a.id, nil))
	}
}

// result is the body of an answer as policies leave it that have changed the request.
func (a *asked) result(body []byte) []byte {
	if len(a.x.AtEnd) == 0 {
		return body
	}
	a.socket.turn.Lock()
	defer a.socket.turn.Unlock()
	x := a.x
	x.Response = &policy.Response{Status: http.StatusOK, Header: policy.Header{{Name: "Content-Type", Value: "application/json"}}, Body: policy.NewBody(body)}
	for _, f := range x.AtEnd {
		f(&x.Exchange)
	}
	changed, err := x.Response.Body.Bytes(true)
	if err != nil {
		return body
	}
	return changed
}
