package gateway

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/policy"
)

// ask gets the data of a root field without a resolver from the API's own server: what the request asks of it goes on there, as it would be passed
// through.
func (s *resolving) ask(ctx context.Context, f *graphql.Field) (any, error) {
	if f.Parent != nil { // the root type as the type of some field
		return f.Given(), nil
	}
	x, err := s.exchange(ctx, f)
	if err != nil {
		return nil, err
	}
	defer x.release()
	body, err := f.Delegate().Body()
	if err != nil {
		return nil, err
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	x.Within(&s.caller.Exchange)
	s.passOn(x, body)
	if err := x.forwardResolver(policy.ForwardOptions{BufferResponse: true, HTTPVersion: "1"}); err != nil {
		return nil, s.failed(x, s.caller.api.source.ID, err)
	}
	res := x.EnsureResponse()
	if res.Body == nil {
		return nil, s.failed(x, s.caller.api.source.ID, fmt.Errorf("the server answered %d without a body", res.Status))
	}
	text, err := res.Body.Bytes(true)
	if err != nil {
		return nil, s.failed(x, s.caller.api.source.ID, err)
	}
	return f.Delegated(text)
}

// passOn makes the request the caller's with another body.
func (s *resolving) passOn(x *exchange, body []byte) {
	c := s.caller
	x.GraphQL = nil
	x.Backend = c.Backend
	x.Request.Method, x.Request.Header, x.Request.Body = http.MethodPost, slices.Clone(c.Request.Header), policy.NewBody(body)
	x.Request.Header.Set("Content-Type", "application/json")
	x.Request.Header.Set("Accept", "application/json")
	x.Request.Header.Del("Accept-Encoding")  // the answer is read here
	x.Request.Header.Del("Content-Encoding") // the body is a new one
	if q, err := url.ParseQuery(x.Backend.Query); err == nil && c.Request.Method == http.MethodGet {
		for _, name := range [...]string{"query", "variables", "operationName"} {
			q.Del(name)
		}
		x.Backend.Query = q.Encode()
	}
}
