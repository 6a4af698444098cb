package kind

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Endpoint declares an address of the API that is neither a resource nor a collection of resources: network status, tiers, the check of a name. What
// it answers is worked out when it is asked.
type Endpoint struct {
	Namespace, Type, Noun string // as in Entity
	Under                 []string
	AnyName               bool               // what the address lies below need not exist, only what is above that
	Methods               map[string]*Method // by HTTP method
}

// Method is one HTTP method of an endpoint.
type Method struct {
	Right  string // role action below the provider's namespace, when it isn't the type's own: read for GET, write for PATCH, action for POST
	Status int    // 200 when zero
	// Do answers; the result becomes JSON. It runs after the caller was found to hold the right at ID, and ID to exist.
	Do MethodFunc
	// As says that the address is another name of an action of a resource; Do is not called then.
	As func(id arm.ID) (resource arm.ID, word string)
}

// MethodFunc answers one method of an endpoint.
type MethodFunc func(ctx context.Context, c *EndpointCall) (any, error)

// EndpointCall is one call of an endpoint.
type EndpointCall struct {
	// ID is the resource that the address lies below; when Named, the address itself has a name ("quotas/{key}") and ID ends with it.
	ID     arm.ID
	Named  bool
	Query  url.Values
	Body   []byte
	Caller Caller
	// Next is the link to the rest of a list that goes on after skip entries.
	Next func(skip int) string
	// View runs f on one consistent state.
	View func(f func(Lookup) error) error
	// Allowed says whether the caller holds a further right.
	Allowed func(action string, scope arm.ID) bool
}

// Kind turns the declaration into what the registry mounts.
func (e Endpoint) Kind() *Kind {
	return &Kind{Namespace: e.Namespace, Type: e.Type, Noun: e.Noun, Under: e.Under, ReadOnly: true, AnyName: e.AnyName, Methods: e.Methods}
}

// MethodAction is the role action that guards a method of an endpoint.
func (m *Mount) MethodAction(method string) string {
	if right := m.Methods[method].Right; right != "" {
		return arm.NamespaceAPIM + "/" + right
	}
	switch method {
	case http.MethodGet:
		return m.FullType + "/read"
	case http.MethodPatch, http.MethodPut:
		return m.FullType + "/write"
	case http.MethodDelete:
		return m.FullType + "/delete"
	}
	return m.FullType + "/action"
}

// Endpoint finds the endpoint of a request path; named says that the path ends with a name below it.
func (r *Registry) Endpoint(p arm.Path) (m *Mount, named, ok bool) {
	parent := p.ID
	if p.Collection == "" {
		var room [arm.TypeRoom]byte
		m, ok = r.endpoints[string(p.ID.AppendTypeKey(room[:0]))]
		parent, named = p.ID.Parent(), true
	} else {
		m, ok = r.endpoints[strings.ToLower(p.CollectionType())]
	}
	if !ok || !parent.IsType(m.Parent) {
		return nil, false, false
	}
	for at := parent; !at.IsRoot(); at = at.Parent() {
		if _, known := r.Of(at); known {
			_, placed := r.Placed(at)
			return m, named, placed
		}
	}
	return m, named, true
}
