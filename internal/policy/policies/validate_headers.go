package policies

import (
	"slices"
	"strings"

	"github.com/atelier-apim/atelier/internal/policy"
)

// ValidateHeaders compares the headers of the response with what the operation defines for its status.
var ValidateHeaders = policy.Spec{
	Name:     "validate-headers",
	Doc:      "Compares the headers of the response with what the operation defines for its status.",
	Sections: policy.In(policy.Outbound, policy.OnError),
	Scopes:   policy.AnyScope,
	Once:     policy.OncePerSection,
	Shape: policy.Element(
		actionAttr("specified-header-action", "About headers that are defined and don't conform.").Required().Expr(),
		actionAttr("unspecified-header-action", "About headers that are not defined.").Required().Expr(),
		errorsVariable(),
		policy.Child("header",
			policy.Attr("name", policy.HeaderName).Required().Doc("Name of the header."),
			actionAttr("action", "About this header, whatever is said above.").Required(),
		).Many().Doc("Another action for one header."),
	),
	Compile: compileValidateHeaders,
}

func compileValidateHeaders(a *policy.Args) (policy.Step, error) {
	rule := groupRule{specified: a.Text("specified-header-action"), unspecified: a.Text("unspecified-header-action"), named: namedActions(a.All("header"), "name")}
	variable := a.Literal("errors-variable-name")
	return func(x *policy.Exchange) error {
		f := findings{policy: "validate-headers", variable: variable}
		r := x.EnsureResponse()
		g := parameterGroup{kind: "ResponseHeader", word: "header", rule: &rule}
		if x.Operation != nil {
			if d := x.Operation.Contract.Defined(r.Status); d != nil {
				g.defined = d.Headers
			}
		}
		for i, h := range r.Header {
			name := strings.ToLower(h.Name)
			listed := slices.ContainsFunc(g.defined, func(p policy.Parameter) bool { return strings.EqualFold(p.Name, name) })
			if r.Header[:i].Has(h.Name) || slices.Contains(ownAnswerHeaders, name) && !listed {
				continue
			}
			g.given = append(g.given, values{h.Name, r.Header.Values(h.Name)})
		}
		if err := g.check(x, &f); err != nil {
			return err
		}
		return f.settle(x)
	}, nil
}

// ownAnswerHeaders are headers that every answer may have.
var ownAnswerHeaders = []string{"connection", "content-length", "content-type", "content-encoding", "transfer-encoding", "trailer", "keep-alive", "date", "server", "via"}
