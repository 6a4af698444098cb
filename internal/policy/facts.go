package policy

import (
	"slices"
	"time"
)

// The facts of an installation that expressions and policies read. They are made when a gateway's table is built, shared by all requests and
// never changed. Names follow the context object of the service (reference of policy expressions).

// Workspace is where an API lives when it isn't the service itself.
type Workspace struct{ ID, Name string }

// API is the API (revision) that matched.
type API struct {
	ID, Name, Path, Revision, Version string
	IsCurrentRevision                 bool
	WebSocket                         bool // the API's requests are handshakes
	ServiceURL                        string
	Protocols                         []string
	KeyHeader, KeyQuery               string
	Workspace                         *Workspace
	Schema                            *Schema  // that describes a GraphQL or OData API; nil without one
	Schemas                           *Schemas // nil when no policy may ask for them
}

// Operation is the operation that matched.
type Operation struct {
	ID, Name, Method, URLTemplate string
	// Responses serve mock-response: the documented answers with their examples.
	Responses []MockResponse
	Contract  *Contract // nil when no policy may ask for it
}

// MockResponse is one documented answer of an operation.
type MockResponse struct {
	Status          int
	Representations []Representation
}

// Representation is one content type of a documented answer. Examples hold given examples in order; Sample is made from the schema, nil without one.
type Representation struct {
	ContentType string
	Examples    [][]byte
	Sample      []byte
}

// Group is a group of users.
type Group struct{ ID, Name string }

// Product is the product in whose context the request runs.
type Product struct {
	ID, Name             string
	Published            bool
	ApprovalRequired     bool
	SubscriptionRequired bool
	SubscriptionsLimit   *int
	Groups               []Group
	APIs                 []*API
	Workspace            *Workspace
}

// Subscription is the subscription whose key was used. Key is the key of this request and therefore set on a copy.
type Subscription struct {
	ID, Name                 string
	Key                      string
	PrimaryKey, SecondaryKey string
	Created                  time.Time
	Start, End               *time.Time
}

// User is the owner of the subscription.
type User struct {
	ID, Email, FirstName, LastName, Note string
	Registered                           time.Time
	Groups                               []Group
	Identities                           []Identity
}

// Identity is an account of a user at a provider.
type Identity struct{ ID, Provider string }

// Backend is a backend entity.
type Backend struct {
	ID, URL, Title string
	Header         Header // credentials: header lines to set
	Query          []Param
	SkipVerify     bool               // tls.validateCertificateChain false
	SkipVerifyName bool               // tls.validateCertificateName false
	Certificate    *ClientCertificate // shown unless a policy has another one shown; nil for none
	Proxy          *Proxy             // gone through unless a policy names another one; nil for none
	Pool           bool
	Members        []*Backend // of a pool
	Region         string
	// Own is what the host that made it keeps with it; policies never look inside.
	Own any
}

// SignsIn says whether the backend has credentials of its own; of a pool, whether a member has.
func (b *Backend) SignsIn() bool {
	return len(b.Header) > 0 || len(b.Query) > 0 || b.Certificate != nil || slices.ContainsFunc(b.Members, (*Backend).SignsIn)
}

// Deployment is the gateway that serves.
type Deployment struct {
	Region, ServiceID, ServiceName string
	GatewayID, InstanceID          string // "managed" on managed gateways
	Managed                        bool
	Certificates                   map[string]Certificate // by id
	Principal                      string                 // of the service's system-assigned identity, "" without one
	IdentityFor                    string                 // workspaces that may use the identity; "" for all
	Trust                          *Trust                 // who is believed about certificates of callers
	Tenant, Issuer                 string                 // the organisation, and who signs tokens of its principals
	// Connections of the credential manager: those of each home that is served, by its id in lower case, then by ConnectionKey.
	Connections map[string]map[string]*Connection
}
