package policy

import (
	"crypto/x509"
	"strings"
	"time"

	"github.com/atelier-apim/atelier/internal/expr/lib"
	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	requestType  = types.Interface("IRequest")
	responseType = types.Interface("IResponse")
	endpointType = types.Interface("IPrivateEndpointConnection")
)

// NetType makes the request the value of context.Request.
func (r *Request) NetType() *types.Type { return requestType }

// NetType makes a response the value of context.Response and of variables of requests that policies send.
func (r *Response) NetType() *types.Type { return responseType }

func requestDecl() types.Decl {
	return types.Decl{Type: requestType, Doc: "A request.", Members: []types.Member{
		{Sig: "IMessageBody Body { get; }", Do: types.Fn1(func(r *Request) *Body { return r.Body }), Doc: "The body; null without one."},
		{Sig: "X509Certificate2 Certificate { get; }", Do: types.Do(func(c *types.Call) (types.Value, error) { return c.This.(*Request).certificate(c) }), Doc: "The client's certificate; null without one."},
		{Sig: "IReadOnlyDictionary<string, string[]> Headers { get; }", Do: types.Fn1(func(r *Request) *headers { return (*headers)(&r.Header) }), Doc: "The headers; names ignore case."},
		{Sig: "string IpAddress { get; }", Do: types.Fn1(func(r *Request) string { return r.RemoteIP }), Doc: "The caller's address."},
		{Sig: "IReadOnlyDictionary<string, string> MatchedParameters { get; }", Do: types.Fn1(func(r *Request) *params { return (*params)(r) }), Doc: "Values of the operation's template; names ignore case."},
		{Sig: "string Method { get; }", Do: types.Fn1(func(r *Request) string { return r.Method }), Doc: "The method."},
		{Sig: "IUrl OriginalUrl { get; }", Do: types.Fn1(func(r *Request) *URL { return &r.OriginalURL }), Doc: "The address as it was received."},
		{Sig: "IPrivateEndpointConnection PrivateEndpointConnection { get; }", Do: types.Fn1(func(r *Request) *PrivateEndpoint { return r.Endpoint }), Doc: "The private connection the request came through; null without one."},
		{Sig: "IUrl Url { get; }", Do: types.Fn1(func(r *Request) *URL { return &r.URL }), Doc: "The address as policies have left it."},
	}}
}

func responseDecl() types.Decl {
	return types.Decl{Type: responseType, Doc: "A response.", Members: []types.Member{
		{Sig: "IMessageBody Body { get; }", Do: types.Fn1(func(r *Response) *Body { return r.Body }), Doc: "The body; null without one."},
		{Sig: "IReadOnlyDictionary<string, string[]> Headers { get; }", Do: types.Fn1(func(r *Response) *headers { return (*headers)(&r.Header) }), Doc: "The headers; names ignore case."},
		{Sig: "int StatusCode { get; }", Do: types.Fn1(func(r *Response) int32 { return int32(r.Status) }), Doc: "The status code."},
		{Sig: "string StatusReason { get; }", Do: types.Fn1((*Response).reason), Doc: "The reason phrase."},
	}}
}

// PrivateEndpoint is a private connection to the gateway.
type PrivateEndpoint struct{ Name, GroupID, MemberName string }

// NetType makes it the value of context.Request.PrivateEndpointConnection.
func (*PrivateEndpoint) NetType() *types.Type { return endpointType }

func endpointDecl() types.Decl {
	return types.Decl{Type: endpointType, Doc: "A private connection to the gateway.", Members: []types.Member{
		{Sig: "string GroupId { get; }", Do: types.Fn1(func(e *PrivateEndpoint) string { return e.GroupID }), Doc: "The group of the connection."},
		{Sig: "string MemberName { get; }", Do: types.Fn1(func(e *PrivateEndpoint) string { return e.MemberName }), Doc: "The member of the group."},
		{Sig: "string Name { get; }", Do: types.Fn1(func(e *PrivateEndpoint) string { return e.Name }), Doc: "The connection's name."},
	}}
}

// certificate is the caller's. Its Verify asks those whom the gateway trusts.
func (r *Request) certificate(c *types.Call) (types.Value, error) {
	v, err := certificate(c, r.Certificate)
	if made, ok := v.(*lib.Certificate); ok && err == nil {
		made.VerifiedBy(func(leaf *x509.Certificate, at time.Time) error {
			sent, err := r.Sent()
			if err == nil {
				_, err = r.Trust.Verify(leaf, sent, at)
			}
			return err
		})
	}
	return v, err
}

// Sent are the certificates that the client sent beside its own.
func (r *Request) Sent() ([]*x509.Certificate, error) {
	if len(r.Authorities) > maxSent {
		return nil, errLongChain
	}
	out := make([]*x509.Certificate, 0, len(r.Authorities))
	for _, der := range r.Authorities {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// certificate is the X509Certificate2 of DER bytes, null without any.
func certificate(c *types.Call, der []byte) (types.Value, error) {
	if len(der) == 0 {
		return nil, nil
	}
	return construct(c, "X509Certificate2", ".ctor", &types.ByteArray{B: der})
}

// headers are a header list as a dictionary.
type headers Header

// NetType makes them a dictionary of values.
func (h *headers) NetType() *types.Type { return valuesDictionary }

var (
	valuesDictionary = types.IReadOnlyDictionary.Of(types.String, types.ArrayOf(types.String))
	valuesPair       = types.KeyValuePair.Of(types.String, types.ArrayOf(types.String))
	textDictionary   = types.IReadOnlyDictionary.Of(types.String, types.String)
	textPair         = types.KeyValuePair.Of(types.String, types.String)
)

// Len is the number of different names.
func (h *headers) Len() int { return len(h.names()) }

// names are the different names, each as it came first.
func (h *headers) names() []string {
	var names []string
	for i, f := range *h {
		if !Header((*h)[:i]).Has(f.Name) {
			names = append(names, f.Name)
		}
	}
	return names
}

// joined is all values of a name with commas between them, as GetValueOrDefault gives them.
func (h *headers) joined(name string) (string, bool) {
	first := -1
	for i := range *h {
		if !strings.EqualFold((*h)[i].Name, name) {
			continue
		}
		if first >= 0 {
			return strings.Join(Header(*h).Values(name), ","), true
		}
		first = i
	}
	if first < 0 {
		return "", false
	}
	return (*h)[first].Value, true
}

// Get gives all values of a name, which ignores case.
func (h *headers) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	all := Header(*h).Values(name)
	if all == nil {
		return nil, false
	}
	return types.Strings(all), true
}

// Enumerate gives the names with their values.
func (h *headers) Enumerate(*types.Env) types.Enumerator {
	var items []types.Value
	for _, n := range h.names() {
		items = append(items, types.Pair{Type: valuesPair, Key: n, Value: types.Strings(Header(*h).Values(n))})
	}
	return types.Slice(items)
}

// params are the matched parameters of a request.
type params Request

// NetType makes them a dictionary of texts.
func (p *params) NetType() *types.Type { return textDictionary }

// Len is their number.
func (p *params) Len() int { return len(p.Params) }

func (p *params) joined(name string) (string, bool) {
	for i := range p.Params {
		if strings.EqualFold(p.Params[i].Name, name) {
			return p.Params[i].Value, true
		}
	}
	return "", false
}

// Get finds a parameter; its name ignores case.
func (p *params) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	if v, ok := p.joined(name); ok {
		return v, true
	}
	return nil, false
}

// Enumerate gives the parameters in the order of the template.
func (p *params) Enumerate(*types.Env) types.Enumerator {
	var items []types.Value
	for _, v := range p.Params {
		items = append(items, types.Pair{Type: textPair, Key: v.Name, Value: v.Value})
	}
	return types.Slice(items)
}
