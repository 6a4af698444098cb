package apim

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
	"github.com/atelier-apim/atelier/internal/kind"
	"github.com/atelier-apim/atelier/internal/policy"
)

// An API of type websocket has one operation, which the service makes and nobody changes: the handshake that a connection begins with.

const (
	websocketType = "websocket"
	onHandshake   = "onHandshake"
)

// validateWebSocket checks what is peculiar to connections.
func validateWebSocket(a *API) error {
	for _, p := range a.Protocols {
		if !strings.EqualFold(p, "ws") && !strings.EqualFold(p, "wss") {
			return arm.InvalidField("protocols", "protocols: a WebSocket API is served over ws and wss, not over '%s'.", p)
		}
	}
	if scheme, _, _ := strings.Cut(strings.ToLower(a.ServiceURL), "://"); a.ServiceURL != "" && scheme != "ws" && scheme != "wss" {
		return arm.InvalidField("serviceUrl", "serviceUrl: the backend of a WebSocket API has an address that begins with ws:// or wss://.")
	}
	return nil
}

// expandWebSocket makes the handshake of a new WebSocket API. others is what the write makes besides: a copy brings its own.
func expandWebSocket(w *kind.Typed[API], others []kind.Extra) []kind.Extra {
	id := w.ID.Child("operations", onHandshake)
	if w.Old != nil || !isWebSocket(w.New) {
		return nil
	}
	for _, e := range others {
		if e.ID.Equal(id) {
			return nil
		}
	}
	op := &Operation{DisplayName: onHandshake, Method: "GET", URLTemplate: "/", TemplateParameters: []Parameter{}, Responses: []Response{}}
	return []kind.Extra{{ID: id, Value: op, Kept: true}}
}

func isWebSocket(a *API) bool { return strings.EqualFold(a.Type, websocketType) }

// ofWebSocket says whether an operation belongs to a WebSocket API.
func ofWebSocket(l kind.Lookup, operation arm.ID) bool {
	a, ok := kind.Of[API](l, operation.Parent())
	return ok && isWebSocket(a)
}

// keepHandshake refuses to make, change or remove an operation of a WebSocket API.
func keepHandshake(w *kind.Typed[Operation]) error {
	if !ofWebSocket(w.Lookup, w.ID) {
		return nil
	}
	return arm.InvalidField("operationId", "A WebSocket API has the operation '%s' and no other; it can't be made, changed or deleted. Policies can be put on it.", onHandshake)
}

// refuseOnHandshake refuses policies that have no meaning for a connection on the operation of a WebSocket API.
func (c *Catalogue) refuseOnHandshake(w *kind.Typed[Policy], doc *policy.Document) error {
	if scopeOfPolicy(w.ID) != policy.OperationScope || !ofWebSocket(w.Lookup, w.ID.Parent()) {
		return nil
	}
	var problems []policy.Problem
	for _, n := range c.Policies.HTTPOnly(doc) {
		problems = append(problems, policy.Problem{
			Line: n.Line, Column: n.Column, Element: n.Name, Severity: policy.SeverityError,
			Message: "Policy is not allowed at the handshake of a WebSocket API; a connection has no such request or response",
		})
	}
	return refuse(problems)
}
