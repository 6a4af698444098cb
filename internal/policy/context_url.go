package policy

import (
	"net/url"
	"strings"

	"github.com/atelier-apim/atelier/internal/expr/types"
)

var urlType = types.Interface("IUrl")

// NetType makes an address the value of context.Request.Url and the like.
func (u *URL) NetType() *types.Type { return urlType }

// NetString is the absolute address.
func (u *URL) NetString() string { return u.String() }

func urlDecl() types.Decl {
	return types.Decl{Type: urlType, Doc: "An address.", Members: []types.Member{
		{Sig: "string Host { get; }", Do: types.Fn1(func(u *URL) string { return u.Host }), Doc: "The host without port."},
		{Sig: "string Path { get; }", Do: types.Fn1(func(u *URL) string { return u.Path }), Doc: "The escaped absolute path."},
		{Sig: "int Port { get; }", Do: types.Fn1((*URL).port), Doc: "The port, that of the scheme when none was given."},
		{Sig: "IReadOnlyDictionary<string, string[]> Query { get; }", Do: types.Fn1(func(u *URL) *query { return (*query)(u) }), Doc: "The query's parameters, decoded; names ignore case."},
		{Sig: "string QueryString { get; }", Do: types.Fn1((*URL).queryString), Doc: "The query with its question mark; empty without one."},
		{Sig: "string Scheme { get; }", Do: types.Fn1(func(u *URL) string { return u.Scheme }), Doc: "http or https."},
		{Sig: "Uri ToUri()", Do: types.Do(func(c *types.Call) (types.Value, error) {
			return construct(c, "Uri", ".ctor", c.This.(*URL).String())
		}), Doc: "The address as System.Uri."},
	}}
}

func (u *URL) port() int32 {
	switch {
	case u.Port != 0:
		return int32(u.Port)
	case u.Scheme == "http":
		return 80
	}
	return 443
}

func (u *URL) queryString() string {
	if u.Query == "" {
		return ""
	}
	return "?" + u.Query
}

// parseURL reads an absolute address; nil when it is none.
func parseURL(s string) *URL {
	p, err := url.Parse(s)
	if err != nil || p.Host == "" {
		return nil
	}
	u := &URL{Scheme: strings.ToLower(p.Scheme), Host: p.Hostname(), Path: p.EscapedPath(), Query: p.RawQuery}
	if u.Path == "" {
		u.Path = "/"
	}
	for _, c := range p.Port() {
		u.Port = u.Port*10 + int(c-'0')
	}
	return u
}

// query is the query of an address as a dictionary.
type query URL

// NetType makes it a dictionary of values.
func (q *query) NetType() *types.Type { return valuesDictionary }

// pairs calls yield for each parameter in order, decoded: a plus is a blank, a name without "=" has the empty value.
func (q *query) pairs(yield func(name, value string) bool) {
	for pair := range strings.SplitSeq(q.Query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if !yield(unescapeQuery(name), unescapeQuery(value)) {
			return
		}
	}
}

func unescapeQuery(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func (q *query) values(name string) (out []string) {
	for n, v := range q.pairs {
		if strings.EqualFold(n, name) {
			out = append(out, v)
		}
	}
	return out
}

func (q *query) joined(name string) (string, bool) {
	all := q.values(name)
	if len(all) == 1 {
		return all[0], true
	}
	return strings.Join(all, ","), len(all) > 0
}

// Len is the number of different names.
func (q *query) Len() int { return len(q.names()) }

func (q *query) names() (names []string) {
	seen := map[string]bool{}
	for n := range q.pairs {
		if folded := foldName(n); !seen[folded] {
			seen[folded] = true
			names = append(names, n)
		}
	}
	return names
}

// Get gives all values of a name, which ignores case.
func (q *query) Get(key types.Value) (types.Value, bool) {
	name, _ := key.(string)
	all := q.values(name)
	if len(all) == 0 {
		return nil, false
	}
	return types.Strings(all), true
}

// Enumerate gives the names with their values.
func (q *query) Enumerate(*types.Env) types.Enumerator {
	order, all := q.names(), map[string][]string{}
	for n, v := range q.pairs {
		all[foldName(n)] = append(all[foldName(n)], v)
	}
	var items []types.Value
	for _, n := range order {
		items = append(items, types.Pair{Type: valuesPair, Key: n, Value: types.Strings(all[foldName(n)])})
	}
	return types.Slice(items)
}
