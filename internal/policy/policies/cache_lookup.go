package policies

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/atelier-apim/atelier/internal/cache"
	"github.com/atelier-apim/atelier/internal/policy"
)

// CacheLookup answers with a response that cache-store has kept.
func CacheLookup(env Env) policy.Spec {
	return policy.Spec{
		Name:     "cache-lookup",
		Doc:      "Answers GET requests with a response that cache-store has kept, and goes on behind it.",
		Sections: policy.In(policy.Inbound),
		Scopes:   policy.AnyScope,
		Once:     policy.OncePerSection,
		Shape: policy.Element(
			policy.Attr("vary-by-developer", policy.Bool).Required().Expr().Doc("Whether each owner of a subscription has responses of their own."),
			policy.Attr("vary-by-developer-groups", policy.Bool).Required().Expr().Doc("Whether each set of groups has responses of its own."),
			cachingType(),
			policy.Attr("downstream-caching-type", policy.OneOf("none", "private", "public")).Default("none").Expr().Doc("What caches on the way to the caller may keep."),
			policy.Attr("must-revalidate", policy.Bool).Default("true").Expr().Doc("Whether those caches have to ask again once the time is over."),
			policy.Attr("allow-private-response-caching", policy.Bool).Default("false").Expr().Doc("Whether requests with an Authorization header are cached too."),
			policy.Children("vary-by-header", policy.Text).Doc("Names of headers, with semicolons between them: each value has responses of its own."),
			policy.Children("vary-by-query-parameter", policy.Text).Doc("Names of query parameters, with semicolons between them; all count when none is listed."),
		),
		Compile: func(a *policy.Args) (policy.Step, error) { return compileCacheLookup(env, a) },
	}
}

// lookup is what a cached response depends on.
type lookup struct {
	store                      cache.Store
	developer, groups, private policy.BoolValue
	downstream                 policy.TextValue
	revalidate                 policy.BoolValue
	headers, queries           []string
}

func compileCacheLookup(env Env, a *policy.Args) (policy.Step, error) {
	store, err := cacheOf(env, a)
	if err != nil {
		return nil, err
	}
	l := &lookup{
		store: store, developer: a.Bool("vary-by-developer"), groups: a.Bool("vary-by-developer-groups"),
		private: a.Bool("allow-private-response-caching"), downstream: a.Text("downstream-caching-type"), revalidate: a.Bool("must-revalidate"),
		headers: listedNames(a.All("vary-by-header")), queries: listedNames(a.All("vary-by-query-parameter")),
	}
	return l.run, nil
}

// listedNames are the names in child elements, in lower case and in order.
func listedNames(all []*policy.Args) (out []string) {
	for _, a := range all {
		text, _ := a.Content().Literal()
		for name := range strings.SplitSeq(text, ";") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (l *lookup) run(x *policy.Exchange) error {
	x.Caching = nil
	if x.Request.Method != "GET" || x.Request.Body != nil || x.API == nil { // what a body asks for is no part of the key
		return nil
	}
	private, err := l.private.Get(x)
	if err != nil || x.Request.Header.Has("Authorization") && !private {
		return err
	}
	c := &policy.Caching{Private: private}
	if c.Downstream, err = l.downstream.Get(x); err != nil {
		return err
	}
	if c.MustRevalidate, err = l.revalidate.Get(x); err != nil {
		return err
	}
	if c.Key, err = l.key(x); err != nil {
		return err
	}
	if data, ok := fetched(x.Context, l.store, responseKey(x, c.Key)); ok {
		if r, left, ok := readResponse(data, x.Host.Now()); ok {
			downstream(&r.Header, c, left)
			return x.Serve(r)
		}
	}
	x.Caching = c
	return nil
}

func responseKey(x *policy.Exchange, name string) cache.Key {
	return cache.Key{Workspace: workspaceOf(x), Space: "response", Name: name}
}

// key is the digest of everything that the response depends on. Each part has its length before it, so that no two lists of parts are one text.
func (l *lookup) key(x *policy.Exchange) (string, error) {
	d := sha256.New()
	add := func(parts ...string) {
		for _, p := range parts {
			d.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
		}
	}
	u := &x.Request.OriginalURL
	add(x.API.ID, x.API.Revision, u.Scheme, strings.ToLower(u.Host), u.Path)
	if x.Operation != nil {
		add(x.Operation.ID)
	}
	for _, name := range l.headers {
		add("header", name)
		add(x.Request.Header.Values(name)...)
	}
	for _, v := range l.query(x) {
		add("query", strings.ToLower(v.name))
		add(v.all...)
	}
	byDeveloper, err := l.developer.Get(x)
	if err != nil {
		return "", err
	}
	byGroups, err := l.groups.Get(x)
	if err != nil {
		return "", err
	}
	if byDeveloper {
		add("developer")
		if x.User != nil {
			add(x.User.ID)
		} else if x.Subscription != nil {
			add("subscription", x.Subscription.ID)
		}
	}
	if byGroups {
		add("groups")
		if x.User != nil {
			var ids []string
			for _, g := range x.User.Groups {
				ids = append(ids, g.ID)
			}
			slices.Sort(ids)
			add(ids...)
		}
	}
	return hex.EncodeToString(d.Sum(nil)), nil
}

// query are the parameters that count: those listed, else all but the key.
func (l *lookup) query(x *policy.Exchange) []values {
	all := queryValues(x)
	if l.queries != nil {
		all = slices.DeleteFunc(all, func(v values) bool { return !slices.Contains(l.queries, strings.ToLower(v.name)) })
	}
	slices.SortStableFunc(all, func(a, b values) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
	return all
}
