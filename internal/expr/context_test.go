package expr_test

import (
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

// The stand-in for the context object, declared as the policy room declares the
// real one: Go pointers behind typed getters.
var (
	contextType  = types.Interface("IContext")
	requestType  = types.Interface("IRequest")
	responseType = types.Interface("IResponse")
	productType  = types.Interface("IProduct")
	helpers      = types.StaticClass("ContextExtensions")
)

type testContext struct{ request testRequest }

func (*testContext) NetType() *types.Type { return contextType }

type testRequest struct {
	method  string
	headers testHeaders
}

func (*testRequest) NetType() *types.Type { return requestType }

// testHeaders are request headers with names in lower case.
type testHeaders map[string][]string

func (*testHeaders) NetType() *types.Type {
	return types.IReadOnlyDictionary.Of(types.String, types.ArrayOf(types.String))
}

func (h *testHeaders) Len() int { return len(*h) }

func (h *testHeaders) Get(key types.Value) (types.Value, bool) {
	s, _ := key.(string)
	v, ok := (*h)[strings.ToLower(s)]
	if !ok {
		return nil, false
	}
	return types.Strings(v), true
}

func (h *testHeaders) Enumerate(*types.Env) types.Enumerator {
	var pairs []types.Value
	for k, v := range *h {
		pairs = append(pairs, types.Pair{Type: types.KeyValuePair.Of(types.String, types.ArrayOf(types.String)), Key: k, Value: types.Strings(v)})
	}
	return types.Slice(pairs)
}

func (h *testHeaders) joined(name, other string) string {
	if v, ok := (*h)[name]; ok && len(v) == 1 {
		return v[0]
	}
	if v, ok := (*h)[strings.ToLower(name)]; ok {
		return strings.Join(v, ",")
	}
	return other
}

func null[T any](*T) types.Value { return nil }

var contextDecls = []types.Decl{
	{Type: contextType, Members: []types.Member{
		{Sig: "IRequest Request { get; }", Do: types.Fn1(func(c *testContext) *testRequest { return &c.request })},
		{Sig: "IResponse Response { get; }", Do: types.Fn1(null[testContext])},
		{Sig: "IProduct Product { get; }", Do: types.Fn1(null[testContext])},
		{Sig: "IProduct Subscription { get; }", Do: types.Fn1(null[testContext])},
		{Sig: "IProduct Backend { get; }", Do: types.Fn1(null[testContext])},
		{Sig: "void Trace(string message)", Do: types.Fn2(func(*testContext, string) types.Value { return nil })},
		{Sig: "IReadOnlyDictionary<string, object> Variables { get; }", Do: types.Fn1(func(*testContext) types.Value { return emptyVariables{} })},
	}},
	{Type: requestType, Members: []types.Member{
		{Sig: "string Method { get; }", Do: types.Fn1(func(r *testRequest) string { return r.method })},
		{Sig: "string Body { get; }", Do: types.Fn1(func(r *testRequest) string { return "" })},
		{Sig: "IReadOnlyDictionary<string, string[]> Headers { get; }", Do: types.Fn1(func(r *testRequest) *testHeaders { return &r.headers })},
		{Sig: "IReadOnlyDictionary<string, string[]> MatchedParameters { get; }", Do: types.Fn1(func(r *testRequest) *testHeaders { return &testHeaders{} })},
	}},
	{Type: responseType, Members: []types.Member{
		{Sig: "int StatusCode { get; }", Do: types.Fn1(func(types.Value) int32 { return 200 })},
		{Sig: "string Body { get; }", Do: types.Fn1(func(types.Value) string { return "" })},
	}},
	{Type: productType, Members: []types.Member{
		{Sig: "string Name { get; }", Do: types.Fn1(func(types.Value) string { return "" })},
		{Sig: "string Id { get; }", Do: types.Fn1(func(types.Value) string { return "" })},
	}},
	{Type: helpers, Members: []types.Member{
		{Sig: "static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> d, string name, string defaultValue)", Do: types.Fn3((*testHeaders).joined)},
	}},
}

// emptyVariables gives null for every name.
type emptyVariables struct{}

func (emptyVariables) NetType() *types.Type {
	return types.IReadOnlyDictionary.Of(types.String, types.Object)
}
func (emptyVariables) Len() int                              { return 0 }
func (emptyVariables) Get(types.Value) (types.Value, bool)   { return nil, true }
func (emptyVariables) Enumerate(*types.Env) types.Enumerator { return types.Slice(nil) }

func withContext(t testing.TB, base *types.Library) *types.Library {
	t.Helper()
	l, err := types.NewLibrary(base, contextDecls...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
