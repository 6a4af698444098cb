package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// resolving is what the resolvers of one request share. Their calls run at once; their policies run one at a time, because values in variables belong to
// one goroutine.
type resolving struct {
	caller *exchange
	turn   *sync.Mutex
	event  bool // of subscribers: what they make of it is no event for others
}

// runResolvers executes an operation.
func (x *exchange) runResolvers(op *graphql.Operation, timeout time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(x.Context, timeout)
	defer cancel()
	shared := &resolving{caller: x, turn: x.turnOfConnection()}
	root := op.Root()
	find := func(typ, field string) graphql.Resolver {
		if r := shared.find(typ, field); r != nil {
			return r
		}
		if typ == root && field != "__schema" && field != "__type" && x.Backend.Base != "" {
			return shared.ask
		}
		return nil
	}
	return op.Execute(ctx, find, graphBudget)
}

// runEvent executes a subscription on one of its events.
func (x *exchange) runEvent(op *graphql.Operation, event any) ([]byte, error) {
	ctx, cancel := context.WithTimeout(x.Context, graphTime)
	defer cancel()
	shared := &resolving{caller: x, turn: x.turnOfConnection(), event: true}
	return op.ExecuteEvent(ctx, shared.find, graphBudget, event)
}

// turnOfConnection is the turn of the resolvers of a request: its own, or that of the connection that it came over, with which it shares variables.
func (x *exchange) turnOfConnection() *sync.Mutex {
	if x.over != nil {
		return &x.over.turn
	}
	return new(sync.Mutex)
}

// find is the resolver of a field, nil for none.
func (s *resolving) find(typ, field string) graphql.Resolver {
	d := s.caller.api.graph.resolvers[typ+"/"+field]
	if d == nil {
		return nil
	}
	return func(ctx context.Context, f *graphql.Field) (any, error) { return s.resolve(ctx, d, f) }
}

// resolve gets the data of one field, and tells subscribers of it where the resolver says so.
func (s *resolving) resolve(ctx context.Context, d *document, f *graphql.Field) (any, error) {
	x, err := s.exchange(ctx, f)
	if err != nil {
		return nil, err
	}
	defer x.endResolver()
	s.turn.Lock()
	defer s.turn.Unlock()
	x.Within(&s.caller.Exchange)
	v, err := s.data(x, d)
	if err == nil && !s.event {
		x.gateway.publications.publish(topicOf(x.api, ""), x.Published, v)
	}
	return v, err
}

// data runs the resolver. Its error is for the caller; what went wrong inside is in the log.
func (s *resolving) data(x *exchange, d *document) (any, error) {
	prepared, err := d.prepare(x.gateway.engine)
	if err != nil {
		x.report(snapshot.Problem{ID: d.source.ID, Message: err.Error()})
		return nil, s.failed(x, d.source.ID, err)
	}
	if err := prepared.Resolver().Run(&x.Exchange); err != nil {
		return nil, s.failed(x, d.source.ID, err)
	}
	body := x.EnsureResponse().Body
	if body == nil {
		return nil, nil
	}
	text, err := body.Bytes(true)
	if err != nil {
		return nil, s.failed(x, d.source.ID, err)
	}
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil, nil
	}
	v, err := graphql.DecodeValue(text)
	if err != nil {
		return string(text), nil // without more ado the answer's text is the data
	}
	return v, nil
}

// failed logs an error and is what the caller may know of it.
func (s *resolving) failed(x *exchange, id string, err error) error {
	s.caller.Trace(&x.Exchange, policy.TraceRecord{Source: "graphql", Severity: "error", Message: err.Error(), Metadata: []policy.Param{{Name: "id", Value: id}}})
	var e *policy.Error
	if errors.As(err, &e) {
		switch {
		case e.Public != "":
			return errors.New(e.Public)
		case e.Reason == "Timeout":
			return errors.New("the data source did not answer in time")
		case e.Reason == "BackendConnectionFailure":
			return errors.New("the data source can't be reached")
		}
	}
	return errors.New("the field can't be resolved; the activity id is " + policy.FormatID(x.ID))
}

// exchange is a resolver's own: the facts of the caller's, and a request of its own whose body holds the arguments for expressions to read.
func (s *resolving) exchange(ctx context.Context, f *graphql.Field) (*exchange, error) {
	args, err := json.Marshal(f.Arguments)
	if err != nil {
		return nil, err
	}
	parent := []byte("{}")
	if f.Parent != nil {
		if parent, err = json.Marshal(f.Parent); err != nil {
			return nil, err
		}
	}
	c := s.caller
	x := &exchange{gateway: c.gateway, table: c.table, r: c.r, api: c.api, operation: c.operation, loop: c.loop, graph: s}
	x.Exchange = policy.Exchange{
		Context: ctx, ID: c.ID, Received: c.Received, Host: x, Deployment: c.Deployment, API: c.API, Operation: c.Operation, Product: c.Product,
		Subscription: c.Subscription, User: c.User, Workspace: c.Workspace, Variables: c.Variables, Memory: c.Memory, Tracing: c.Tracing,
		GraphQL: &policy.GraphQL{Arguments: &policy.DataObject{JSON: args}, Parent: &policy.DataObject{JSON: parent}, List: f.List},
		Request: policy.Request{
			Method: http.MethodGet, URL: c.Request.URL, OriginalURL: c.Request.OriginalURL, RemoteIP: c.Request.RemoteIP, Params: c.Request.Params,
			Proto: c.Request.Proto, Certificate: c.Request.Certificate, Authorities: c.Request.Authorities, Trust: c.Request.Trust, Body: policy.NewBody(append(append([]byte(`{"arguments":`), args...), '}')),
		},
	}
	return x, nil
}

// endResolver ends the exchange of a resolver.
func (x *exchange) endResolver() {
	for _, f := range x.Afterwards {
		f(&x.Exchange)
	}
	x.release()
}

// Aside implements policy.Sharer: other resolvers of the request have their turn meanwhile.
func (x *exchange) Aside(f func()) {
	if x.graph != nil {
		x.graph.turn.Unlock()
		defer x.graph.turn.Lock()
	}
	f()
}

// forwardResolver calls the data source and takes its whole answer, while other resolvers have their turn.
func (x *exchange) forwardResolver(o policy.ForwardOptions) error {
	x.graph.turn.Unlock()
	defer x.graph.turn.Lock()
	if err := x.call(o); err != nil {
		return err
	}
	if b := x.EnsureResponse().Body; b != nil {
		if _, err := b.Bytes(true); err != nil {
			return &policy.Error{Source: "forward-request", Reason: "BackendConnectionFailure", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
		}
	}
	return nil
}
