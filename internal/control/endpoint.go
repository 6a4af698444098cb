package control

import (
	"context"
	"net/http"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
)

// Endpoint answers a request to an address that is neither a resource nor a collection. It is false when the path names no endpoint.
func (c *Control) Endpoint(ctx context.Context, call *Call, method string, path arm.Path, body []byte) (*Answer, bool, error) {
	m, named, ok := c.Registry.Endpoint(path)
	if !ok {
		return nil, false, nil
	}
	how, ok := m.Methods[method]
	if !ok {
		return nil, true, methodNotAllowed(method, m)
	}
	if how.As != nil {
		id, word := how.As(path.ID)
		a, err := c.Act(ctx, call, id, word, body)
		return a, true, err
	}
	if err := c.allow(call, m.MethodAction(method), path.ID); err != nil {
		return nil, true, err
	}
	if err := call.noPreview(); err != nil && method != http.MethodGet {
		return nil, true, err
	}
	a, err := c.ask(ctx, call, m, how, &kind.EndpointCall{ID: path.ID, Named: named, Body: body})
	return a, true, err
}

// ask runs an endpoint's method for a caller who may.
func (c *Control) ask(ctx context.Context, call *Call, m *kind.Mount, how *kind.Method, e *kind.EndpointCall) (*Answer, error) {
	if err := arm.CheckJSON(e.Body); err != nil {
		return nil, err
	}
	e.Query, e.Caller = call.Query, call.caller()
	e.Next = func(skip int) string { return nextLink(call, skip) }
	e.View = func(f func(kind.Lookup) error) error { return c.View(ctx, f) }
	e.Allowed = func(action string, scope arm.ID) bool { return c.allow(call, action, scope) == nil }
	err := c.View(ctx, func(l kind.Lookup) error {
		at := e.ID
		if _, known := c.Registry.Of(at); !known || m.AnyName {
			return c.present(l.(*lookup), at)
		}
		return c.exists(l.(*lookup), at)
	})
	if err != nil {
		return nil, err
	}
	v, err := how.Do(ctx, e)
	if err != nil {
		return nil, err
	}
	out := &Answer{Status: how.Status}
	if out.Status == 0 {
		out.Status = http.StatusOK
	}
	if v != nil {
		out.Body, err = arm.Marshal(v)
	}
	return out, err
}
