package gateway

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/atelier-apim/atelier/internal/policy"
	"github.com/atelier-apim/atelier/internal/route"
	"github.com/atelier-apim/atelier/internal/snapshot"
)

// Names of the key where an API doesn't say others (policies.md 1.4).
const (
	defaultKeyHeader = "Ocp-Apim-Subscription-Key"
	defaultKeyQuery  = "subscription-key"
)

// api is one revision of an API, ready to be matched. Its operations and plans are made when the first request asks for them, once; it
// outlives its table for as long as what it was made of stays the same.
type api struct {
	source        *snapshot.API
	home, service *home
	document      *document
	facts         policy.API
	connecting    policy.API // the same at the handshake of a connection of a GraphQL API
	id            string     // lower case, without revision: what products and subscriptions call it
	websocket     bool       // takes connections, and no other requests
	grpc          bool       // takes calls of gRPC, and no other requests
	http, https   bool       // the protocols that it answers on; of a WebSocket API ws and wss
	ws, wss       bool       // what a GraphQL API says of connections
	keyHeader     string
	keyQuery      string
	graph         *graph // of a GraphQL API

	once     sync.Once
	compiled atomic.Pointer[operations] // nil before the first request
}

// operations are an API's operations, ready to be matched.
type operations struct {
	route.Operations[*operation]
	whole *operation // stands for the API when no operation matches
	soap  *soapCalls // nil for APIs of other types
	all   []*operation
}

func newAPI(a *snapshot.API, h, service *home) *api {
	made := &api{
		source: a, home: h, service: service, document: newDocument(policy.APIScope, h, a.Policy), id: apiID(a.ID),
		websocket: strings.EqualFold(a.Type, "websocket"), grpc: strings.EqualFold(a.Type, "grpc"),
		http: slices.Contains(a.Protocols, "http"), https: slices.Contains(a.Protocols, "https"),
		keyHeader: a.KeyHeader, keyQuery: a.KeyQuery,
		facts: policy.API{
			ID: a.Name, Name: a.DisplayName, Path: a.Path, Revision: a.Revision, Version: a.Version, IsCurrentRevision: a.Current, WebSocket: strings.EqualFold(a.Type, "websocket"),
			ServiceURL: a.ServiceURL, Protocols: a.Protocols, Workspace: h.workspace,
		},
	}
	if made.websocket {
		made.http, made.https = slices.Contains(a.Protocols, "ws"), slices.Contains(a.Protocols, "wss")
	}
	if made.keyHeader == "" {
		made.keyHeader = defaultKeyHeader
	}
	if made.keyQuery == "" {
		made.keyQuery = defaultKeyQuery
	}
	if a.Definition != nil {
		made.facts.Schema = &policy.Schema{ContentType: a.Definition.ContentType, Text: a.Definition.Text}
	}
	if a.Type == "graphql" {
		made.graph = newGraph(a, h)
		made.ws, made.wss = slices.Contains(a.Protocols, "ws"), slices.Contains(a.Protocols, "wss")
	}
	made.facts.KeyHeader, made.facts.KeyQuery = made.keyHeader, made.keyQuery
	made.facts.Schemas = schemasOf(a.Contract)
	made.connecting = made.facts
	made.connecting.WebSocket = true
	return made
}

// apiID is an API's id as products and subscriptions name it: lower case, without its revision.
func apiID(id string) string {
	id = strings.ToLower(id)
	if i := strings.LastIndex(id, ";rev="); i >= 0 && !strings.Contains(id[i:], "/") {
		id = id[:i]
	}
	return id
}

// place is where the API is found.
func (a *api) place() (route.API, error) {
	scheme, err := route.ParseScheme(a.source.VersionScheme)
	return route.API{
		Path: a.source.Path, Scheme: scheme, Version: a.source.Version, Parameter: a.source.VersionParameter,
		Revision: a.source.Revision, Current: a.source.Current,
	}, err
}

// ready returns the operations, made by the first request; others wait. An operation whose template is malformed is left out and reported.
func (a *api) ready(report func(snapshot.Problem)) *operations {
	if c := a.compiled.Load(); c != nil {
		return c
	}
	a.once.Do(func() {
		c := &operations{whole: &operation{api: a}}
		if a.source.Type == "soap" {
			c.soap = newSOAPCalls()
		}
		c.all = append(c.all, c.whole)
		for _, o := range a.source.Operations {
			op := &operation{api: a, document: newDocument(policy.OperationScope, a.home, o.Policy), facts: operationFacts(o, a.source.Contract)}
			if err := c.Add(o.Method, o.URLTemplate, op); err != nil {
				report(snapshot.Problem{ID: o.ID, Message: err.Error()})
				continue
			}
			c.all = append(c.all, op)
			c.soap.add(o)
		}
		if a.graph != nil {
			a.addGraph(c)
		}
		a.compiled.Store(c)
	})
	return a.compiled.Load()
}

// forget drops the plans of product documents that are gone.
func (a *api) forget(gone map[*document]bool) {
	if c := a.compiled.Load(); c != nil {
		for _, op := range c.all {
			op.plans.forget(gone)
		}
	}
}

func operationFacts(o *snapshot.Operation, c *snapshot.Contract) *policy.Operation {
	f := &policy.Operation{ID: o.Name, Name: o.DisplayName, Method: o.Method, URLTemplate: o.URLTemplate, Contract: contractOf(c, o.Name)}
	for _, r := range o.Responses {
		mock := policy.MockResponse{Status: r.Status}
		for _, rep := range r.Representations {
			mock.Representations = append(mock.Representations, policy.Representation(rep))
		}
		f.Responses = append(f.Responses, mock)
	}
	return f
}

// operation is an operation, or an API alone, with the plans that were made for it.
type operation struct {
	api      *api
	document *document
	facts    *policy.Operation // nil for the API alone
	plans    plans
}
