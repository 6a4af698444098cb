package policy

import (
	"errors"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// The context object of expressions is declared here and in the files context_*.go, one for each object, in the table form of the expression
// library: getters over the exchange, so that nothing is copied before an expression asks for it. Names, types and behaviour are those of the
// service's reference; a member that isn't in these tables doesn't exist for authors.

var contextType = types.Interface("IContext")

// NetType makes the exchange the value of context.
func (x *Exchange) NetType() *types.Type { return contextType }

// contextDecls lists the declarations of the context object, the types it leads to, and their extension methods.
func contextDecls() []types.Decl {
	return []types.Decl{
		contextDecl(), requestDecl(), endpointDecl(), responseDecl(), urlDecl(), bodyDecl(), variablesDecl(),
		apiDecl(), keyNamesDecl(), operationDecl(), productDecl(), productStateDecl(), groupDecl(), subscriptionDecl(), userDecl(), identityDecl(),
		workspaceDecl(), deploymentDecl(), gatewayDecl(), backendDecl(), backendTypeDecl(), lastErrorDecl(),
		graphQLDecl(), dataObjectDecl(),
		jwtDecl(), basicDecl(), authorizationDecl(), extensionsDecl(),
	}
}

func contextDecl() types.Decl {
	return types.Decl{Type: contextType, Doc: "The request in flight.", Members: []types.Member{
		{Sig: "IApi Api { get; }", Do: types.Fn1(func(x *Exchange) *API { return x.API }), Doc: "The API that matched."},
		{Sig: "IBackend Backend { get; }", Do: types.Fn1(func(x *Exchange) *Backend { return x.Backend.Backend }), Doc: "The backend entity the request goes to; null without one."},
		{Sig: "IDeployment Deployment { get; }", Do: types.Fn1(func(x *Exchange) *Deployment { return x.Deployment }), Doc: "The gateway that serves."},
		{Sig: "TimeSpan Elapsed { get; }", Do: types.Do(elapsed), Doc: "Time since the request was received."},
		{Sig: "IGraphQL GraphQL { get; }", Do: types.Fn1(func(x *Exchange) *GraphQL { return x.GraphQL }), Doc: "The field that a resolver is asked for; null elsewhere."},
		{Sig: "ILastError LastError { get; }", Do: types.Fn1(func(x *Exchange) *Error { return x.LastError }), Doc: "The error that led to on-error; null elsewhere."},
		{Sig: "IOperation Operation { get; }", Do: types.Fn1(func(x *Exchange) *Operation { return x.Operation }), Doc: "The operation that matched; null when only the API did."},
		{Sig: "IProduct Product { get; }", Do: types.Fn1(func(x *Exchange) *Product { return x.Product }), Doc: "The product in whose context the request runs; null without one."},
		{Sig: "IRequest Request { get; }", Do: types.Fn1(func(x *Exchange) *Request { return &x.Request }), Doc: "The request as it is now."},
		{Sig: "Guid RequestId { get; }", Do: types.Do(requestID), Doc: "The id of the request, as in logs and error bodies."},
		{Sig: "IResponse Response { get; }", Do: types.Fn1(func(x *Exchange) *Response { return x.Response }), Doc: "The response as it is now; null before there is one."},
		{Sig: "ISubscription Subscription { get; }", Do: types.Fn1(func(x *Exchange) *Subscription { return x.Subscription }), Doc: "The subscription whose key was used; null without one."},
		{Sig: "DateTime Timestamp { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return netTime(c, c.This.(*Exchange).Received) }), Doc: "When the request was received, UTC."},
		{Sig: "bool Tracing { get; }", Do: types.Fn1(func(x *Exchange) bool { return x.Tracing }), Doc: "Whether the request is traced."},
		{Sig: "IUser User { get; }", Do: types.Fn1(func(x *Exchange) *User { return x.User }), Doc: "The owner of the subscription; null without one."},
		{Sig: "IVariables Variables { get; }", Do: types.Fn1(func(x *Exchange) *variables { return (*variables)(x) }), Doc: "Values that policies have kept."},
		{Sig: "IWorkspace Workspace { get; }", Do: types.Fn1(func(x *Exchange) *Workspace { return x.Workspace }), Doc: "The workspace of the API; null at service level."},
		{Sig: "void Trace(string message)", Do: types.Do(contextTrace), Doc: "Writes a line to the traces of the request."},
	}}
}

func elapsed(c *types.Call) (types.Value, error) {
	x := c.This.(*Exchange)
	if x.elapsed != nil {
		return netSpan(c, *x.elapsed)
	}
	return netSpan(c, max(c.Env.Now().Sub(x.Received), 0))
}

func requestID(c *types.Call) (types.Value, error) {
	return construct(c, "Guid", "Parse", FormatID(c.This.(*Exchange).ID))
}

func contextTrace(c *types.Call) (types.Value, error) {
	x := c.This.(*Exchange)
	if x.Host != nil {
		text, _ := c.Args[0].(string)
		x.Host.Trace(x, TraceRecord{Source: "context.Trace", Severity: "verbose", Message: text})
	}
	return nil, nil
}

// shortName is an entity's own name: the last segment of its resource id, without a revision.
func shortName(id string) string {
	id = id[strings.LastIndexByte(id, '/')+1:]
	id, _, _ = strings.Cut(id, ";rev=")
	return id
}

// Values of .NET types whose members are declared in the library are made by the library itself: this room knows their names and no Go type
// of theirs.

var errNoType = errors.New("the expression library lacks a type that the context object needs")

// construct calls a static member of a library type with arguments of these Go types.
func construct(c *types.Call, typ, member string, args ...types.Value) (types.Value, error) {
	t := c.Env.Library.Lookup(typ, 0)
	if t == nil {
		return nil, errNoType
	}
	return constructOf(c, t, member, args...)
}

func constructOf(c *types.Call, t *types.Type, member string, args ...types.Value) (types.Value, error) {
	for _, m := range c.Env.Library.Declares(t, member) {
		if !accepts(c.Env.Library, m, args) {
			continue
		}
		all := append([]types.Value{}, args...)
		for _, p := range m.Params[len(args):] {
			all = append(all, p.Default.V)
		}
		return m.Row.Do.Call(&types.Call{Env: c.Env, Args: all, Owner: t, Method: m})
	}
	return nil, errNoType
}

// accepts says whether a member takes the arguments as they are.
func accepts(lib *types.Library, m *types.Method, args []types.Value) bool {
	if len(m.Params) < len(args) || !m.Static && m.Form != types.FormConstructor {
		return false
	}
	for i, p := range m.Params {
		if i >= len(args) {
			if p.Default == nil {
				return false
			}
			continue
		}
		if p.Mode != types.ByValue || !lib.TypeOf(args[i]).Same(p.Type) {
			return false
		}
	}
	return true
}

// ticksAtUnixEpoch are the 100 ns units from year 1 to 1970, as .NET counts time.
const ticksAtUnixEpoch = 621_355_968_000_000_000

// netTime is a DateTime of kind Utc.
func netTime(c *types.Call, t time.Time) (types.Value, error) {
	kind := c.Env.Library.Lookup("DateTimeKind", 0)
	if kind == nil {
		return nil, errNoType
	}
	utc := types.Enum{Type: kind, N: 1}
	return construct(c, "DateTime", ".ctor", t.Unix()*10_000_000+int64(t.Nanosecond()/100)+ticksAtUnixEpoch, utc)
}

// netTimePtr is a DateTime?.
func netTimePtr(c *types.Call, t *time.Time) (types.Value, error) {
	if t == nil {
		return nil, nil
	}
	return netTime(c, *t)
}

// netSpan is a TimeSpan.
func netSpan(c *types.Call, d time.Duration) (types.Value, error) {
	return construct(c, "TimeSpan", ".ctor", int64(d/100))
}
