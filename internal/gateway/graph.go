package gateway

import (
	"net/http"
	"time"

	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/policy/policies"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// graph is what a GraphQL API is beside an API: resolvers for fields of its schema.
type graph struct {
	resolvers map[string]*document // by "Type/field"
	telling   chan struct{}        // holds one for each event that is being worked out for a subscriber
}

// Bounds of one request that is executed here.
var (
	graphLimits = graphql.Limits{Depth: 32, Fields: 1000}
	graphBudget = graphql.Budget{Calls: 500, Parallel: 8, Fields: 100_000, Output: 8 << 20}
)

// maxTelling is for how many subscribers of an API events are worked out at once.
const maxTelling = 256

// graphTime is how long an execution may take.
const graphTime = 60 * time.Second

func newGraph(a *snapshot.API, h *home) *graph {
	g := &graph{resolvers: make(map[string]*document, len(a.Resolvers)), telling: make(chan struct{}, maxTelling)}
	for _, r := range a.Resolvers {
		if d := newDocument(policy.ResolverScope, h, r.Policy); d != nil {
			g.resolvers[r.Path] = d
		}
	}
	return g
}

// addGraph makes the one operation of a GraphQL API, which answers at the API's own path.
func (a *api) addGraph(c *operations) {
	op := &operation{api: a, facts: &policy.Operation{ID: "graphql", Name: "GraphQL", Method: http.MethodPost, URLTemplate: "/"}}
	for _, method := range [...]string{http.MethodPost, http.MethodGet} {
		if c.Add(method, "/", op) == nil && method == http.MethodPost {
			c.all = append(c.all, op)
		}
	}
}

// executes says whether requests are executed here rather than passed through: when fields have resolvers, or when there is no server to pass them to.
func (x *exchange) executes() bool {
	return x.graph == nil && x.api != nil && x.api.graph != nil && x.API.Schema != nil && (len(x.api.graph.resolvers) > 0 || x.Backend.Base == "")
}

// execute answers the request with the resolvers of the API; timeout is the policy's, 0 for none.
func (x *exchange) execute(timeout time.Duration) error {
	schema, err := policies.GraphQLSchema(x.API)
	if err != nil {
		return &policy.Error{Source: "graphql", Reason: "SchemaInvalid", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	}
	r, err := policies.ReadGraphQL(&x.Request, graphql.MaxRequest)
	if err != nil {
		return x.answerGraph(http.StatusBadRequest, graphql.Failure([]graphql.Problem{{Message: graphql.Sentence(err)}}))
	}
	op, problems := schema.Prepare(r, graphLimits)
	switch {
	case problems != nil:
		return x.answerGraph(http.StatusBadRequest, graphql.Failure(problems))
	case op.Kind() == "subscription":
		return x.answerGraph(http.StatusBadRequest, graphql.Failure([]graphql.Problem{{Message: "Subscriptions need a WebSocket connection: ask for one at this address, with the subprotocol " + transportWS.name + "."}}))
	case op.Kind() != "query" && x.Request.Method == http.MethodGet:
		return x.answerGraph(http.StatusMethodNotAllowed, graphql.Failure([]graphql.Problem{{Message: "GET is for queries alone; send the " + op.Kind() + " with POST."}}))
	}
	if timeout <= 0 || timeout > graphTime {
		timeout = graphTime
	}
	body, err := x.runResolvers(op, timeout)
	if err != nil {
		return &policy.Error{Source: "graphql", Reason: "AnswerTooLarge", Message: err.Error(), Status: http.StatusInternalServerError, Cause: err}
	}
	return x.answerGraph(http.StatusOK, body)
}

func (x *exchange) answerGraph(status int, body []byte) error {
	h := policy.Header{{Name: "Content-Type", Value: "application/json"}}
	if status == http.StatusMethodNotAllowed {
		h.Add("Allow", http.MethodPost)
	}
	x.Response = &policy.Response{Status: status, Header: h, Body: policy.NewBody(body)}
	return nil
}
