package policy

import (
	"errors"
	"fmt"
)

// Section is a part of a policy document.
type Section uint8

// The sections, in order of processing.
const (
	Inbound Section = iota
	BackendSection
	Outbound
	OnError
	sections = iota
)

var sectionNames = [sections]string{"inbound", "backend", "outbound", "on-error"}

func (s Section) String() string { return sectionNames[s] }

// Scope is where a document is attached, broad to narrow.
type Scope uint8

// The scopes.
const (
	Global Scope = iota
	WorkspaceScope
	ProductScope
	APIScope
	OperationScope
	ResolverScope // of one field of a GraphQL API; its documents inherit nothing and are a data source (policies.md 7.13)
)

func (s Scope) String() string {
	return [...]string{"global", "workspace", "product", "api", "operation", "resolver"}[s]
}

// ErrReplied ends the pipeline without an error: x.Response is the answer. Steps return it through Exchange.Reply.
var ErrReplied = errors.New("policy: the exchange has its reply")

// Error is a failure in the pipeline, as context.LastError shows it, and the answer that a caller gets when no on-error section makes another.
// Source facts: policies.md 5.
type Error struct {
	Source   string // policy element, or "configuration", "authorization"
	Reason   string
	Message  string // for on-error, logs and traces; may hold internals, never goes to the caller by itself
	Scope    string
	Section  string
	Path     string // "choose[3]/when[2]"
	PolicyID string

	Status int    // of the answer
	Public string // message of the answer's body; "" gives the generic body with the activity id
	Body   []byte // of the answer, JSON, where callers expect another form than the usual; then Public is not used
	Header Header // of the answer, Retry-After and the like
	Cause  error  // for the log
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Source, e.Reason, e.Message)
}

func (e *Error) Unwrap() error { return e.Cause }
