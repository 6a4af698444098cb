package policy

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var bodyType = types.Interface("IMessageBody")

// NetType makes a body the value of context.Request.Body and the like.
func (b *Body) NetType() *types.Type { return bodyType }

func bodyDecl() types.Decl {
	return types.Decl{Type: bodyType, Doc: "A message's body.", Members: []types.Member{
		{Sig: "T As<T>(bool preserveContent = false)", Do: types.Do(bodyAs), Doc: "The body as string, byte[], JObject, JToken, JArray, XNode, XElement or XDocument. It can be read again only with preserveContent."},
		{Sig: "IDictionary<string, IList<string>> AsFormUrlEncodedContent(bool preserveContent = false)", Do: types.Do(bodyAsForm), Doc: "The body as form fields."},
	}}
}

// readable are the types that As takes, by the library type whose Parse reads them.
var readable = map[string]string{"JObject": "JObject", "JToken": "JToken", "JArray": "JArray", "XElement": "XElement", "XNode": "XElement", "XDocument": "XDocument"}

func bodyAs(c *types.Call) (types.Value, error) {
	data, err := readBody(c)
	if err != nil {
		return nil, err
	}
	t := c.Types[0]
	switch {
	case t.Same(types.String):
		return string(bytes.TrimPrefix(data, []byte("\ufeff"))), nil
	case t.Same(types.Bytes):
		return &types.ByteArray{B: slices.Clone(data)}, nil
	}
	name, ok := readable[t.Name]
	if !ok {
		return nil, types.Throw(types.InvalidOperation, "A message body can't be read as "+t.String()+"; use string, byte[], JObject, JToken, JArray, XNode, XElement or XDocument.")
	}
	return construct(c, name, "Parse", string(bytes.TrimPrefix(data, []byte("\ufeff"))))
}

// readBody takes the bytes; the first argument of the call is preserveContent.
func readBody(c *types.Call) ([]byte, error) {
	preserve, _ := c.Args[0].(bool)
	data, err := c.This.(*Body).Bytes(preserve)
	if errors.Is(err, ErrBodyConsumed) {
		return nil, types.Throw(types.InvalidOperation, "The message body has been read already. Pass preserveContent: true to read it more than once.")
	}
	if err != nil {
		return nil, err
	}
	return data, c.Env.Charge(len(data))
}

func bodyAsForm(c *types.Call) (types.Value, error) {
	data, err := readBody(c)
	if err != nil {
		return nil, err
	}
	f := &form{}
	q := &query{Query: string(data)}
	for n, v := range q.pairs {
		f.add(n, v)
	}
	return f, nil
}

var (
	formType   = types.IDictionaryOf.Of(types.String, stringList)
	formPair   = types.KeyValuePair.Of(types.String, stringList)
	stringList = types.IListOf.Of(types.String)
)

// form is the fields of a form in their order; names are exact.
type form struct {
	names  []string
	values [][]string
}

func (f *form) add(name, value string) {
	i := slices.Index(f.names, name)
	if i < 0 {
		f.names, f.values = append(f.names, name), append(f.values, nil)
		i = len(f.names) - 1
	}
	f.values[i] = append(f.values[i], value)
}

// NetType makes it a dictionary of lists.
func (f *form) NetType() *types.Type { return formType }

// Len is the number of different names.
func (f *form) Len() int { return len(f.names) }

// Get gives the values of a field.
func (f *form) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	if i := slices.Index(f.names, name); i >= 0 {
		return types.Strings(f.values[i]), true
	}
	return nil, false
}

// Enumerate gives the fields with their values.
func (f *form) Enumerate(*types.Env) types.Enumerator {
	var items []types.Value
	for i, n := range f.names {
		items = append(items, types.Pair{Type: formPair, Key: n, Value: types.Strings(f.values[i])})
	}
	return types.Slice(items)
}

// encodeForm writes form fields, or any dictionary of lists, as a query; a blank is a plus.
func encodeForm(c *types.Call) (types.Value, error) {
	var b strings.Builder
	for item, err := range types.Each(c.Env, c.Args[0]) {
		if err != nil {
			return nil, err
		}
		p, ok := item.(types.Pair)
		if !ok {
			continue
		}
		for v, err := range types.Each(c.Env, p.Value) {
			if err != nil {
				return nil, err
			}
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(url.QueryEscape(types.ToString(p.Key)) + "=" + url.QueryEscape(types.ToString(v)))
		}
	}
	return b.String(), c.Env.Charge(b.Len())
}
