package policy

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var (
	basicType         = types.Class("BasicAuthCredentials")
	authorizationType = types.Class("Authorization")
)

// BasicCredentials are the user and password of an Authorization header.
type BasicCredentials struct{ UserID, Password string }

// NetType makes them the value of AsBasic.
func (*BasicCredentials) NetType() *types.Type { return basicType }

func basicDecl() types.Decl {
	return types.Decl{Type: basicType, Doc: "User and password of basic authentication.", Members: []types.Member{
		{Sig: "string UserId { get; }", Do: types.Fn1(func(b *BasicCredentials) string { return b.UserID }), Doc: "The user."},
		{Sig: "string Username { get; }", Do: types.Fn1(func(b *BasicCredentials) string { return b.UserID }), Doc: "Another name of UserId."},
		{Sig: "string Password { get; }", Do: types.Fn1(func(b *BasicCredentials) string { return b.Password }), Doc: "The password."},
	}}
}

// ParseBasic reads the value of an Authorization header with the scheme Basic; nil when it is none. The text is ISO 8859-1 and splits at its
// last colon.
func ParseBasic(s string) *BasicCredentials {
	encoded, ok := strings.CutPrefix(s, "Basic ")
	if !ok {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return nil
	}
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	text := string(runes)
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return nil
	}
	return &BasicCredentials{UserID: text[:colon], Password: text[colon+1:]}
}

// Authorization is an access token that a policy has fetched, with its claims.
type Authorization struct {
	AccessToken string
	Claims      map[string]any // values of the expression engine
}

// NetType makes it the value of such a variable.
func (*Authorization) NetType() *types.Type { return authorizationType }

func authorizationDecl() types.Decl {
	return types.Decl{Type: authorizationType, Doc: "An access token with its claims.", Members: []types.Member{
		{Sig: "string AccessToken { get; }", Do: types.Fn1(func(a *Authorization) string { return a.AccessToken }), Doc: "The token."},
		{Sig: "IReadOnlyDictionary<string, object> Claims { get; }", Do: types.Fn1(func(a *Authorization) *objectDictionary { return (*objectDictionary)(a) }), Doc: "Its claims."},
	}}
}

// objectDictionary is the claims of an Authorization.
type objectDictionary Authorization

var objectDictionaryType = types.IReadOnlyDictionary.Of(types.String, types.Object)

// NetType makes it a dictionary of any values.
func (*objectDictionary) NetType() *types.Type { return objectDictionaryType }

// Len is the number of claims.
func (d *objectDictionary) Len() int { return len(d.Claims) }

// Get finds a claim.
func (d *objectDictionary) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	v, ok := d.Claims[name]
	return v, ok
}

// Enumerate gives the claims by name.
func (d *objectDictionary) Enumerate(*types.Env) types.Enumerator {
	var names []string
	for n := range d.Claims {
		names = append(names, n)
	}
	slices.Sort(names)
	var items []types.Value
	for _, n := range names {
		items = append(items, types.Pair{Type: objectPair, Key: n, Value: d.Claims[n]})
	}
	return types.Slice(items)
}
