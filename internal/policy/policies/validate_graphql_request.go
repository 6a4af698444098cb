package policies

import (
	"errors"
	"fmt"
	"strings"

	"github.com/atelier-apim/atelier/internal/graphql"
	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateGraphQLRequest checks requests to a GraphQL API against its schema and decides field by field who may ask for what (policies.md 7.5).
var ValidateGraphQLRequest = policy.Spec{
	Name:     "validate-graphql-request",
	Doc:      "Validates requests to a GraphQL API and decides which fields they may ask for.",
	Sections: policy.In(policy.Inbound),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	Shape: policy.Element(
		policy.Attr("error-variable-name", policy.Text).Expr().Doc("Variable that the errors go to, besides GraphQLErrors."),
		policy.Attr("max-size", policy.IntRange(1, graphql.MaxRequest)).Required().Expr().Doc("Most bytes of a request, up to 102400."),
		policy.Attr("max-depth", policy.IntRange(1, 100)).Default("6").Expr().Doc("Most fields in one another."),
		policy.Child("authorize",
			policy.Child("rule",
				policy.Attr("path", policy.Text).Required().Doc("The field, as /Type/field; /__* for introspection."),
				policy.Attr("action", policy.OneOf("allow", "remove", "reject", "ignore")).Default("allow").Expr().Doc("What becomes of the field; ignore goes on to the next rule."),
			).Required().Many(),
		).Doc("Rules for single fields; fields without a rule are allowed."),
	),
	Compile: compileValidateGraphQLRequest,
}

// graphQLFields is the most fields of a request, at all levels (of the service).
const graphQLFields = 250

// graphQLErrors is the variable that every error of this policy goes to.
const graphQLErrors = "GraphQLErrors"

type graphQLGuard struct {
	variable       policy.TextValue
	size, depth    policy.IntValue
	fields, prefix []graphQLRule // exact paths, and those that end in *
}

type graphQLRule struct {
	path   string
	action policy.TextValue
}

func compileValidateGraphQLRequest(a *policy.Args) (policy.Step, error) {
	g := &graphQLGuard{variable: a.Text("error-variable-name"), size: a.Int("max-size"), depth: a.Int("max-depth")}
	authorize := a.One("authorize")
	if authorize == nil {
		return g.run, nil
	}
	for _, r := range authorize.All("rule") {
		path := r.Literal("path")
		if err := checkRulePath(path); err != nil {
			return nil, r.Errorf("%s", err)
		}
		rule := graphQLRule{strings.TrimSuffix(path, "*"), r.Text("action")}
		if rule.path == path {
			g.fields = append(g.fields, rule)
		} else {
			g.prefix = append(g.prefix, rule)
		}
	}
	return g.run, nil
}

func checkRulePath(path string) error {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok || rest == "" || strings.Count(rest, "/") > 1 || strings.HasSuffix(rest, "/") || strings.ContainsAny(rest, " \t") || strings.Contains(strings.TrimSuffix(rest, "*"), "*") {
		return fmt.Errorf("the 'path' attribute is invalid - '%s' is not of the form /Type/field; a star may stand at its end, and /__* is introspection", path)
	}
	return nil
}

// run checks the request. At the handshake of a connection there is none: the check is left for those that come over it.
func (g *graphQLGuard) run(x *policy.Exchange) error {
	if c := x.Handshake; c != nil {
		c.Checks = append(c.Checks, g.run)
		return nil
	}
	schema, err := GraphQLSchema(x.API)
	if err != nil {
		return err
	}
	size, err := g.size.Get(x)
	if err != nil {
		return err
	}
	depth, err := g.depth.Get(x)
	if err != nil {
		return err
	}
	r, err := ReadGraphQL(&x.Request, int(size))
	if err != nil {
		if errors.Is(err, policy.ErrBodyConsumed) || errors.Is(err, policy.ErrBodySent) {
			return err
		}
		return g.refuse(x, []graphql.Problem{{Message: graphql.Sentence(err)}})
	}
	op, problems := schema.Prepare(r, graphql.Limits{Depth: int(depth), Fields: graphQLFields})
	if problems != nil {
		return g.refuse(x, problems)
	}
	if len(g.fields)+len(g.prefix) == 0 {
		return nil
	}
	out, err := op.Authorize(g.judge(x), r)
	switch {
	case err != nil:
		return err
	case out.Rejected != nil:
		return g.refuse(x, []graphql.Problem{*out.Rejected})
	case out.Request == nil:
		return g.refuse(x, out.Removed)
	case len(out.Removed) > 0:
		return g.remove(x, out)
	}
	return nil
}

// GraphQLSchema is the schema of a GraphQL API, read once.
func GraphQLSchema(a *policy.API) (*graphql.Schema, error) {
	if a == nil || a.Schema == nil {
		return nil, errors.New("the API has no GraphQL schema to validate requests with")
	}
	v, err := a.Schema.Read(func(text string) (any, error) { return graphql.Parse(text) })
	if err != nil {
		return nil, fmt.Errorf("the API's GraphQL schema can't be read: %w", err)
	}
	schema, ok := v.(*graphql.Schema)
	if !ok {
		return nil, errors.New("the API's schema is not a GraphQL schema")
	}
	return schema, nil
}

// ReadGraphQL reads what is asked, from the URL's query of a GET and from the body otherwise; the body stays readable.
func ReadGraphQL(r *policy.Request, size int) (*graphql.Request, error) {
	if r.Method == "GET" {
		if len(r.URL.Query) > size {
			return nil, fmt.Errorf("the request has %d bytes; %d are allowed", len(r.URL.Query), size)
		}
		return graphql.ReadQuery(r.URL.Query)
	}
	if graphql.Beside(r.URL.Query) {
		return nil, errors.New("the URL holds a part of a request beside the one in the body")
	}
	if r.Body == nil {
		return nil, errors.New("the request has no body")
	}
	if r.Body.Length > int64(size) {
		return nil, fmt.Errorf("the request has %d bytes; %d are allowed", r.Body.Length, size)
	}
	body, err := r.Body.Bytes(true)
	if err != nil {
		return nil, err
	}
	if len(body) > size {
		return nil, fmt.Errorf("the request has %d bytes; %d are allowed", len(body), size)
	}
	return graphql.ReadBody(r.Header.Get("Content-Type"), body)
}

// judge decides by the most specific rule that applies: exact paths, then those with a star from long to short, each in the order of the document.
func (g *graphQLGuard) judge(x *policy.Exchange) graphql.Judge {
	verdicts := map[string]graphql.Verdict{"allow": graphql.Allow, "remove": graphql.Remove, "reject": graphql.Reject}
	decided := map[string]graphql.Verdict{}
	return func(typ, field string) (graphql.Verdict, error) {
		path := "/" + field
		if typ != "" {
			path = "/" + typ + path
		}
		if v, ok := decided[path]; ok {
			return v, nil
		}
		for _, r := range g.rulesFor(path, field) {
			action, err := r.action.Get(x)
			if err != nil {
				return graphql.Reject, err
			}
			if v, final := verdicts[action]; final {
				decided[path] = v
				return v, nil
			}
		}
		decided[path] = graphql.Allow
		return graphql.Allow, nil
	}
}

// rulesFor are the rules that apply to a field. A path without a type is that of a field of any type.
func (g *graphQLGuard) rulesFor(path, field string) (out []graphQLRule) {
	for _, r := range g.fields {
		if r.path == path || r.path == "/"+field {
			out = append(out, r)
		}
	}
	for length := len(path); length > 0; length-- {
		for _, r := range g.prefix {
			if len(r.path) == length && strings.HasPrefix(path, r.path) {
				out = append(out, r)
			}
		}
	}
	return out
}
