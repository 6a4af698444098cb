package kind

import (
	"context"
	"net/http"
	"net/url"
	"regexp"

	"github.com/atelier-apim/atelier/internal/arm"
)

// Shape is how a kind behaves on the wire.
type Shape int

// The shapes.
const (
	Regular Shape = iota // entity with a name of its own
	Single               // exactly one, with a fixed name ("policies/policy")
	Link                 // membership of something in something: PUT has no body to speak of and is idempotent
)

// Kind is a declaration without its wire type; Entity.Kind makes it.
type Kind struct {
	Namespace    string   // provider namespace of kinds that stand in a scope; "" for those below another kind
	Type         string   // the kind's own word: "namedValues"
	Noun         string   // in messages: "Named value"
	Under        []string // full types of parents, or bare words of kinds: every mount of theirs
	Anywhere     bool     // an extension resource: stands in any scope
	Shape        Shape
	Names        Names
	Tracked      bool // has location, tags, sku and identity beside its properties
	BodyETag     bool // repeats its tag in the body
	Locations    bool // location may be left out of a tracked kind
	Filters      []string
	Actions      map[string]*Action // POST words, lower case
	Publish      bool               // gateways care
	Slow         bool               // Prepare may reach outside: a PUT may outlast its request
	Guarded      bool               // is listed only to those who may read each entry (lists across scopes)
	UpdateStatus int                // status of a PUT that replaces: 200 unless declared otherwise
	PutOnly      bool               // no PATCH
	ReadOnly     bool               // no PUT, PATCH, DELETE by callers
	Deleted      bool               // DELETE answers 200 with what was deleted, 204 when there was nothing
	Virtual      Collection         // reads by the kind itself, for kinds that are more than their rows
	View         View

	codec
}

// codec are the typed parts of a declaration behind untyped functions; values are always *T of the Entity.
type codec struct {
	New      func() any
	check    func(v any) []arm.Detail
	secrets  func(v any) []*string
	render   func(r *Rendering, v any)
	defaults func(w *Write) error
	prepare  func(ctx context.Context, w *Write) error
	validate func(w *Write) error
	claims   func(w *Write) []Claim
	refs     func(w *Write) []Ref
	linked   func(w *Write) []Access
	expand   func(w *Write) ([]Extra, error)
	remove   func(w *Write) error
}

// Names are the rules of a kind's names.
type Names struct {
	Min, Max int            // characters; Max 0 means 256
	Pattern  *regexp.Regexp // nil allows what ids allow
	Words    string         // the pattern in words, for the error
	Fixed    string         // the only name there is
	Reserved []string       // names that are refused, compared without case
}

// View is what pages and the reference say of a kind.
type View struct {
	One, Many string   // labels in sentence case
	Summary   string   // what it is for, one sentence
	Columns   []string // JSON paths below properties
}

// Claim reserves a value for the resource in a space: see store.Claim. Message tells the caller what is taken; it never names the owner.
type Claim struct {
	Space, Value   string
	Field, Message string
	Refusal        *arm.Error // instead of a ValidationError with Field and Message
}

// Ref says that the resource points at another. Cascade: it goes when the other goes; otherwise the other can't go before it.
type Ref struct {
	To      arm.ID
	Field   string
	Cascade bool
	// Soft references may point at something that doesn't exist.
	Soft bool
}

// Access is a further right that a write needs on something its body names.
type Access struct {
	Action string
	Scope  arm.ID
}

// Extra is another resource that a write makes or removes in the same transaction: operations of an imported API.
type Extra struct {
	ID     arm.ID
	Value  any  // *T of that kind
	Delete bool // remove it and what is below
}

// Resource is a stored resource with its value decoded and its secrets opened.
type Resource struct {
	ID    arm.ID
	Kind  *Kind
	Head  Head
	Value any // *T
	ETag  string
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

// Write is one write in the making, as hooks see it.
type Write struct {
	ID       arm.ID
	Mount    *Mount
	New      any   // *T after decoding
	Old      any   // *T before, nil when it is created
	Head     *Head // of New
	OldHead  *Head
	Lookup   Lookup // nil in Prepare
	Query    url.Values
	Caller   Caller
	Supplied map[string]bool                                       // top-level members of properties that the body named
	Fetch    func(ctx context.Context, url string) ([]byte, error) // guarded download, for links
	Scratch  any                                                   // from Prepare to the later hooks
}

// Caller is who asks, for hooks that record it.
type Caller struct{ ObjectID, Name string }

// Rendering is an answer in the making.
type Rendering struct {
	ID     arm.ID
	Head   *Head
	Query  url.Values
	Lookup Lookup
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
}

// Listed is one entry of a list, with fields that only $filter sees.
type Listed struct {
	*Resource
	Fields map[string]any // by lower-case name
}

// Action is a POST on a resource: listSecrets, regeneratePrimaryKey.
type Action struct {
	Name    string // in catalogue casing
	Mutates bool   // stores what Do changed in the value
	Status  int    // 200 with the result, or 204
	Do      func(c *ActionCall) (any, error)
}

// ActionCall is one call of an action. Value is *T with secrets opened.
type ActionCall struct {
	ID     arm.ID
	Value  any
	Body   []byte
	Lookup Lookup
}

// Decode reads the JSON of properties into a new value.
func (k *Kind) Decode(properties []byte) (any, *arm.Error) {
	v := k.New()
	if len(properties) > 0 && string(properties) != "null" {
		if err := arm.DecodeJSON(properties, v); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// Check applies the rules of the wire type's fields.
func (k *Kind) Check(v any) error {
	if details := k.check(v); len(details) > 0 {
		return arm.Invalid(details...)
	}
	return nil
}

// SecretFields returns pointers to the secret strings in v that are set.
func (k *Kind) SecretFields(v any) []*string {
	if k.secrets == nil {
		return nil
	}
	return k.secrets(v)
}

// CheckName refuses a name that the kind doesn't allow.
func (k *Kind) CheckName(name string) *arm.Error {
	n := k.Names
	limit := n.Max
	if limit == 0 {
		limit = 256
	}
	switch {
	case len(name) < max(n.Min, 1) || len([]rune(name)) > limit:
		return arm.InvalidField("name", "%s: the name must have %d to %d characters.", k.Noun, max(n.Min, 1), limit)
	case n.Pattern != nil && !n.Pattern.MatchString(name):
		return arm.InvalidField("name", "%s: the name %q is not allowed. %s", k.Noun, name, n.Words)
	}
	for _, r := range n.Reserved {
		if equalFold(r, name) {
			return arm.InvalidField("name", "%s: the name %q is reserved.", k.Noun, name)
		}
	}
	return nil
}

// ReplaceStatus is the status of a PUT that replaced.
func (k *Kind) ReplaceStatus() int {
	if k.UpdateStatus != 0 {
		return k.UpdateStatus
	}
	return http.StatusOK
}

// Full types that many kinds stand under.
const (
	Service   = "Microsoft.ApiManagement/service"
	Workspace = "Microsoft.ApiManagement/service/workspaces"
)
