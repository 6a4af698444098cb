package kind

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

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
	Slow         bool               // Prepare may reach outside: see Outlasts
	Guarded      bool               // is listed only to those who may read each entry (lists across scopes)
	UpdateStatus int                // status of a PUT that replaces: 200 unless declared otherwise
	CreateStatus int                // status of a PUT that creates: 201 unless declared otherwise
	HeadStatus   int                // status of a HEAD: that of GET unless declared otherwise
	Bare         bool               // is shown as its properties alone, without id, type and name
	Mirror       bool               // shows resources that stand elsewhere: bare words in Under don't mean it
	PutOnly      bool               // no PATCH
	ReadOnly     bool               // no PUT, PATCH, DELETE by callers
	Deleted      bool               // DELETE answers 200 with what was deleted, 204 when there was nothing
	Virtual      Collection         // reads by the kind itself, for kinds that are more than their rows
	Alias        *Alias             // writes that make and remove rows of other kinds
	// Keep says which entries a list holds when its query asks for some only; nil, or a nil result, for all of them.
	Keep        func(l Lookup, parent arm.ID, q url.Values) func(*Resource) bool
	Derived     bool               // made by other writes alone: callers read and delete it
	Permanent   bool               // no DELETE
	PatchStatus int                // status of a PATCH: as a PUT that replaces, unless declared otherwise
	Right       string             // the word of role actions, when it isn't Type
	Methods     map[string]*Method // of an endpoint; nil for resources
	AnyName     bool               // of an endpoint: see there
	// WrittenBy says who may write and delete, whatever roles and deny assignments say; nil leaves it to the role actions.
	WrittenBy func(c Caller) bool
	// Withheld says that a parent has no resources of the kind, whatever is stored: requests are answered there as if the kind weren't known; nil for never.
	Withheld func(l Lookup, parent arm.ID) bool
	View     View

	codec
}

// codec are the typed parts of a declaration behind untyped functions; values are always *T of the Entity.
type codec struct {
	New      func() any
	members  []string // of properties, as the wire type declares them
	check    func(v any) []arm.Detail
	secrets  func(v any) []*string
	render   func(r *Rendering, v any)
	export   func(r *Rendering, v any) (*Export, error)
	brief    func(w *Write) bool
	facts    func(w *Write) (request, resource map[string]string)
	defaults func(w *Write) error
	prepare  func(ctx context.Context, w *Write) error
	validate func(w *Write) error
	claims   func(w *Write) []Claim
	refs     func(w *Write) []Ref
	linked   func(w *Write) []Access
	expand   func(w *Write) ([]Extra, error)
	remove   func(w *Write) error
	succeed  func(w *Write) (extras []Extra, stays bool, err error)
	standing func(id arm.ID) any
	revive   func(w *Write) (*Revival, error)
}

// Names are the rules of a kind's names.
type Names struct {
	Min, Max int            // characters; Max 0 means 256
	Pattern  *regexp.Regexp // nil allows what ids allow
	Words    string         // the pattern in words, for the error
	Fixed    string         // the only name there is
	Reserved []string       // names that are refused, compared without case
	Among    []string       // the names that there can be; nil for any
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
	// Kept resources are stored as they stand: they were valid where they come from. Defaults and rules are not applied again, and the tag stays
	// when the value does.
	Kept    bool
	Created time.Time // of what comes from elsewhere; zero for now
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

// Members brings the members of properties to the casing of the declaration, in which hooks ask what a body supplied: JSON readers of the platform
// ignore case. It also says which members there are. A member that stands in two casings is refused, because only one of them would count.
func (k *Kind) Members(properties []byte) ([]byte, map[string]bool, *arm.Error) {
	given, renamed := make(map[string]bool, 8), false
	for name := range arm.Names(properties) {
		declared := k.declared(name)
		if given[declared] {
			return nil, nil, arm.InvalidField(declared, "%s stands in the body twice, in different casing.", declared)
		}
		given[declared], renamed = true, renamed || declared != name
	}
	if !renamed {
		return properties, given, nil
	}
	var body map[string]json.RawMessage
	err := json.Unmarshal(properties, &body)
	for name := range arm.Names(properties) {
		if declared := k.declared(name); declared != name {
			body[declared] = body[name]
			delete(body, name)
		}
	}
	out, failed := json.Marshal(body)
	err = errors.Join(err, failed)
	if err != nil {
		return nil, nil, arm.InvalidField("properties", "properties can't be read: %s.", err)
	}
	return out, given, nil
}

// declared is the name of the member that a JSON reader takes name for; name itself when there is none.
func (k *Kind) declared(name string) string {
	if slices.Contains(k.members, name) {
		return name
	}
	for _, m := range k.members {
		if strings.EqualFold(m, name) {
			return m
		}
	}
	return name
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
	if len(n.Among) > 0 && !containsFold(n.Among, name) {
		return arm.InvalidField("name", "%s: the name %q is not one of %s.", k.Noun, name, strings.Join(n.Among, ", "))
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

// CreatedStatus is the status of a PUT that created.
func (k *Kind) CreatedStatus() int {
	if k.CreateStatus != 0 {
		return k.CreateStatus
	}
	return http.StatusCreated
}

// Full types that many kinds stand under.
const (
	Service   = "Microsoft.ApiManagement/service"
	Workspace = "Microsoft.ApiManagement/service/workspaces"
)
