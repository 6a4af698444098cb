package kind

import (
	"net/url"
	"time"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Resource is a stored resource with its value decoded and its secrets opened.
type Resource struct {
	ID    arm.ID
	Kind  *Kind
	Head  Head
	Value any // *T
	ETag  string

	Created, Modified time.Time // zero for what isn't stored
}

// Head is what a tracked resource carries beside its properties.
type Head struct {
	Location string            `json:"location,omitempty"`
	Tags     map[string]string `json:"tags,omitempty"`
	SKU      *arm.SKU          `json:"sku,omitempty"`
	Identity any               `json:"identity,omitempty"`
	Zones    []string          `json:"zones,omitempty"`
}

// Lookup reads other resources within the transaction of a write, or the state of a read.
type Lookup interface {
	// Get returns the resource, and false when there is none.
	Get(id arm.ID) (*Resource, bool)
	// Children returns the resources of the given type directly below parent, in order of their names. typ is the kind's own word.
	Children(parent arm.ID, typ string) []*Resource
	// Below returns the resources of the full type anywhere below scope.
	Below(scope arm.ID, fullType string) []*Resource
	// Tree returns everything below scope, of every kind, in order of the ids.
	Tree(scope arm.ID) []*Resource
	// Claimed returns who holds a claim.
	Claimed(space, value string) (arm.ID, bool)
	// Referrers returns the resources that point at id.
	Referrers(id arm.ID) []arm.ID
	// Principal says whether the directory knows the object id, and its type ("User", "Group", "ServicePrincipal").
	Principal(objectID string) (typ string, ok bool)
}

// Of returns the value of the resource id as *T when it exists and is of that kind.
func Of[T any](l Lookup, id arm.ID) (*T, bool) {
	r, ok := l.Get(id)
	if !ok {
		return nil, false
	}
	v, ok := r.Value.(*T)
	return v, ok
}

// Collection reads a kind whose entries don't all lie in the store: built-in roles, or what a scope inherits. Writes go the common way.
type Collection interface {
	// Get returns the resource of an id.
	Get(l Lookup, id arm.ID) (*Resource, bool)
	// List returns what a list at scope shows.
	List(l Lookup, scope arm.ID, q ListQuery) []Listed
}

// ListQuery is what a list was asked for.
type ListQuery struct {
	Caller Caller
	Groups []string // the caller's groups
	Filter *arm.Filter
	Query  url.Values
	// Readable says whether the caller may read a resource, for lists that show what lies elsewhere.
	Readable func(arm.ID) bool
}

// Listed is one entry of a list, with fields that only $filter sees.
type Listed struct {
	*Resource
	Fields map[string]any // by lower-case name
}
