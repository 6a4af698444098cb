package gateway

import (
	"net/http"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// match finds the API, its revision and the operation. An API that is not served over this protocol, or whose revision is offline, is as good
// as unknown, and so is a WebSocket API to requests that ask for no connection. When only the API matches, its policies handle the error; when nothing matches, the service's do.
func (x *exchange) match() error {
	if x.table == nil {
		return notFound()
	}
	if x.AsksPolicyFile() {
		if plan := x.table.global(x.gateway); plan != nil {
			if err := plan.PolicyFile(&x.Exchange); err != nil {
				return err
			}
		}
	}
	slot, depth, found := x.table.tree.Find(&x.path, x)
	if !found {
		return x.unmatched()
	}
	a := slot.ready(x.report)
	if !a.answers(x.Request.URL.Scheme, x.upgrade && a.graph != nil) || a.websocket && !x.upgrade {
		return x.unmatched()
	}
	x.api, x.API, x.Workspace, x.Memory = a, a.facts, a.home.workspace, a.home.memory
	x.Backend.Base, x.Backend.Path, x.Backend.Query = a.source.ServiceURL, x.path.Rest(depth), x.Request.URL.Query
	if a.graph != nil {
		x.Backend.Path = "" // the address of a GraphQL server is whole
	}
	if a.graph != nil && x.upgrade {
		x.API, x.Handshake = a.connecting, new(policy.Handshake)
	}
	ops := a.operations
	op, params, matched := x.find(ops, depth)
	if !matched {
		op = ops.whole
		if asked := x.preflightMethod(); asked != "" {
			// No OPTIONS operation: the preflight logic of the operation that is asked about.
			if wanted, _, known := ops.Match(&x.path, depth, asked, x.Request.URL.Query); known {
				op = wanted
			}
			x.operation, x.Operation = op, op.facts
			return x.usePlan(nil)
		}
	}
	x.operation, x.Operation = op, op.facts
	x.setParams(params)
	if !matched {
		if err := x.usePlan(nil); err != nil {
			return err
		}
		return notFound()
	}
	switch {
	case x.connects():
		return x.checkHandshake()
	case a.grpc:
		return x.checkCall()
	}
	return nil
}

// find finds the operation of the request and the values of its template.
func (x *exchange) find(ops *operations, depth int) (*operation, []route.Param, bool) {
	query := x.Request.URL.Query
	if ops.soap != nil {
		var ok bool
		if query, ok = x.callBySOAP(ops.soap, depth); !ok {
			return nil, nil, false
		}
	}
	return ops.Match(&x.path, depth, x.Request.Method, query)
}

// answers says whether the API is served over a scheme, or, as a GraphQL API, takes connections over it: where it says so, or, if it says nothing of
// connections, where it takes requests.
func (a *api) answers(scheme string, connects bool) bool {
	if !a.source.Online && !a.source.Current {
		return false
	}
	if connects && (a.ws || a.wss) {
		return scheme == "https" && a.wss || scheme == "http" && a.ws
	}
	return scheme == "https" && a.https || scheme == "http" && a.http
}

// VersionValue implements route.Facts.
func (x *exchange) VersionValue(s route.Scheme, parameter string) (string, bool) {
	if s == route.Header {
		v := x.Request.Header.Get(parameter)
		return v, v != ""
	}
	v, count := route.QueryValue(x.Request.URL.Query, parameter)
	return v, count > 0
}

// unmatched is the error of a request that no API takes; the service's global document may answer it.
func (x *exchange) unmatched() error {
	x.plan = x.table.global(x.gateway)
	return notFound()
}

// global is the plan of the service's global document alone; nil when it can't be compiled.
func (t *table) global(g *Gateway) *policy.Plan {
	slot := t.unmatched
	slot.once.Do(func() { slot.plan, slot.err = g.join(t.service.home.document) })
	if slot.err != nil {
		return nil
	}
	return slot.plan
}

// usePlan takes the operation's plan in the context of a product's document.
func (x *exchange) usePlan(product *document) (err error) {
	if x.plan, err = x.gateway.planOf(x.table, x.operation, product); err != nil {
		return &policy.Error{Source: "configuration", Reason: "PolicyCompilationFailure", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	}
	return nil
}

func (x *exchange) setParams(params []route.Param) {
	if len(params) == 0 {
		return
	}
	x.Request.Params = make([]policy.Param, len(params))
	for i, p := range params {
		x.Request.Params[i] = policy.Param(p)
	}
}

func (x *exchange) report(p snapshot.Problem) {
	x.gateway.problem(x.table.snapshot.Gateway.ID, p)
}

func notFound() error {
	return &policy.Error{
		Source: "configuration", Reason: "OperationNotFound", Message: "Unable to match incoming request to an operation.",
		Section: policy.BackendSection.String(), Status: http.StatusNotFound, Public: messageNotFound,
	}
}
