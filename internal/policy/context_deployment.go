package policy

import (
	"slices"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	deploymentType = types.Interface("IDeployment")
	gatewayType    = types.Interface("IGateway")
	backendType    = types.Interface("IBackend")
	backendKind    = types.EnumOf("BackendType", "Single", "Pool")
	lastErrorType  = types.Interface("ILastError")
)

// gateway is the gateway of a deployment.
type gateway Deployment

// NetType of what serves and of what failed.
func (*Deployment) NetType() *types.Type { return deploymentType }
func (*gateway) NetType() *types.Type    { return gatewayType }
func (*Backend) NetType() *types.Type    { return backendType }
func (*Error) NetType() *types.Type      { return lastErrorType }

func deploymentDecl() types.Decl {
	return types.Decl{Type: deploymentType, Doc: "The gateway that serves and its service.", Members: []types.Member{
		{Sig: "IReadOnlyDictionary<string, X509Certificate2> Certificates { get; }", Do: types.Do(certificates), Doc: "The certificates that policies may use, by id."},
		{Sig: "IGateway Gateway { get; }", Do: types.Fn1(func(d *Deployment) *gateway { return (*gateway)(d) }), Doc: "The gateway."},
		{Sig: "string GatewayId { get; }", Do: types.Fn1(func(d *Deployment) types.Value { return textOrNull(d.GatewayID) }), Doc: "The gateway's id; managed on managed gateways."},
		{Sig: "string Region { get; }", Do: types.Fn1(func(d *Deployment) types.Value { return textOrNull(d.Region) }), Doc: "The region."},
		{Sig: "string ServiceId { get; }", Do: types.Fn1(func(d *Deployment) types.Value { return textOrNull(d.ServiceID) }), Doc: "The service's id."},
		{Sig: "string ServiceName { get; }", Do: types.Fn1(func(d *Deployment) types.Value { return textOrNull(d.ServiceName) }), Doc: "The service's name."},
	}}
}

func gatewayDecl() types.Decl {
	return types.Decl{Type: gatewayType, Doc: "A gateway.", Members: []types.Member{
		{Sig: "string Id { get; }", Do: types.Fn1(func(g *gateway) types.Value { return textOrNull(g.GatewayID) }), Doc: "Its id; managed on managed gateways."},
		{Sig: "string InstanceId { get; }", Do: types.Fn1(func(g *gateway) types.Value { return textOrNull(g.InstanceID) }), Doc: "The id of the instance; managed on managed gateways."},
		{Sig: "bool IsManaged { get; }", Do: types.Fn1(func(g *gateway) bool { return g.Managed }), Doc: "Whether the gateway is a managed one."},
	}}
}

func backendDecl() types.Decl {
	return types.Decl{Type: backendType, Doc: "A backend entity.", Members: []types.Member{
		{Sig: "string AzureRegion { get; }", Do: types.Fn1(func(b *Backend) types.Value { return textOrNull(b.Region) }), Doc: "Its region."},
		{Sig: "string Id { get; }", Do: types.Fn1(func(b *Backend) types.Value { return textOrNull(shortName(b.ID)) }), Doc: "Its name in addresses of the management API."},
		{Sig: "BackendType Type { get; }", Do: types.Fn1(func(b *Backend) types.Enum {
			if b.Pool {
				return types.Enum{Type: backendKind, N: 1}
			}
			return types.Enum{Type: backendKind}
		}), Doc: "Whether it is a single backend or a pool."},
	}}
}

func backendTypeDecl() types.Decl {
	return types.Decl{Type: backendKind, Doc: "Whether a backend is single or a pool."}
}

func lastErrorDecl() types.Decl {
	text := func(f func(*Error) string) types.Fn {
		return types.Fn1(func(e *Error) types.Value { return textOrNull(f(e)) })
	}
	return types.Decl{Type: lastErrorType, Doc: "The error that led to on-error.", Members: []types.Member{
		{Sig: "int HttpErrorCode { get; }", Do: types.Fn1(func(e *Error) int32 { return int32(e.Status) }), Doc: "The status that the error gives the response."},
		{Sig: "string Message { get; }", Do: text(func(e *Error) string { return e.Message }), Doc: "What happened, for people."},
		{Sig: "string Path { get; }", Do: text(func(e *Error) string { return e.Path }), Doc: "Where in the document, as choose[3]/when[2]."},
		{Sig: "string PolicyId { get; }", Do: text(func(e *Error) string { return e.PolicyID }), Doc: "The id attribute of the policy."},
		{Sig: "string Reason { get; }", Do: text(func(e *Error) string { return e.Reason }), Doc: "What happened, for machines."},
		{Sig: "string Scope { get; }", Do: text(func(e *Error) string { return e.Scope }), Doc: "The scope of the document."},
		{Sig: "string Section { get; }", Do: text(func(e *Error) string { return e.Section }), Doc: "The section of the document."},
		{Sig: "string Source { get; }", Do: text(func(e *Error) string { return e.Source }), Doc: "The element that failed, or configuration or authorization."},
	}}
}

// certificateSet is the certificates of a deployment as expressions see them.
type certificateSet struct {
	typ, pair *types.Type
	ids       []string
	values    map[string]types.Value
}

func certificates(c *types.Call) (types.Value, error) {
	t := c.Env.Library.Lookup("X509Certificate2", 0)
	if t == nil {
		return nil, errNoType
	}
	set := &certificateSet{typ: types.IReadOnlyDictionary.Of(types.String, t), pair: types.KeyValuePair.Of(types.String, t), values: map[string]types.Value{}}
	for id, cert := range c.This.(*Deployment).Certificates {
		v, err := certificate(c, cert.DER)
		if cert.PFX != nil {
			v, err = construct(c, "X509Certificate2", ".ctor", &types.ByteArray{B: cert.PFX}, cert.Password)
		}
		if err != nil {
			return nil, err
		}
		set.ids = append(set.ids, id)
		set.values[foldName(id)] = v
	}
	slices.Sort(set.ids)
	return set, nil
}

// NetType makes it a dictionary of certificates.
func (s *certificateSet) NetType() *types.Type { return s.typ }

// Len is the number of certificates.
func (s *certificateSet) Len() int { return len(s.ids) }

// Get finds a certificate by id, which ignores case.
func (s *certificateSet) Get(key types.Value) (types.Value, bool) {
	id, _ := key.(string)
	v, ok := s.values[foldName(id)]
	return v, ok
}

// Enumerate gives the certificates by id.
func (s *certificateSet) Enumerate(*types.Env) types.Enumerator {
	var items []types.Value
	for _, id := range s.ids {
		items = append(items, types.Pair{Type: s.pair, Key: id, Value: s.values[foldName(id)]})
	}
	return types.Slice(items)
}
