package policy

import (
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var extensionsType = types.StaticClass("ContextExtensions")

// extensionsDecl declares the helper methods that the service adds to dictionaries and strings.
func extensionsDecl() types.Decl {
	return types.Decl{Type: extensionsType, Doc: "Helper methods of policies.", Members: []types.Member{
		{Sig: "static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string name)", Do: types.Fn2E(func(d types.Value, name string) (types.NullString, error) { return joinedOr(d, name, nil) }), Doc: "All values of the name with commas between them; null without any."},
		{Sig: "static string GetValueOrDefault(this IReadOnlyDictionary<string, string[]> dictionary, string name, string defaultValue)", Do: types.Fn3E(joinedOr), Doc: "All values of the name with commas between them; the default without any."},
		{Sig: "static string GetValueOrDefault(this IReadOnlyDictionary<string, string> dictionary, string name)", Do: types.Fn2E(func(d types.Value, name string) (types.NullString, error) { return joinedOr(d, name, nil) }), Doc: "The value of the name; null without one."},
		{Sig: "static string GetValueOrDefault(this IReadOnlyDictionary<string, string> dictionary, string name, string defaultValue)", Do: types.Fn3E(joinedOr), Doc: "The value of the name; the default without one."},
		{Sig: "static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string name)", Do: types.Do(variableOr), Doc: "The value as T; default(T) without one. Another stored type throws."},
		{Sig: "static T GetValueOrDefault<T>(this IReadOnlyDictionary<string, object> dictionary, string name, T defaultValue)", Do: types.Do(variableOr), Doc: "The value as T; the default without one. Another stored type throws."},
		{Sig: "static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key)", Do: types.Do(entryOr), Doc: "The entry as it is; default(TValue) without one."},
		{Sig: "static TValue GetValueOrDefault<TKey, TValue>(this IReadOnlyDictionary<TKey, TValue> dictionary, TKey key, TValue defaultValue)", Do: types.Do(entryOr), Doc: "The entry as it is; the default without one."},
		{Sig: "static Jwt AsJwt(this string value)", Do: types.Fn1(asJwt), Doc: "Takes a token apart without checking it; null when it is none."},
		{Sig: "static bool TryParseJwt(this string value, out Jwt result)", Do: types.Fn2(tryParseJwt), Doc: "Takes a token apart without checking it."},
		{Sig: "static BasicAuthCredentials AsBasic(this string value)", Do: types.Fn1(asBasic), Doc: "User and password of an Authorization header; null when it isn't Basic."},
		{Sig: "static bool TryParseBasic(this string value, out BasicAuthCredentials result)", Do: types.Fn2(tryParseBasic), Doc: "User and password of an Authorization header."},
		{Sig: "static byte[] Encrypt(this byte[] input, string alg, byte[] key, byte[] iv)", Do: crypt(encrypt), Doc: "Encrypts with the named algorithm (Aes, TripleDES), CBC and PKCS7 padding."},
		{Sig: "static byte[] Decrypt(this byte[] input, string alg, byte[] key, byte[] iv)", Do: crypt(decrypt), Doc: "Decrypts with the named algorithm (Aes, TripleDES), CBC and PKCS7 padding."},
		{Sig: "static string ToQueryString(this IDictionary<string, IList<string>> dictionary)", Do: types.Do(encodeForm), Doc: "The fields as a query, without question mark."},
		{Sig: "static string ToFormUrlEncodedContent(this IDictionary<string, IList<string>> dictionary)", Do: types.Do(encodeForm), Doc: "The fields as the body of a form."},
	}}
}

// joiner is a dictionary of our own, which joins the values of a name itself.
type joiner interface {
	joined(name string) (string, bool)
}

func joinedOr(d types.Value, name string, absent types.Value) (types.NullString, error) {
	switch d := d.(type) {
	case nil:
		return types.NullString{}, types.ArgumentNull("dictionary")
	case joiner:
		if v, ok := d.joined(name); ok {
			return types.NullString{Value: v, Set: true}, nil
		}
	case types.Dictionary:
		switch v, _ := d.Get(name); v := v.(type) {
		case string:
			return types.NullString{Value: v, Set: true}, nil
		case *types.Array:
			all := make([]string, len(v.Items))
			for i := range v.Items {
				all[i] = types.ToString(v.Items[i])
			}
			return types.NullString{Value: strings.Join(all, ","), Set: true}, nil
		}
	}
	text, set := absent.(string)
	return types.NullString{Value: text, Set: set}, nil
}

func variableOr(c *types.Call) (types.Value, error) {
	d, ok := c.Args[0].(types.Dictionary)
	if !ok {
		return nil, types.ArgumentNull("dictionary")
	}
	if c.Args[1] == nil {
		return nil, types.ArgumentNull("key")
	}
	t := c.Types[0]
	v, _ := d.Get(c.Args[1])
	switch {
	case v != nil && c.Env.Library.Is(v, t):
		return v, nil
	case v != nil:
		return nil, types.Throw(types.InvalidCast, "Unable to cast object of type '"+c.Env.Library.TypeOf(v).Full()+"' to type '"+t.Full()+"'.")
	case len(c.Args) > 2:
		return c.Args[2], nil
	}
	return types.Zero(t), nil
}

// entryOr serves calls whose types the forms above don't fit: published policies cast what they get of a variable without a type argument, and take
// the values of a claim as the array that they are.
func entryOr(c *types.Call) (types.Value, error) {
	d, ok := c.Args[0].(types.Dictionary)
	if !ok {
		return nil, types.ArgumentNull("dictionary")
	}
	if c.Args[1] == nil {
		return nil, types.ArgumentNull("key")
	}
	if v, found := d.Get(c.Args[1]); found {
		return v, nil
	}
	if len(c.Args) > 2 {
		return c.Args[2], nil
	}
	return types.Zero(c.Types[1]), nil
}

func asJwt(v types.Value) *Jwt {
	s, _ := v.(string)
	return ParseJwt(s)
}

func tryParseJwt(v types.Value, out *types.Ref) bool {
	j := asJwt(v)
	if j == nil {
		return false
	}
	out.V = j
	return true
}

func asBasic(v types.Value) *BasicCredentials {
	s, _ := v.(string)
	return ParseBasic(s)
}

func tryParseBasic(v types.Value, out *types.Ref) bool {
	b := asBasic(v)
	if b == nil {
		return false
	}
	out.V = b
	return true
}
