package policies

import (
	"net/url"
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateParameters compares headers, query and path of the request with what the operation defines.
var ValidateParameters = policy.Spec{
	Name:     "validate-parameters",
	Doc:      "Compares headers, query and path parameters of the request with what the operation defines.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	Shape: policy.Element(
		actionAttr("specified-parameter-action", "About parameters that are defined and don't conform.").Required().Expr(),
		actionAttr("unspecified-parameter-action", "About parameters that are not defined.").Required().Expr(),
		errorsVariable(),
		policy.Child("headers", append(groupActions(), parameterActions())...).Doc("Other actions for headers."),
		policy.Child("query", append(groupActions(), parameterActions())...).Doc("Other actions for the query."),
		policy.Child("path",
			actionAttr("specified-parameter-action", "About parameters of the path that don't conform.").Expr(),
			parameterActions(),
		).Doc("Other actions for parameters of the path."),
	),
	Compile: compileValidateParameters,
}

func groupActions() []policy.Part {
	return []policy.Part{
		actionAttr("specified-parameter-action", "About parameters that are defined and don't conform.").Expr(),
		actionAttr("unspecified-parameter-action", "About parameters that are not defined.").Expr(),
	}
}

func parameterActions() policy.Part {
	return policy.Child("parameter",
		policy.Attr("name", policy.Text).Required().Doc("Name of the parameter, without regard to case."),
		actionAttr("action", "About this parameter, whatever is said elsewhere.").Required(),
	).Many().Doc("Another action for one parameter.")
}

// groupRule is what is done about the parameters of one group.
type groupRule struct {
	specified, unspecified policy.TextValue
	named                  map[string]string
}

func readGroupRule(a *policy.Args, child string) groupRule {
	g := groupRule{specified: a.Text("specified-parameter-action"), unspecified: a.Text("unspecified-parameter-action")}
	c := a.One(child)
	if c == nil {
		return g
	}
	if c.Set("specified-parameter-action") {
		g.specified = c.Text("specified-parameter-action")
	}
	if child != "path" && c.Set("unspecified-parameter-action") {
		g.unspecified = c.Text("unspecified-parameter-action")
	}
	g.named = namedActions(c.All("parameter"), "name")
	return g
}

// about is the action for a parameter.
func (g *groupRule) about(x *policy.Exchange, name string, defined bool) (string, error) {
	if action, ok := g.named[strings.ToLower(name)]; ok {
		return action, nil
	}
	if defined {
		return g.specified.Get(x)
	}
	return g.unspecified.Get(x)
}

func compileValidateParameters(a *policy.Args) (policy.Step, error) {
	headers, query, path := readGroupRule(a, "headers"), readGroupRule(a, "query"), readGroupRule(a, "path")
	variable := a.Literal("errors-variable-name")
	return func(x *policy.Exchange) error {
		f := findings{policy: "validate-parameters", variable: variable}
		var c policy.Contract
		if x.Operation != nil && x.Operation.Contract != nil {
			c = *x.Operation.Contract
		}
		for _, group := range []parameterGroup{
			{"RequestHeader", "header", headerValues(x), c.Headers, &headers},
			{"QueryParameter", "query parameter", queryValues(x), c.Query, &query},
			{"PathParameter", "path parameter", pathValues(x), c.Template, &path},
		} {
			if err := group.check(x, &f); err != nil {
				return err
			}
		}
		return f.settle(x)
	}, nil
}

// values are what a request says under a name.
type values struct {
	name string
	all  []string
}

type parameterGroup struct {
	kind, word string
	given      []values
	defined    []policy.Parameter
	rule       *groupRule
}

func (g *parameterGroup) check(x *policy.Exchange, f *findings) error {
	for _, v := range g.given {
		if slices.ContainsFunc(g.defined, func(p policy.Parameter) bool { return strings.EqualFold(p.Name, v.name) }) || g.kind == "PathParameter" {
			continue
		}
		action, err := g.rule.about(x, v.name, false)
		if err != nil {
			return err
		}
		text := "Unspecified " + g.word + " " + v.name + " is not allowed."
		f.add(finding{v.name, g.kind, "Unspecified", text, text, action})
	}
	for i := range g.defined {
		p := &g.defined[i]
		action, err := g.rule.about(x, p.Name, true)
		if err != nil {
			return err
		}
		if action == "ignore" {
			continue
		}
		at := slices.IndexFunc(g.given, func(v values) bool { return strings.EqualFold(p.Name, v.name) })
		var all []string
		if at >= 0 {
			all = g.given[at].all
		}
		checkParameter(x, p, all, g.kind, g.word, action, f)
	}
	return nil
}

// ownHeaders are headers that no definition lists: those of the protocol, and those that OpenAPI describes elsewhere.
var ownHeaders = []string{
	"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "keep-alive", "expect", "via", "cdn-loop", "date",
	"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip",
	"user-agent", "accept", "accept-encoding", "accept-language", "content-type", "content-encoding", "authorization", "cookie",
}

func headerValues(x *policy.Exchange) []values {
	var out []values
	for i, h := range x.Request.Header {
		name := strings.ToLower(h.Name)
		if slices.Contains(ownHeaders, name) || x.API != nil && strings.EqualFold(name, x.API.KeyHeader) || x.Request.Header[:i].Has(h.Name) {
			continue
		}
		out = append(out, values{h.Name, x.Request.Header.Values(h.Name)})
	}
	// A definition may list one of these all the same.
	if x.Operation != nil && x.Operation.Contract != nil {
		for _, p := range x.Operation.Contract.Headers {
			if slices.Contains(ownHeaders, strings.ToLower(p.Name)) && x.Request.Header.Has(p.Name) {
				out = append(out, values{p.Name, x.Request.Header.Values(p.Name)})
			}
		}
	}
	return out
}

func queryValues(x *policy.Exchange) []values {
	var out []values
	for pair := range strings.SplitSeq(x.Request.URL.Query, "&") {
		if pair == "" {
			continue
		}
		name := queryName(pair)
		if x.API != nil && strings.EqualFold(name, x.API.KeyQuery) {
			continue
		}
		_, raw, _ := strings.Cut(pair, "=")
		value, err := url.QueryUnescape(raw)
		if err != nil {
			value = raw
		}
		at := slices.IndexFunc(out, func(v values) bool { return strings.EqualFold(v.name, name) })
		if at < 0 {
			out = append(out, values{name: name})
			at = len(out) - 1
		}
		out[at].all = append(out[at].all, value)
	}
	return out
}

func pathValues(x *policy.Exchange) []values {
	var out []values
	for _, p := range x.Request.Params {
		out = append(out, values{p.Name, []string{p.Value}})
	}
	return out
}
