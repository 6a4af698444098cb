package snapshot

import (
	"context"
	"time"
)

// Protocol is the version of this data between control plane and gateway.
//
//	1  2026-11-24  first; Type, Definition and Resolvers of APIs may be absent
//	2  2026-11-24  contracts of APIs and schemas of documents, for the policies that validate
//	3  2026-11-24  loggers
//	4  2026-11-24  connections of the credential manager, and the installation's issuer
//	5  2026-11-24  pools, circuit breakers, certificates and proxies of backends
const Protocol = 5

// Snapshot is everything one gateway serves.
type Snapshot struct {
	Version  uint64 // change number that it includes
	Gateway  Gateway
	Service  *Shard   // policy, named values, fragments and backends of the service; its APIs only when Gateway.Managed
	Others   []*Shard // one for each workspace served
	Settings Settings
	// Authorities are those that the service trusts about certificates of callers, beside those of the system.
	Authorities []Authority
}

// Gateway is the gateway itself.
type Gateway struct {
	ID          string // full resource id; of a managed gateway, the service's id
	Name        string // "managed", or the resource's name
	Hosts       []string
	Managed     bool
	Default     bool // also answers requests whose Host names no gateway
	ServiceID   string
	ServiceName string
	Region      string
	// AsksForCertificate says that connections with TLS are asked for a client certificate; the caller may have none.
	AsksForCertificate bool
}

// Settings are switches of the service that gateways obey.
type Settings struct {
	ForwardSubscriptionKey bool   // customProperties["Atelier.Gateway.ForwardSubscriptionKey"]
	Principal              string // of the service's system-assigned identity, "" without one
	IdentityFor            string // customProperties["Atelier.Identity.Workspaces"]
	Tenant, Issuer         string // whose principals access policies of connections name, and who signs their tokens
}

// Authority is a certificate authority that the service trusts about callers: in the end, or, when Root isn't set, as a link on the way.
type Authority struct {
	DER  []byte
	Root bool
}

// Shard is one home: the service or a workspace.
type Shard struct {
	ID            string // full resource id, stored casing
	Workspace     string // name, "" for the service
	DisplayName   string
	Policy        *Policy // all-APIs document, nil without one
	NamedValues   List[NamedValue]
	Fragments     []*Fragment
	Backends      []*Backend
	Certificates  []*Certificate
	Loggers       []*Logger
	Connections   []*Connection
	APIs          List[*API]
	Products      []*Product
	Subscriptions List[*Subscription]
	Users         []*User // owners of the subscriptions of this shard
}

// Policy is a stored document.
type Policy struct {
	ID     string // id of the policies/policy resource
	Format string // "xml" or "rawxml"
	Text   string
	// Schemas are those of the home that the document names.
	Schemas []*Schema
}

// Schema is the text of a schema. Kind is "json" or "xml".
type Schema struct {
	Name, Kind string
	Text       []byte
}

// NamedValue is a named value, opened. Secret ones are never logged.
type NamedValue struct {
	DisplayName, Value string
	Secret             bool
}

// Fragment is a policy fragment.
type Fragment struct {
	Name string
	Policy
}

// Backend is a backend entity, credentials opened.
type Backend struct {
	ID, Name, Title, URL       string
	Header                     map[string][]string
	Query                      map[string][]string
	Authorization              string // value of the Authorization header, "" for none
	SkipVerify, SkipVerifyName bool
	Certificates, Thumbprints  []string // of the home, that are shown: by name and by thumbprint
	Proxy                      *Proxy   // nil for none
	Breaker                    *Breaker // nil for none
	Pool                       []Member // of a pool; nothing else of it is set then
}

// Proxy is an HTTP proxy. It is never logged.
type Proxy struct{ URL, User, Password string }

// Breaker is the rule that trips a backend: Count failures or Percentage of failures within Interval, whichever is set.
type Breaker struct {
	Count, Percentage int
	Interval, Trip    time.Duration
	Statuses          []StatusRange
	Reasons           []string
	RetryAfter        bool // a failed answer's Retry-After takes the place of Trip
}

// StatusRange holds both of its ends.
type StatusRange struct{ Min, Max int }

// Member is a backend of a pool's home, by name.
type Member struct {
	Name             string
	Weight, Priority int
}

// Certificate is a certificate entity, opened: what was uploaded, and the password of an archive. It is never logged.
type Certificate struct {
	Name       string
	Thumbprint string
	Data       []byte
	Password   string
}

// Logger is a logger entity, its credentials opened; they may hold references to named values. It is never logged.
type Logger struct {
	Name, Type  string
	Credentials map[string]string
}

// Connection is a connection of the credential manager with its token of now, and who may use it. It is never logged.
type Connection struct {
	Provider, Name string
	AccessToken    string    // "" without one; Fault says why
	Expires        time.Time // zero for never
	Claims         string    // JSON, "" for none
	Fault          string
	Access         []Grantee
}

// Grantee is who may use a connection. Each part that is set must fit.
type Grantee struct {
	ObjectID, TenantID string
	Apps               []string
}

// API is one revision of an API with its operations.
type API struct {
	ID, Name, DisplayName string
	Type                  string // "http", "soap", "websocket", "grpc", "graphql", "odata", as the API's type is written; "" for http
	Path                  string // without leading slash
	Revision              string
	Current, Online       bool
	Version               string
	VersionScheme         string // "", "Segment", "Query", "Header"
	VersionParameter      string // name of the query parameter or header
	ServiceURL            string
	Protocols             []string // "http", "https", "ws", "wss"
	SubscriptionRequired  bool
	KeyHeader, KeyQuery   string
	Policy                *Policy
	Operations            []*Operation
	Definition            *Definition
	Resolvers             []*Resolver
	Contract              *Contract // nil when no policy may ask for it
}

// Definition is a document that describes a whole API: GraphQL's schema language, OData's metadata.
type Definition struct {
	ContentType, Text string
}

// Resolver gets the data of one field of a GraphQL API.
type Resolver struct {
	ID, Path string  // "Type/field"
	Policy   *Policy // nil without one: the field is as if it had no resolver
}

// Operation is one operation.
type Operation struct {
	ID, Name, DisplayName string
	Method, URLTemplate   string
	Element               string // of a SOAP call: the local name of what its body holds; "" when that isn't known
	Policy                *Policy
	Responses             []Response
}

// Response is a documented answer, for mock-response.
type Response struct {
	Status          int
	Representations []Representation
}

// Representation is one content type of a documented answer.
type Representation struct {
	ContentType string
	Examples    [][]byte
	Sample      []byte // made from the schema, nil without one
}

// Product is a product of this home.
type Product struct {
	ID, Name, DisplayName string
	Published             bool
	SubscriptionRequired  bool
	ApprovalRequired      bool
	SubscriptionsLimit    *int
	Policy                *Policy
	APIs                  []string // full ids of linked APIs, lower case, without revision
	Groups                []NamedID
}

// NamedID is an id with a name.
type NamedID struct{ ID, Name string }

// Subscription is an active subscription with its keys, opened.
type Subscription struct {
	ID, Name, DisplayName    string
	Scope                    Scope
	PrimaryKey, SecondaryKey string
	Owner                    string // user id as in User.ID, "" for none
	Created                  time.Time
	Start, End               *time.Time
}

// Scope is what a subscription opens: everything in its home (All), one API, or one product.
type Scope struct {
	All     bool   // every API of the home: of the service when the home is the service, of the workspace otherwise
	API     string // full id, lower case, without revision
	Product string // full id, lower case
}

// User is the owner of a subscription.
type User struct {
	ID, Name, Email, FirstName, LastName, Note string
	Registered                                 time.Time
	Groups                                     []NamedID
	Identities                                 []NamedID // ID and provider
}

// Source gives a gateway its snapshots. The embedded control plane, a file and HTTP are implementations; a gateway knows no difference.
type Source interface {
	// Next waits until there is a snapshot newer than version after (0: any) and returns it.
	Next(ctx context.Context, after uint64) (*Snapshot, error)
}

// Report is what a gateway says after it has tried a snapshot.
type Report struct {
	Version  uint64
	Problems []Problem
}

// Problem is a part that could not be compiled: it keeps its last good form or answers 500.
type Problem struct {
	ID      string // resource whose document is at fault
	Message string
}
