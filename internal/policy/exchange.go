package policy

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// Exchange is one request and its reply in flight: everything steps and expressions may read and change. A gateway fills it, one goroutine
// works on it at a time, and its state is in typed fields. Facts (API, Operation, …) are shared and immutable; the rest belongs to this request.
type Exchange struct {
	Context  context.Context
	ID       [16]byte  // context.RequestId, and the activityId of errors
	Received time.Time // UTC
	Host     Host      // what the gateway does for steps

	Deployment   *Deployment
	API          *API
	Operation    *Operation    // nil when only the API matched
	Product      *Product      // nil without a product context
	Subscription *Subscription // nil without a key
	User         *User         // nil without an owner
	Workspace    *Workspace    // nil for service-level APIs

	Request  Request
	Response *Response // nil until a backend or a policy has answered
	Backend  Target
	// Variables are context.Variables: values of the expression engine, names without case (kept lower-case here).
	Variables map[string]any
	// LastError is what on-error reads; nil before.
	LastError *Error
	// Memory is what all exchanges of one home may hold at once; nil for no bound but their own.
	Memory *Memory
	// Section is the section that runs, for errors and for policies that act on "the message in hand".
	Section Section
	// Tail are header lines that policies add to the final answer whatever happens (rate-limit headers, CORS).
	Tail Header
	// AtEnd are run once when the answer is known, before it is sent (counters that wait for the outcome).
	AtEnd []func(*Exchange)
	// Afterwards are run once when the answer has been sent or broken off (bandwidth, places that a streamed answer holds). Nothing of the
	// messages may be read any more; Traffic is final.
	Afterwards []func(*Exchange)
	// Traffic is what the exchange has moved; it is told to Afterwards.
	Traffic Traffic

	// GraphQL is what a resolver is asked for; nil elsewhere.
	GraphQL *GraphQL
	// Published are the subscription fields that what the resolver gets is an event of.
	Published []string
	// Connection is set at the handshake of a connection whose requests are checked one by one; nil elsewhere.
	Handshake *Handshake
	// Caching is set by a cache-lookup that found nothing, for cache-store; nil when the response is not to be kept.
	Caching *Caching

	// Tracing says that somebody asked to follow this request.
	Tracing bool

	env     types.Env      // of expressions
	total   types.Limits   // what is left for all of them
	holding *holding       // beside expressions; nil before the first
	elapsed *time.Duration // when it is given and not measured
	draft   *Response      // the answer that return-response is putting together
	// outgoing is the request that send-request is putting together.
	outgoing *Outgoing
	answers  *answers  // to calls of policies; nil before the first
	turn     *turn     // of branches that share the exchange; nil outside of wait
	done     []any     // what Once has seen
	served   bool      // the answer came from a cache
	waiting  []waiting // for the backend's answer
}

// Traffic are the bytes of bodies as they passed the gateway's door, whatever policies made of them: those that were read from the caller and those
// that were sent to it. Of a connection that became a tunnel it is everything behind the handshake.
type Traffic struct{ In, Out int64 }

// Request is the request as policies see it.
type Request struct {
	Method string
	// OriginalMethod is the method as it was received.
	OriginalMethod string
	URL            URL
	OriginalURL    URL
	Header         Header
	Body           *Body // nil without one
	RemoteIP       string
	Params         []Param  // values of the operation's template, in its order
	Proto          string   // "HTTP/1.1", "HTTP/2.0"
	Certificate    []byte   // of the client, DER; nil without one. The client has shown that it holds the key; nothing else is checked
	Authorities    [][]byte // the certificates that the client sent beside its own, DER
	Trust          *Trust   // what is believed about them
	Endpoint       *PrivateEndpoint
}

// Response is the reply as policies see it.
type Response struct {
	Status  int
	Reason  string // "" for the standard phrase
	Header  Header
	Body    *Body
	Trailer Header
}

// Param is one matched template parameter, decoded.
type Param struct{ Name, Value string }

// Target is where the backend section will send the request.
type Target struct {
	Base    string   // absolute base URL without trailing slash: the API's serviceUrl until set-backend-service changes it
	Backend *Backend // the entity behind it, when there is one
	// Path and Query replace what is appended to Base: path below the API's own path, escaped, with leading slash; query without "?".
	Path  string
	Query string
	// Certificate is shown when the backend asks for one; nil for none, or for the backend's own.
	Certificate *ClientCertificate
	// Rewritten says that rewrite-uri set Path.
	Rewritten bool
	// Proxy is what the call goes through; nil for none.
	Proxy *Proxy
}

// Message is the header and body that a section's policies act on: the request in inbound and backend, the response in outbound and on-error.
// In the latter a response is made when there is none.
func (x *Exchange) Message() (*Header, **Body) {
	if x.outgoing != nil {
		return &x.outgoing.Request.Header, &x.outgoing.Request.Body
	}
	if x.draft != nil {
		return &x.draft.Header, &x.draft.Body
	}
	if x.Section == Outbound || x.Section == OnError {
		r := x.EnsureResponse()
		return &r.Header, &r.Body
	}
	return &x.Request.Header, &x.Request.Body
}

// EnsureResponse returns the response, an empty 200 when there was none.
func (x *Exchange) EnsureResponse() *Response {
	if x.Response == nil {
		x.Response = &Response{Status: 200}
	}
	return x.Response
}

// Answer is the response that set-status and the like act on: the one being put together by return-response, else the exchange's own.
func (x *Exchange) Answer() *Response {
	if x.draft != nil {
		return x.draft
	}
	return x.EnsureResponse()
}

// Drafting runs steps that put r together: to them r is the message in hand, while expressions still see the exchange as it is.
func (x *Exchange) Drafting(r *Response, steps Block) error {
	outer := x.draft
	x.draft = r
	err := steps.Run(x)
	x.draft = outer
	return err
}

// Once says whether key, a comparable value, is new to this exchange, and remembers it.
func (x *Exchange) Once(key any) bool {
	if slices.Contains(x.done, key) {
		return false
	}
	x.done = append(x.done, key)
	return true
}

// Reply makes r the answer and ends the pipeline when returned from a step: `return x.Reply(r)`.
func (x *Exchange) Reply(r *Response) error {
	x.Response = r
	return ErrReplied
}

// SetVariable stores a context variable; names ignore case.
func (x *Exchange) SetVariable(name string, value any) {
	if x.Variables == nil {
		x.Variables = make(map[string]any, 8)
	}
	x.Variables[foldName(name)] = value
}

// UnsetVariable forgets a context variable.
func (x *Exchange) UnsetVariable(name string) { delete(x.Variables, foldName(name)) }

// Variable returns a context variable and whether it is set.
func (x *Exchange) Variable(name string) (any, bool) {
	v, ok := x.Variables[foldName(name)]
	return v, ok
}

// SetQuery changes the request's query, both as policies see it and as it is sent: the two never differ.
func (x *Exchange) SetQuery(query string) {
	x.Request.URL.Query, x.Backend.Query = query, query
}

// Rewrite makes path and query what is appended to the backend's base address. Expressions see the same below the API's own path.
func (x *Exchange) Rewrite(path, query string) {
	x.Backend.Path, x.Backend.Rewritten = path, true
	if x.API != nil && x.API.Path != "" {
		prefix := "/" + strings.Trim(x.API.Path, "/")
		if seen := x.Request.URL.Path; seen == prefix || strings.HasPrefix(seen, prefix+"/") {
			path = prefix + path
		}
	}
	x.Request.URL.Path = path
	x.SetQuery(query)
}

// Finish puts the header lines that policies promised onto the final answer. Each replaces what the answer has under its name, but for Vary and
// Set-Cookie, which add up.
func (x *Exchange) Finish() {
	if len(x.Tail) == 0 {
		return
	}
	h := &x.EnsureResponse().Header
	for _, f := range x.Tail {
		if strings.EqualFold(f.Name, "Vary") || strings.EqualFold(f.Name, "Set-Cookie") {
			h.Add(f.Name, f.Value)
			continue
		}
		h.Set(f.Name, f.Value)
	}
	x.Tail = nil
}

// Host is the gateway as steps know it. Implementations are safe for use by many requests.
type Host interface {
	// Now is the clock.
	Now() time.Time
	// Forward sends x.Request to x.Backend and fills x.Response; its errors are *Error of source forward-request.
	Forward(x *Exchange, o ForwardOptions) error
	// Trace writes a record of the trace policy or of context.Trace.
	Trace(x *Exchange, t TraceRecord)
	// BackendByID finds a backend of the home (workspace or service) of the document that asks.
	BackendByID(x *Exchange, home, id string) (*Backend, bool)
}

// ForwardOptions are the attributes of forward-request.
type ForwardOptions struct {
	Timeout         time.Duration // until the response header; 0 for the default of 300 s
	FollowRedirects bool
	BufferRequest   bool
	BufferResponse  bool
	FailOnErrorCode bool
	HTTPVersion     string        // "1", "2", "2or1"
	ContinueTimeout time.Duration // how long the body waits for the backend's 100 Continue; 0 sends it unasked
}

// TraceRecord is one line of the trace policy.
type TraceRecord struct {
	Source, Severity, Message string
	Metadata                  []Param
}

func bytesReader(b []byte) io.Reader { return bytes.NewReader(b) }
