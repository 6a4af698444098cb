package gateway

import (
	"cmp"
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

// apiSlot is one revision of an API in a table. Most of an installation's APIs are asked for rarely, so it is no more than where everything else comes
// from: that is made when the first request asks for it, once. It outlives its table for as long as what it was made of stays the same.
type apiSlot struct {
	source        *snapshot.API
	home, service *home

	facts atomic.Pointer[policy.API] // nil until somebody asks
	once  sync.Once
	made  atomic.Pointer[api] // nil before the first request
}

// api is one revision of an API, ready to be matched.
type api struct {
	source        *snapshot.API
	home, service *home
	document      *document
	facts         *policy.API
	connecting    *policy.API // the same at the handshake of a connection of a GraphQL API; nil for others
	id            string      // lower case, without revision: what products and subscriptions call it
	websocket     bool        // takes connections, and no other requests
	grpc          bool        // takes calls of gRPC, and no other requests
	http, https   bool        // the protocols that it answers on; of a WebSocket API ws and wss
	ws, wss       bool        // what a GraphQL API says of connections
	keyHeader     string
	keyQuery      string
	graph         *graph // of a GraphQL API
	operations    *operations
}

// operations are an API's operations, ready to be matched.
type operations struct {
	route.Operations[*operation]
	whole *operation // stands for the API when no operation matches
	soap  *soapCalls // nil for APIs of other types
	all   []*operation
}

// ready returns the API, made by the first request; others wait. An operation whose template is malformed is left out and reported.
func (s *apiSlot) ready(report func(snapshot.Problem)) *api {
	if a := s.made.Load(); a != nil {
		return a
	}
	s.once.Do(func() { s.made.Store(newAPI(s, report)) })
	return s.made.Load()
}

func newAPI(s *apiSlot, report func(snapshot.Problem)) *api {
	a, facts := s.source, s.knownFacts()
	made := &api{
		source: a, home: s.home, service: s.service, document: newDocument(policy.APIScope, s.home, a.Policy), id: apiID(a.ID), facts: facts,
		websocket: facts.WebSocket, grpc: strings.EqualFold(a.Type, "grpc"),
		http: slices.Contains(a.Protocols, "http"), https: slices.Contains(a.Protocols, "https"),
		keyHeader: facts.KeyHeader, keyQuery: facts.KeyQuery,
	}
	if made.websocket {
		made.http, made.https = slices.Contains(a.Protocols, "ws"), slices.Contains(a.Protocols, "wss")
	}
	if a.Type == "graphql" {
		made.graph = newGraph(a, s.home)
		made.ws, made.wss = slices.Contains(a.Protocols, "ws"), slices.Contains(a.Protocols, "wss")
		connecting := *facts
		connecting.WebSocket = true
		made.connecting = &connecting
	}
	made.addOperations(report)
	return made
}

// knownFacts are what policies may ask of the API, which products that hold it give as well.
func (s *apiSlot) knownFacts() *policy.API {
	if f := s.facts.Load(); f != nil {
		return f
	}
	a := s.source
	f := &policy.API{
		ID: a.Name, Name: a.DisplayName, Path: a.Path, Revision: a.Revision, Version: a.Version, IsCurrentRevision: a.Current, WebSocket: strings.EqualFold(a.Type, "websocket"),
		ServiceURL: a.ServiceURL, Protocols: a.Protocols, Workspace: s.home.workspace,
		KeyHeader: cmp.Or(a.KeyHeader, defaultKeyHeader), KeyQuery: cmp.Or(a.KeyQuery, defaultKeyQuery), Schemas: schemasOf(a.Contract),
	}
	if a.Definition != nil {
		f.Schema = &policy.Schema{ContentType: a.Definition.ContentType, Text: a.Definition.Text}
	}
	s.facts.CompareAndSwap(nil, f) // whoever asks at the same time gets the same
	return s.facts.Load()
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
func (s *apiSlot) place() (route.API, error) {
	scheme, err := route.ParseScheme(s.source.VersionScheme)
	return route.API{
		Path: s.source.Path, Scheme: scheme, Version: s.source.Version, Parameter: s.source.VersionParameter,
		Revision: s.source.Revision, Current: s.source.Current,
	}, err
}

func (a *api) addOperations(report func(snapshot.Problem)) {
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
	a.operations = c
}

// forget drops the plans of product documents that are gone.
func (s *apiSlot) forget(gone map[*document]bool) {
	if a := s.made.Load(); a != nil {
		for _, op := range a.operations.all {
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
