package lib

import "github.com/atelier-apim/atelier/internal/expr/types"

// jsonExtensionsDecl is Newtonsoft.Json.Linq.Extensions.
var jsonExtensionsDecl = types.Decl{
	Type: types.StaticClass("Newtonsoft.Json.Linq.Extensions"), Doc: "Queries over sequences of tokens.",
	Members: []types.Member{
		{Sig: "static U Value<U>(this IEnumerable<JToken> value)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			t, ok := c.Args[0].(*JToken)
			if c.Args[0] == nil {
				return nil, types.ArgumentNull("value")
			}
			if !ok {
				return nil, types.Throw(types.ArgumentExc, "Source value must be a JToken.")
			}
			return convertToken(c.Env, t, c.Types[0])
		}), Doc: "A token converted.", Ex: `JToken.Parse("'5'").Value<int>() → 5`},
		{Sig: "static IEnumerable<U> Values<U>(this IEnumerable<JToken> source)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			if c.Args[0] == nil {
				return nil, types.ArgumentNull("source")
			}
			return convertedTokens(c, c.Args[0], func(k *JToken) []*JToken {
				if k == nil || k.isValue() {
					return []*JToken{k}
				}
				return k.items
			}), nil
		}), Doc: "The tokens, or their children, converted."},
		{Sig: "static IEnumerable<U> Values<U>(this IEnumerable<JToken> source, object key)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return keyed(c, c.Args[0], c.Args[1], jTokenT, true)
		}), Doc: "What the tokens have under a key, converted."},
		{Sig: "static IJEnumerable<JToken> Values(this IEnumerable<JToken> source)", Do: types.Do(eachToken(func(t *JToken) []*JToken {
			if t.isValue() {
				return []*JToken{t}
			}
			return t.items
		})), Doc: "The single values among the tokens, and the children of the others."},
		{Sig: "static IJEnumerable<JToken> Values(this IEnumerable<JToken> source, object key)", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return keyed(c, c.Args[0], c.Args[1], jTokenT, false)
		}), Doc: "What the tokens have under a key."},
		{Sig: "static IJEnumerable<JToken> Children<T>(this IEnumerable<T> source)", Do: types.Do(childrenOf), Doc: "The children of the tokens."},
		{Sig: "static IJEnumerable<JProperty> Properties(this IEnumerable<JObject> source)", Do: types.Do(childrenOf), Doc: "The properties of the objects."},
		{Sig: "static IJEnumerable<JToken> Ancestors<T>(this IEnumerable<T> source)", Do: types.Do(eachToken(func(t *JToken) []*JToken { return t.ancestors(false) })), Doc: "The containers around the tokens."},
		{Sig: "static IJEnumerable<JToken> AncestorsAndSelf<T>(this IEnumerable<T> source)", Do: types.Do(eachToken(func(t *JToken) []*JToken { return t.ancestors(true) })), Doc: "The tokens and the containers around them."},
		{Sig: "static IJEnumerable<JToken> Descendants<T>(this IEnumerable<T> source)", Do: types.Do(eachToken(func(t *JToken) []*JToken { return t.flatten(nil)[1:] })), Doc: "All tokens inside the tokens."},
		{Sig: "static IJEnumerable<JToken> DescendantsAndSelf<T>(this IEnumerable<T> source)", Do: types.Do(eachToken(func(t *JToken) []*JToken { return t.flatten(nil) })), Doc: "The tokens and all inside them."},
		{Sig: "static IJEnumerable<JToken> AsJEnumerable(this IEnumerable<JToken> source)", Do: types.Do(eachToken(func(t *JToken) []*JToken { return []*JToken{t} })), Doc: "The tokens."},
	},
}

var childrenOf = eachToken(func(t *JToken) []*JToken { return t.items })

// eachToken collects what f gives for each token of the first argument.
func eachToken(f func(t *JToken) []*JToken) func(c *types.Call) (types.Value, error) {
	return func(c *types.Call) (types.Value, error) {
		items, err := collect(c.Env, c.Args[0])
		if err != nil {
			return nil, err
		}
		var out []*JToken
		for _, v := range items {
			t, ok := v.(*JToken)
			if !ok {
				continue
			}
			more := f(t)
			if err := c.Env.Charge(8 * len(more)); err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
		return tokens(jTokenT, out), nil
	}
}
